import Bundle
import Digests
import Files
import Workers

/// Whether a prefix is still what was installed: every file compared with Airlift's list, and the list with what the
/// packages' own records say.
///
/// - The contents of a file without the prefix in it are those that `paths.json` or `RECORD` names.
/// - Of a file with the prefix in it, taking the prefix out gives the contents that `paths.json` names, and putting it
///   in gives the file: nothing of what was written then is believed.
/// - What Airlift writes itself is written anew and compared.
///
/// So a change shows unless the list *and* the package's record are changed alike; against that there is the bundle.
public struct PrefixVerification: Codable, Sendable, Equatable {
    public let prefix: String
    public let name: String
    public let version: String
    /// Files compared.
    public let files: Int
    public let missing: [String]
    /// With what is different: contents, size, permissions, kind or link target.
    public let changed: [Change]
    /// Files that the record does not know, compiled modules of recorded sources left out.
    public let unrecorded: [String]
    /// Compiled modules that Python wrote since.
    public let caches: [String]
    /// The path that the scripts name, when the environment is somewhere else.
    public let movedFrom: String?
    /// Its link scripts were cut off, or are running: the next installation takes the environment away.
    public let isUnfinished: Bool
    /// Files with the prefix in them whose contents follow from those that their package names.
    public let derived: Int
    /// Files with the prefix in them that are as they were installed, but name the prefix by themselves as well, so that
    /// nothing follows.
    public let remembered: [String]
    /// Files that are as they were installed and not as their package says: link scripts ran, and may have changed them.
    public let scripted: [String]
    /// Digest of the bundle that everything was compared with; nil where there was none at hand.
    public internal(set) var bundle: SHA256Digest?

    public struct Change: Codable, Sendable, Equatable {
        public let path: String
        public let what: String
    }

    enum CodingKeys: String, CodingKey {
        case prefix, name, version, files, missing, changed, unrecorded, caches, derived, remembered, scripted
        case bundle
        case movedFrom = "moved_from"
        case isUnfinished = "unfinished"
    }

    /// Nothing is missing, changed or added, the prefix was not moved, and its link scripts have ended.
    public var isIntact: Bool {
        missing.isEmpty && changed.isEmpty && unrecorded.isEmpty && movedFrom == nil && !isUnfinished
    }

    /// How far a verification is; told from several threads.
    public enum Progress: Sendable {
        /// Bytes that are to be read.
        case found(UInt64)
        /// Bytes that were.
        case read(UInt64)
    }

    /// - Parameter contents: false compares kinds and sizes and reads no file.
    /// - Throws: `InstallError` of kind `damaged` where there is no record, or the record itself is damaged.
    public static func run(
        _ prefix: String, contents: Bool = true, jobs: Int = availableProcessors,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) throws -> PrefixVerification {
        let directory = try Directory.open(prefix)
        let record = try InstallRecord.required(directory, prefix)
        let manifest = try record.manifest(directory)
        let list = try record.fileList(directory)
        let witnesses = contents ? try PrefixWitnesses(directory, record, manifest, list) : nil
        return try PrefixComparison(
            directory: directory, prefix: prefix, record: record, list: list,
            state: RecordedState(manifest, list), survey: PrefixSurvey(directory), witnesses: witnesses,
            contents: contents
        ).run(jobs: jobs, progress: progress)
    }

    /// - Returns: what is different in words; nil for an equal file.
    static func difference(of file: InstalledFile, _ directory: Directory) throws -> String? {
        let status: FileStatus?
        do throws(FileError) { status = try directory.status(of: file.path) } catch {
            return "not reachable: \(error)"
        }
        let comparison = FileComparison(
            prefix: "", witnesses: nil, allowsScripts: false, isCompiled: { _ in true },
            isStateLink: { _ in false })
        switch try comparison.finding(file, status, TreeReader(directory), directory) {
        case .missing: return "missing"
        case .changed(let what): return what
        case .same, .derived, .remembered, .scripted: return nil
        }
    }
}
