import Failures
import Files

/// Takes one release away, unless it is the current one or a running process uses it.
public struct ReleaseRemoval: Sendable {
    /// Run the `pre-unlink` scripts of packages whose link scripts were allowed when the release was installed.
    public var linkScripts = true
    /// Go on where such a script fails.
    public var force = false
    /// Seconds for each script.
    public var limit = 300
    /// What scripts inherit: the process's own environment belongs to the executable.
    public var environment: [String: String]

    public init(environment: [String: String]) { self.environment = environment }

    /// What was taken away.
    public struct Outcome: Sendable, Encodable {
        public let version: String
        /// What could not be looked at, in words; nil where everything was.
        public let blindness: String?
    }

    /// Renamed aside first, so that nothing can begin to use it, then looked for in all processes once more.
    ///
    /// - Throws: `InstallError` of kind `targetInTheWay` where it is current, in use or not there.
    public func remove(_ version: String, _ lock: RootLock) throws -> Outcome {
        let root = lock.root
        let name = try ReleaseRoot.releaseName(version)
        let releases = try root.releasesDirectory()
        guard try releases.status(of: name)?.kind == .directory else { throw root.noRelease(version) }
        if try root.current() == version {
            throw InstallError(
                .targetInTheWay,
                "the release \(version) is the current one of '\(root.path)' and was not removed; make another one current first (activate VERSION, or rollback)"
            )
        }
        let place = try releases.directory(name)
        _ = try refuseUse(version, place, root)
        // A damaged record does not keep a release from being removed.
        let record = try? InstallRecord.read(place)
        if linkScripts, let record {
            try Uninstallation.runScripts(
                record.prefix, record, force: force, limit: limit, environment: environment)
        }
        let aside = try RelativePath(ReleaseName.removal(of: version))
        try releases.removeTree(aside)
        try releases.rename(name, to: aside)
        let use: ReleaseUse
        do {
            try releases.synchronize()
            use = try refuseUse(version, place, root)
        } catch {
            try releases.rename(aside, to: name)
            try releases.synchronize()
            throw error
        }
        try root.log.append(
            record.map { .init(.removed, lock.stamp, $0) } ?? .init(.removed, lock.stamp, version: version))
        try releases.removeTree(aside)
        // What was kept to repair it has nothing more to repair.
        if let record { try KeptBundles.remove(record, from: root.directory) }
        return Outcome(version: version, blindness: use.blindness)
    }

    private func refuseUse(_ version: String, _ place: Directory, _ root: ReleaseRoot) throws -> ReleaseUse {
        let use = try ReleaseUse.look(for: [version: place])
        guard use.users[version] == nil else {
            throw InstallError(
                .targetInTheWay,
                "the release \(version) of '\(root.path)' is in use and was not removed: \(use.words(of: version)); end what uses it, or start it anew so that it runs the current release"
            )
        }
        return use
    }
}

extension ReleaseRoot {
    func noRelease(_ version: String) -> InstallError {
        let names = (try? releases().map(\.name)) ?? []
        return InstallError(
            .targetInTheWay,
            "there is no release \(version.printable) in '\(path)'; \(names.isEmpty ? "there is none at all" : "there are \(names.joined(separator: ", "))")"
        )
    }
}
