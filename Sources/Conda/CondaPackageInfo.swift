import Failures

/// What a package says of itself: its small files below `info/`, put together.
public struct CondaPackageInfo: Hashable, Sendable {
    public let index: PackageRecord
    public let paths: PathsJSON
    public let link: LinkJSON?
    public let about: AboutJSON?
    /// Names of the files below `info/licenses/`, sorted.
    public let licenseFiles: [String]
    /// The commands of a `noarch: python` package.
    public let entryPoints: [CondaEntryPoint]

    /// How it is installed: by its index, and where that says nothing by `link.json`, as conda decides.
    public var noarch: PackageRecord.Noarch? { index.noarch ?? link?.noarch }

    /// The license that it states, in `index.json` or `about.json`.
    public var license: String? { index.license ?? about?.license }

    /// Members whose content is needed here.
    private static let wanted: Set<String> = [
        "info/index.json", "info/paths.json", "info/files", "info/has_prefix", "info/no_link",
        "info/no_softlink", "info/link.json", "info/package_metadata.json", "info/about.json",
    ]

    /// Whether the content of a member of the archive is to be handed to `init`.
    public static func isWanted(_ path: String) -> Bool { wanted.contains(path) }

    /// - Parameters:
    ///   - files: the contents of the wanted members by their path in the archive.
    ///   - names: paths of all members below `info/`.
    ///   - filename: of the archive.
    /// - Throws: every fault of every file at once.
    public init(files: [String: [UInt8]], names: [String] = [], filename: String) throws(FailureList) {
        var faults: [any Failure] = []
        func attempt<Value>(_ body: () throws -> Value?) -> Value? {
            do {
                return try body()
            } catch let list as FailureList {
                faults += list.failures
            } catch let failure as any Failure {
                faults.append(failure)
            } catch {
                faults.append(CondaError(.metadata, filename, "\(error)"))
            }
            return nil
        }
        let index = attempt { () throws -> PackageRecord? in
            guard let json = files["info/index.json"] else {
                throw CondaError(.index, filename, "the archive has no info/index.json")
            }
            return try PackageRecord(indexJSON: json, filename: filename)
        }
        let paths = attempt { try Self.paths(files, filename) }
        let link = attempt {
            try files["info/link.json"].map { try LinkJSON(json: $0) }
                ?? files["info/package_metadata.json"].map {
                    try LinkJSON(json: $0, file: "info/package_metadata.json")
                }
        }
        // Words for people: a package whose about.json is broken installs all the same, as with conda.
        about = files["info/about.json"].flatMap { try? AboutJSON(json: $0) }
        var entryPoints: [CondaEntryPoint] = []
        if link?.noarch == .python {
            for line in link?.entryPoints ?? [] {
                if let entryPoint = attempt({ try CondaEntryPoint(line) }) { entryPoints.append(entryPoint) }
            }
        }
        guard faults.isEmpty, let index, let paths else {
            throw FailureList(
                faults.isEmpty ? [CondaError(.metadata, filename, "it is incomplete")] : faults)
        }
        self.index = index
        self.paths = paths
        self.link = link
        self.entryPoints = entryPoints
        licenseFiles = names.filter { $0.utf8.starts(with: "info/licenses/".utf8) }
            .map { String($0.dropFirst("info/licenses/".count)) }.filter { !$0.isEmpty }.sorted()
    }

    private static func paths(_ files: [String: [UInt8]], _ filename: String) throws(FailureList) -> PathsJSON
    {
        if let json = files["info/paths.json"] { return try PathsJSON(json: json, file: filename) }
        guard let list = files["info/files"] else {
            throw FailureList([
                CondaError(.paths, filename, "the archive has neither info/paths.json nor info/files")
            ])
        }
        let noLink = (files["info/no_link"] ?? []) + [0x0a] + (files["info/no_softlink"] ?? [])
        return try PathsJSON(files: list, hasPrefix: files["info/has_prefix"], noLink: noLink, file: filename)
    }
}
