import Archives
import Digests
import Files
import Glibc

/// What link scripts do to the files of a prefix, found by looking before and after.
struct PrefixChanges {
    private let directory: Directory
    private let state: StatePaths
    private let before: [RelativePath: FileStatus]
    /// Change times from here on may be those of scripts: the kernel's clock takes steps of some milliseconds.
    private let start: Int64

    private static let clockStep: Int64 = 20_000_000
    private static let own = Set(InstallRecord.ownPaths + InstallRecord.occasionalPaths)

    /// Looks at every file.
    init(_ directory: Directory, state: StatePaths) throws {
        self.directory = directory
        self.state = state
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        start = Int64(now.tv_sec) &* 1_000_000_000 &+ Int64(now.tv_nsec) &- Self.clockStep
        before = try Self.look(directory)
    }

    private static func look(_ directory: Directory) throws -> [RelativePath: FileStatus] {
        var found: [RelativePath: FileStatus] = [:]
        try directory.walk { path, status in found[path] = status }
        return found
    }

    /// The list of installed files as it is now: what was changed is described anew, what is new is added, and what is
    /// gone is left out. Paths of the environment's state are nobody's.
    ///
    /// - Throws: `InstallError` of kind `hostRequirements` for what no record can describe.
    func applied(to files: [InstalledFile]) throws -> [InstalledFile] {
        let after = try Self.look(directory)
        var known: [RelativePath: InstalledFile] = [:]
        for file in files { known[file.path] = file }
        var result = files.filter { file in
            guard let status = after[file.path] else { return false }
            return !isChanged(file.path, status)
        }
        for path in after.keys.sorted() {
            guard let status = after[path], isChanged(path, status), !Self.own.contains(path.string) else {
                continue
            }
            let earlier = known[path]
            guard earlier != nil || !state.contains(path), let file = try describe(path, status) else {
                continue
            }
            let isSame = earlier?.content == file.content && earlier?.permissions == file.permissions
            result.append(isSame ? earlier ?? file : file)
        }
        return result
    }

    private func isChanged(_ path: RelativePath, _ status: FileStatus) -> Bool {
        guard let earlier = before[path], earlier.kind == status.kind else { return true }
        // A directory changes with its entries.
        if status.kind == .directory { return false }
        return status.inode != earlier.inode || status.changeTime != earlier.changeTime
            || status.changeTime >= start || status.size != earlier.size
    }

    /// - Returns: nil for a directory, which its files tell of.
    private func describe(_ path: RelativePath, _ status: FileStatus) throws -> InstalledFile? {
        switch status.kind {
        case .directory: return nil
        case .symbolicLink:
            return InstalledFile(
                path: path, content: .link(target: try directory.symbolicLinkTarget(path)), permissions: 0o777
            )
        case .file:
            let region = try FileRegion(SharedFile(directory.openFile(path)))
            var hasher = SHA256()
            try region.forEachPiece { hasher.update($0) }
            return InstalledFile(
                path: path, content: .bytes(size: region.size, sha256: hasher.finalize()),
                permissions: status.permissions)
        case .other:
            throw InstallError(
                .hostRequirements,
                "a link script left '\(path)', which is neither a file, a directory nor a symbolic link and cannot be recorded"
            )
        }
    }
}
