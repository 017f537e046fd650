import Files
import Glibc
import Synchronization

/// Where an environment is staged, published and kept when it is replaced: all beside the prefix, so that one
/// rename does it.
///
/// For a prefix `/opt/payroll` these are `/opt/payroll.airlift-new` while staging, `/opt/payroll.airlift-old`
/// for what was replaced, and `/opt/.payroll.airlift-lock`; while link scripts run also `/opt/payroll.airlift-undo`.
public struct Publication: ~Copyable {
    public let prefix: String
    public let parent: Directory
    let name: RelativePath
    let staging: RelativePath
    let old: RelativePath
    /// What was replaced, as long as the new environment may have to give way to it again.
    let undo: RelativePath
    private let journal: RelativePath
    /// nil for a release, of which the root's lock takes care.
    private let lockName: RelativePath?
    private let lock: AdvisoryLock?
    /// The directory that `createStaging` made, as it was then.
    private let staged = Mutex<FileStatus?>(nil)

    /// Takes the lock of the prefix and clears away what an interrupted run left.
    /// - Parameters:
    ///   - prefix: absolute.
    ///   - seconds: how long to wait for another run to end.
    public static func begin(_ prefix: String, waiting seconds: Int = 0) throws -> Publication {
        guard let slash = prefix.utf8.lastIndex(of: 0x2f), prefix.utf8.first == 0x2f, prefix.utf8.count > 1
        else {
            throw InstallError(
                .usage, "the prefix '\(prefix)' is refused: it must be an absolute path below '/'")
        }
        let parentPath = slash == prefix.startIndex ? "/" : String(prefix[..<slash])
        let last = String(prefix[prefix.utf8.index(after: slash)...])
        let name = try RelativePath(last)
        let parent: Directory
        do throws(FileError) { parent = try Directory.create(parentPath) } catch {
            throw Self.explained(error, prefix, parentPath)
        }
        let lockName = try RelativePath(".\(last).airlift-lock")
        let journal = try RelativePath(".\(last).airlift-journal")
        do {
            try Strangers.refuseShared(parent, for: prefix)
            let beside = try [
                lockName, journal, Self.beside(last, "new"), Self.beside(last, "old"),
                Self.beside(last, "undo"),
            ]
            try Strangers.refuse(beside, in: parent)
            // Who may read it may hold it.
            let lock = try AdvisoryLock.take(lockName, in: parent, waiting: seconds, permissions: 0o600)
            let publication = Publication(
                prefix: prefix, parent: parent, name: name, staging: try Self.beside(last, "new"),
                old: try Self.beside(last, "old"), undo: try Self.beside(last, "undo"), journal: journal,
                lockName: lockName, lock: lock)
            do {
                // They may have come while the lock was waited for; what came later still is found in the end.
                try Strangers.refuse(beside, in: parent)
                try publication.completeJournal()
                try parent.removeTree(publication.staging)
                try publication.recover()
            } catch {
                publication.end()
                throw error
            }
            return publication
        } catch let error as FileError {
            throw Self.explained(error, prefix, parentPath)
        }
    }

    /// A release of a root, staged under a name that no release has. The root's lock is to be held.
    static func release(_ version: String, in root: ReleaseRoot) throws -> Publication {
        let parent = try root.releasesDirectory()
        let staging = try RelativePath(ReleaseName.staging(of: version))
        try parent.removeTree(staging)
        return Publication(
            prefix: root.prefix(of: version), parent: parent, name: try ReleaseRoot.releaseName(version),
            staging: staging, old: try RelativePath(".\(version).old"),
            undo: try RelativePath(".\(version).undo"),
            journal: try RelativePath(".\(version).journal"), lockName: nil, lock: nil)
    }

    /// Clears away what an interrupted run left, where there is something and nobody is at work. Nothing was
    /// asked for that could fail.
    static func clearLeftovers(of prefix: String) {
        let name = prefix.split(separator: "/").last ?? ""
        let hidden = "\(prefix.dropLast(name.count)).\(name).airlift"
        let leftovers = [
            "\(prefix).airlift-new", "\(hidden)-journal", "\(hidden)-lock", "\(prefix).airlift-undo",
            "\(prefix)/\(UnfinishedMark.path)",
        ]
        guard leftovers.contains(where: { access($0, F_OK) == 0 }) else { return }
        do { try begin(prefix).end() } catch {}
    }

    private static func beside(_ name: String, _ suffix: String) throws(FileError) -> RelativePath {
        do { return try RelativePath("\(name).airlift-\(suffix)") } catch {
            throw FileError("use a name as long as", name, code: ENAMETOOLONG)
        }
    }

