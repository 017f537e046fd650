import Failures
import Files

/// Takes a root away with all its releases, unless a running process uses one.
public struct RootUninstallation: Sendable {
    /// Remove state, and what Airlift did not make, as well.
    public var force = false
    public var removal: ReleaseRemoval

    public init(_ removal: ReleaseRemoval) { self.removal = removal }

    public struct Outcome: Sendable, Encodable {
        /// The bundle's name; nil where the root never had a release.
        public let name: String?
        public let releases: [String]
        public let blindness: String?
        /// The directory itself stays where something else is in it, or it is no user's to remove.
        public let directoryStays: Bool

        enum CodingKeys: String, CodingKey {
            case name, releases, blindness
            case directoryStays = "directory_stays"
        }
    }

    private static let known: Set = [
        ReleaseRoot.ownPath, ReleaseRoot.releasesPath, ReleaseRoot.currentPath, ReleaseRoot.statePath,
        "lost+found",
    ]

    /// The releases go one by one, each whole or gone; the kept installer goes last, so that a run that was cut off can
    /// be repeated.
    /// - Throws: `InstallError` of kind `targetInTheWay` where a release is in use, or state would be lost.
    public func run(_ lock: RootLock) throws -> Outcome {
        let root = lock.root
        let names = try root.releases().map(\.name)
        try refuseLosses(root)
        try refuseUse(names, root)
        let state = try root.state()
        try root.point(at: nil, durable: true)
        var blindness: String?
        for name in names.reversed() { blindness = try removal.remove(name, lock).blindness ?? blindness }
        try root.log.append(.init(.uninstalled, lock.stamp))
        let directory = root.directory
        try directory.removeTree(RelativePath(ReleaseRoot.releasesPath))
        try directory.removeTree(RelativePath(ReleaseRoot.statePath))
        try removeOwn(directory)
        if force {
            for name in try directory.names() where name != "lost+found" {
                try directory.removeTree(RelativePath(name))
            }
        }
        return Outcome(
            name: state?.name, releases: names, blindness: blindness, directoryStays: !removeItself(root.path)
        )
    }

    private func refuseLosses(_ root: ReleaseRoot) throws {
        guard !force else { return }
        if let strange = try root.directory.names().first(where: { !Self.known.contains($0) }) {
            throw InstallError(
                .targetInTheWay,
                "'\(root.path)/\(strange.printable)' was not made by Airlift and would be lost, so nothing was removed; move it, or give -f"
            )
        }
        let state = try RelativePath(ReleaseRoot.statePath)
        guard try root.directory.status(of: state)?.kind == .directory else { return }
        var first: RelativePath?
        try root.directory.directory(state).walk { path, status in
            if first == nil, status.kind != .directory { first = path }
        }
        if let first {
            throw InstallError(
                .targetInTheWay,
                "'\(root.path)/\(state)/\(first.string.printable)' is state that would be lost, so nothing was removed; move it, or give -f to remove it as well"
            )
        }
    }

    private func refuseUse(_ names: [String], _ root: ReleaseRoot) throws {
        guard !names.isEmpty else { return }
        let releases = try root.releasesDirectory()
        var places: [String: Directory] = [:]
        for name in names { places[name] = try releases.directory(RelativePath(name)) }
        let use = try ReleaseUse.look(for: places)
        let used = names.filter { use.users[$0] != nil }
        guard used.isEmpty else {
            throw InstallError(
                .targetInTheWay,
                "'\(root.path)' is in use, so nothing was removed: \(used.map { "of \($0), \(use.words(of: $0))" }.joined(separator: "; ")); end what uses it first"
            )
        }
    }

    /// The lock is held until its directory is gone.
    private func removeOwn(_ directory: Directory) throws {
        let last = [RootState.path, KeptInstaller.path, ReleaseRoot.lockPath]
        let own = try RelativePath(ReleaseRoot.ownPath)
        for name in try directory.directory(own).names() {
            let path = try own.appending(name)
            if !last.contains(path.string) { try directory.removeTree(path) }
        }
        for path in last { try directory.remove(RelativePath(path)) }
        try directory.removeTree(own)
        try directory.synchronize()
    }

    /// - Returns: false for one that is not empty, is a mount point, or lies where this user may not write.
    private func removeItself(_ path: String) -> Bool {
        guard let slash = path.utf8.lastIndex(of: 0x2f), slash != path.startIndex,
            let name = try? RelativePath(String(path[path.utf8.index(after: slash)...])),
            let parent = try? Directory.open(String(path[..<slash]))
        else { return false }
        do { try parent.remove(name, directory: true) } catch { return false }
        try? parent.synchronize()
        return true
    }
}
