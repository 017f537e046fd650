import Archives
import Bundle
import Digests
import Files
import Wheels

/// What cutting has to know of a wheel, found by reading all of it and enforcing RECORD, as installing will.
public struct WheelInspection: Codable, Hashable, Sendable {
    /// Files as they will be on disk, the installer's own left out.
    public let files: Int
    /// Bytes of them.
    public let bytes: UInt64
    public let license: String?
    /// Where `license` stands: `expression`, `text` or `classifiers`.
    public let licenseSource: String?
    /// Start-up hooks: `.pth` files and site customisation.
    public let hooks: [String]
    /// Requires-Dist, as the wheel says it.
    public let depends: [String]

    enum CodingKeys: String, CodingKey {
        case files, bytes, license, hooks, depends
        case licenseSource = "license_source"
    }

    /// Counts up when a wheel that was found sound may be judged otherwise.
    public static let version = 1

    /// Reads all of a wheel.
    /// - Parameter isKnownSound: whether a wheel of this very SHA-256 was read whole before: then its directory and
    ///   descriptions are enough.
    /// - Throws: `ArchiveError`, `WheelError` or `FailureList` naming every fault.
    public static func run(
        _ archive: Manifest.Archive, in region: FileRegion, python: Manifest.Python,
        isKnownSound: Bool = false
    ) throws -> (WheelInspection, PackageContents) {
        let workspace = InflateWorkspace()
        let contents = try PackageContents.read(archive, in: region, python: python, workspace: workspace)
        if !isKnownSound {
            _ = try WheelInstaller(contents: contents, tree: nil, interpreter: "", workspace: workspace)
                .install { _ in }
        }
        return (WheelInspection(contents), contents)
    }

    private init(_ contents: PackageContents) {
        let metadata = contents.metadata
        files = contents.members.values.count { $0.path != nil && $0.role != .shared }
        bytes = contents.directory.entries.reduce(0) { $0 + $1.size }
        (license, licenseSource) = metadata.statedLicense ?? (nil, nil)
        hooks = Self.hooks(contents)
        depends = metadata.requiresDist.map { "\($0)" }
    }

    private static func hooks(_ contents: PackageContents) -> [String] {
        let site = contents.siteRoot.string + "/"
        return contents.members.values.compactMap { member -> String? in
            guard let path = member.path?.string else { return nil }
            // In a prefix with conda packages these are sourced by whoever activates it.
            if path.hasPrefix("etc/conda/activate.d/") || path.hasPrefix("etc/conda/deactivate.d/") {
                return path
            }
            guard path.hasPrefix(site) else { return nil }
            let name = path.dropFirst(site.count)
            guard !name.contains("/") else { return nil }
            let isHook = name.hasSuffix(".pth") || name == "sitecustomize.py" || name == "usercustomize.py"
            return isHook ? path : nil
        }.sorted()
    }
}