    private static func explained(_ error: FileError, _ prefix: String, _ parent: String) -> InstallError {
        switch error.code {
        case EWOULDBLOCK:
            InstallError(
                .targetInTheWay,
                "another installation into '\(prefix)' is running; wait for it to end, or give --wait SECONDS"
            )
        case EROFS:
            InstallError(
                .inputOutput,
                "'\(parent)' lies on a file system that is mounted read-only, so that nothing can be put there or taken away; mount it writable, or choose another prefix"
            )
        case EACCES, EPERM:
            InstallError(
                .targetInTheWay,
                "'\(parent)' is not writable for this user (\(String(cString: strerror(error.code)))), and an environment is put in place by a rename in there; choose a prefix in a directory of this user"
            )
        default: InstallError(error.kind, error.description)
        }
    }

    public func createStaging() throws -> Directory {
        try parent.createDirectory(staging)
        let directory = try parent.directory(staging)
        let status = try directory.status()
        guard !parent.isStranger(status.owner) else {
            throw Strangers.refusal("\(parent.path)/\(staging)", status.owner)
        }
        staged.withLock { $0 = status }
        return directory
    }

    /// What was put in place is what was staged, and nobody's that took its name meanwhile.
    private func checkPublished() throws {
        guard let staged = staged.withLock({ $0 }) else { return }
        let status = try parent.status(of: name)
        guard status?.inode == staged.inode, status?.device == staged.device else {
            throw InstallError(
                .targetInTheWay,
                "something else than what was installed is at '\(prefix)': another user renamed it in '\(parent.path)'; remove it, and choose a directory that only you may write to"
            )
        }
    }

    public func discardStaging() { try? parent.removeTree(staging) }

    /// Puts the staged environment in place, atomically.
    /// - Parameter undoable: the environment bears an `UnfinishedMark`; `settle` or `recover` is to follow.
    /// - Returns: the path at which a replaced environment is kept, once this is settled.
    public func publish(synchronizing: Bool, undoable: Bool = false) throws -> String? {
        if synchronizing { try parent.directory(staging).synchronizeFileSystem() }
        let place = undoable ? undo : old
        let replaced = try exchange(keepingAs: place)
        try checkPublished()
        guard synchronizing else { return replaced }
        do throws(FileError) { try parent.synchronize() } catch {
            if !undoable { takeBack(from: replaced == nil ? nil : place) }
            throw error
        }
        return replaced
    }

    /// The new environment may be lost with the next power cut, and whoever asked is told that it failed: the old one
    /// takes its place again, and what is left of the new one is in the staging directory.
    private func takeBack(from place: RelativePath?) {
        guard let place else {
            try? parent.rename(name, to: staging)
            return
        }
        do throws(FileError) {
            try parent.exchange(place, with: name)
            try parent.rename(place, to: staging)
        } catch {
            guard (try? parent.rename(name, to: staging)) != nil else { return }
            try? parent.rename(place, to: name)
        }
    }

    private func exchange(keepingAs old: RelativePath) throws -> String? {
        guard try parent.status(of: name) != nil else {
            try parent.rename(staging, to: name)
            return nil
        }
        do throws(FileError) {
            try parent.remove(name, directory: true)
            try parent.rename(staging, to: name)
            return nil
        } catch {
            guard error.code == ENOTEMPTY || error.code == EEXIST || error.code == ENOTDIR else {
                throw inTheWay(error)
            }
        }
        try parent.removeTree(old)
        // The new environment takes the name of the old one's keeping place first, so that the exchange itself
        // leaves everything under its final name.
        try parent.rename(staging, to: old)
        do throws(FileError) {
            try parent.exchange(old, with: name)
        } catch {
            try parent.rename(old, to: staging)
            guard error.code == EINVAL || error.code == ENOSYS || error.code == EXDEV else {
                throw inTheWay(error)
            }
            try exchangeInTwoSteps(keepingAs: old)
        }
        return "\(prefix).airlift-old"
    }

    /// For file systems without an exchange: between the two renames there is no environment; a run that finds
    /// that state puts the new one in place before it does anything else.
    private func exchangeInTwoSteps(keepingAs old: RelativePath) throws {
        try parent.replaceFile(journal, with: Array("\(prefix)\n".utf8))
        try parent.rename(name, to: old)
        do throws(FileError) { try parent.rename(staging, to: name) } catch {
            try parent.rename(old, to: name)
            try parent.remove(journal)
            throw error
        }
        try parent.remove(journal)
    }

    /// Completes a two-step rename that was interrupted: the new environment was whole before it began.
    private func completeJournal() throws(FileError) {
        guard try parent.status(of: journal) != nil else { return }
        if try parent.status(of: name) == nil {
            if try parent.status(of: staging) != nil {
                try parent.rename(staging, to: name)
            } else if try parent.status(of: old) != nil {
                try parent.rename(old, to: name)
            }
        }
        try parent.remove(journal)
    }

    func inTheWay(_ error: FileError) -> InstallError {
        if error.code == EBUSY {
            return InstallError(
                .targetInTheWay,
                "'\(prefix)' is a mount point, which no rename can replace; choose a directory below it")
        }
        return InstallError(error.kind, error.description)
    }

    /// Lets go of the lock and removes its file.
    public consuming func end() {
        if let lockName { try? parent.remove(lockName) }
    }
}
