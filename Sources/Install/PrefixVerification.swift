import Archives
import Bundle
import Digests
import Files
import Workers

/// Whether a prefix is still what was installed: every file compared with the record.
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

    enum CodingKeys: String, CodingKey {
        case prefix, name, version, files, missing, changed, unrecorded, caches
        case movedFrom = "moved_from"
        case isUnfinished = "unfinished"
    }

    public struct Change: Codable, Sendable, Equatable {
        public let path: String
        public let what: String
    }

    /// Nothing is missing, changed or added, the prefix was not moved, and its link scripts have ended.
    public var isIntact: Bool {
        missing.isEmpty && changed.isEmpty && unrecorded.isEmpty && movedFrom == nil && !isUnfinished
    }

    /// - Parameter contents: false compares kinds and sizes and reads no file.
    /// - Throws: `InstallError` of kind `damaged` where there is no record, or the record itself is damaged.
    public static func run(
        _ prefix: String, contents: Bool = true, jobs: Int = availableProcessors,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws -> PrefixVerification {
        let directory = try Directory.open(prefix)
        guard let record = try InstallRecord.read(directory) else {
            throw InstallError(
                .damaged,
                "'\(prefix)' has no Airlift record (\(InstallRecord.path)), so there is nothing to compare it with"
            )
        }
        let manifest = try record.manifest(directory)
        let state = manifest.install.state
        let list = try record.fileList(directory)
        let compared = list.files.filter { !isState($0.path.string, state) }
        let results = try parallelMap(compared, jobs: jobs) { file in
            try compare(file, directory, contents: contents, progress)
        }
        let changes = zip(compared, results).compactMap { file, what in
            what.map { Change(path: file.path.string, what: $0) }
        }
        let extra = try findExtra(directory, list, state)
        return PrefixVerification(
            prefix: prefix, name: record.name, version: record.version, files: compared.count,
            missing: changes.filter { $0.what == missingMark }.map(\.path),
            changed: changes.filter { $0.what != missingMark },
            unrecorded: extra.unrecorded, caches: extra.caches,
            movedFrom: record.prefix == prefix ? nil : record.prefix,
            isUnfinished: try UnfinishedMark.isIn(directory))
    }

    private static let missingMark = "missing"

    private static func isState(_ path: String, _ state: [String]) -> Bool {
        state.contains { path == $0 || path.utf8.starts(with: "\($0)/".utf8) }
    }

    /// - Returns: what is different in words; nil for an equal file.
    static func difference(of file: InstalledFile, _ directory: Directory) throws -> String? {
        try compare(file, directory, contents: true) { _ in }
    }

    /// - Returns: what is different; nil for an equal file.
    private static func compare(
        _ file: InstalledFile, _ directory: Directory, contents: Bool, _ progress: (UInt64) -> Void
    ) throws -> String? {
        let status: FileStatus?
        do throws(FileError) { status = try directory.status(of: file.path) } catch {
            return "not reachable: \(error)"
        }
        guard let status else { return missingMark }
        switch file.content {
        case .directory: return status.kind == .directory ? nil : "no longer a directory"
        case .link(let target):
            guard status.kind == .symbolicLink else { return "no longer a symbolic link" }
            let actual = try directory.symbolicLinkTarget(file.path)
            return actual == target ? nil : "points to '\(actual)' instead of '\(target)'"
        case .bytes(let size, let digest):
            guard status.kind == .file else { return "no longer a file" }
            guard status.permissions == file.permissions else {
                return
                    "permissions \(InstalledFileList.octal(status.permissions)) instead of \(InstalledFileList.octal(file.permissions))"
            }
            guard status.size == size else { return "\(status.size) bytes instead of \(size)" }
            guard contents else { return nil }
            defer { progress(size) }
            return try hash(file.path, directory) == digest ? nil : "other contents"
        }
    }

    private static func hash(_ path: RelativePath, _ directory: Directory) throws -> SHA256Digest {
        let region = try FileRegion(SharedFile(directory.openFile(path)))
        var hasher = SHA256()
        try region.forEachPiece { hasher.update($0) }
        return hasher.finalize()
    }

    private static func findExtra(
        _ directory: Directory, _ list: InstalledFileList, _ state: [String]
    ) throws -> (unrecorded: [String], caches: [String]) {
        let known = Set(list.files.map(\.path))
        let own = Set(InstallRecord.ownPaths + InstallRecord.occasionalPaths)
        var unrecorded: [String] = []
        var caches: [String] = []
        try directory.walk { path, status in
            let text = path.string
            guard status.kind != .directory, !known.contains(path), !own.contains(text), !isState(text, state)
            else { return }
            if isCache(path, of: known) { caches.append(text) } else { unrecorded.append(text) }
        }
        return (unrecorded, caches)
    }

    /// `a/__pycache__/b.cpython-311.pyc` where `a/b.py` is recorded.
    private static func isCache(_ path: RelativePath, of known: Set<RelativePath>) -> Bool {
        let parts = path.components
        guard parts.count >= 2, parts[parts.count - 2] == "__pycache__", path.string.hasSuffix(".pyc"),
            let stem = parts[parts.count - 1].split(separator: ".").first,
            let source = try? RelativePath((parts.dropLast(2) + [stem + ".py"]).joined(separator: "/"))
        else { return false }
        return known.contains(source)
    }
}
