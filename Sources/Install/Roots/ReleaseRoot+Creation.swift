import Failures
import Files
import Glibc

extension ReleaseRoot {
    /// What a directory is before something is installed into it as a root.
    enum Kind: Equatable {
        case empty
        case root
        /// An environment that was installed with --prefix.
        case environment(String)
        case foreign(String)
    }

    /// A root whose making was cut off is one.
    static func kind(of directory: Directory) throws -> Kind {
        let names = try directory.names()
        // A file system of its own begins with this.
        let others = names.filter { $0 != "lost+found" }
        if others.isEmpty { return .empty }
        if let record = try? InstallRecord.read(directory) { return .environment(record.name) }
        let own = try directory.status(of: RelativePath(ownPath))
        guard own?.kind == .directory else { return .foreign(others[0]) }
        if try directory.status(of: RelativePath(InstallRecord.path)) != nil { return .environment("") }
        let isMarked = try directory.status(of: RelativePath(RootState.path)) != nil
        let known: Set = [ownPath, releasesPath, currentPath, temporaryCurrentPath, statePath]
        if isMarked || others.allSatisfy(known.contains) { return .root }
        return .foreign(others.first { !known.contains($0) } ?? others[0])
    }

    /// The root at a path, made where there is none. A root that nothing was put into yet belongs to no name.
    ///
    /// - Parameters:
    ///   - path: absolute.
    ///   - name: of the bundle that is to be installed.
    /// - Throws: `InstallError` of kind `targetInTheWay` where something else is there, or the root is another name's.
    public static func openOrCreate(_ path: String, name: String) throws -> ReleaseRoot {
        let path = try InstallRequest.spelled(path)
        try examine(path, name: name)
        do throws(FileError) {
            let directory = try Directory.create(path)
            _ = try directory.openOrCreate(ownPath)
            _ = try directory.openOrCreate(releasesPath)
            return ReleaseRoot(directory: directory, path: path)
        } catch {
            throw unwritable(error, path)
        }
    }

    /// Whether a root may be at a path, or be made there; nothing is changed.
    /// - Returns: the root, where it is there already.
    @discardableResult
    public static func examine(_ path: String, name: String) throws -> ReleaseRoot? {
        let path = try InstallRequest.spelled(path)
        let directory: Directory
        do throws(FileError) { directory = try Directory.open(path) } catch {
            if error.code == ENOENT { return nil }
            guard error.code == ENOTDIR else { throw error }
            throw InstallError(
                .targetInTheWay, "'\(path)' cannot be a root, because it is no directory; choose another")
        }
        switch try kind(of: directory) {
        case .empty: return nil
        case .root: break
        case .environment(let other):
            throw InstallError(
                .targetInTheWay,
                "'\(path)' is an environment\(other.isEmpty ? "" : " of \(other.printable)") that was installed with --prefix, and no root; choose another directory for --root"
            )
        case .foreign(let entry):
            throw InstallError(
                .targetInTheWay,
                "'\(path)' exists and is no root of Airlift's: it holds '\(entry.printable)'; choose a directory that is empty or not there yet"
            )
        }
        let root = ReleaseRoot(directory: directory, path: path)
        try root.refuseStrangers()
        if let state = try root.state(), state.serial != nil, state.name != name {
            throw InstallError(
                .targetInTheWay,
                "'\(path)' is the root of \(state.name), and the bundle is of \(name); give each name a root of its own"
            )
        }
        return root
    }

    private static func unwritable(_ error: FileError, _ path: String) -> InstallError {
        guard [EACCES, EPERM].contains(error.code) else {
            return InstallError(error.kind, error.description)
        }
        return InstallError(
            .targetInTheWay,
            "'\(path)' cannot be made a root by this user: \(error.description)")
    }

    /// Takes away what `openOrCreate` made, where nothing came of it. The lock is to be held; the next run makes
    /// everything anew.
    func discardIfUnused(wasAbsent: Bool) {
        guard (try? state()) == nil,
            let names = try? releasesDirectory().names(), names.isEmpty,
            let own = try? directory.directory(RelativePath(Self.ownPath)),
            let rest = try? own.names(), rest.allSatisfy({ $0 == "lock" }),
            let releases = try? RelativePath(Self.releasesPath),
            let lock = try? RelativePath(Self.lockPath)
        else { return }
        try? directory.remove(releases, directory: true)
        // From here on another run may hold a lock of its own, whose file keeps its directory.
        try? directory.remove(lock)
        if let own = lock.parent { try? directory.remove(own, directory: true) }
        if wasAbsent { rmdir(self.path) }
    }
}
