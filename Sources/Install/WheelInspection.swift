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
    /// Start-up hooks: `.pth` files and site customisation.
    public let hooks: [String]
    /// Requires-Dist, as the wheel says it.
    public let depends: [String]

    /// - Throws: `ArchiveError`, `WheelError` or `FailureList` naming every fault.
    public static func run(
        _ archive: Manifest.Archive, in region: FileRegion, python: Manifest.Python
    ) throws -> (WheelInspection, PackageContents) {
        let workspace = InflateWorkspace()
        let contents = try PackageContents.read(archive, in: region, python: python, workspace: workspace)
        let result = try WheelInstaller(contents: contents, tree: nil, interpreter: "", workspace: workspace)
            .install { _ in }
        let bytes = contents.directory.entries.reduce(0) { $0 + $1.size }
        let metadata = contents.metadata
        let inspection = WheelInspection(
            files: result.files.count, bytes: bytes,
            license: metadata.licenseExpression
                ?? metadata.license.flatMap { $0.utf8.count <= 64 ? $0 : nil },
            hooks: hooks(contents), depends: metadata.requiresDist.map { "\($0)" })
        return (inspection, contents)
    }

    private static func hooks(_ contents: PackageContents) -> [String] {
        let site = contents.siteRoot.string + "/"
        return contents.members.values.compactMap { member -> String? in
            guard let path = member.path?.string, path.hasPrefix(site) else { return nil }
            let name = path.dropFirst(site.count)
            guard !name.contains("/") else { return nil }
            let isHook = name.hasSuffix(".pth") || name == "sitecustomize.py" || name == "usercustomize.py"
            return isHook ? path : nil
        }.sorted()
    }
}
