import Files
import Glibc

/// Takes an environment away again.
public enum Uninstallation {
    /// Runs `pre-uninstall` hooks where that is allowed, and the `pre-unlink` scripts of packages whose link scripts were allowed when the environment was installed,
    /// renames the prefix aside in one step, then removes it.
    ///
    /// - Parameters:
    ///   - force: also remove files that nobody recorded, and go on where a script fails.
    ///   - linkScripts: false runs none.
    ///   - limit: seconds for each script.
    ///   - hooks: run the bundle's `pre-uninstall` hooks.
    ///   - hookLimit: seconds for each of them, instead of what the manifest says.
    ///   - environment: what scripts and hooks inherit.
    /// - Returns: the environment's record; nil where only what an interrupted removal had left was there.
    /// - Throws: `InstallError` of kind `targetInTheWay` where there is no record, or where unrecorded files would
    ///   be lost.
    public static func run(
        _ prefix: String, force: Bool, linkScripts: Bool = true, limit: Int = 300,
        hooks: Bool = false, hookLimit: Int? = nil, environment: [String: String] = [:]
    ) throws -> InstallRecord? {
        let prefix = try InstallRequest(prefix: prefix, now: "").judged(longestPath: 0).prefix
        guard case .environment(let record) = try ExistingPrefix.examine(prefix) else {
            if let record = try clearUnfinished(prefix) { return record }
            if try clearRemains(prefix) { return nil }
            throw InstallError(
                .targetInTheWay, "there is no environment of Airlift's at '\(prefix)', so nothing was removed"
            )
        }
        let publication = try Publication.begin(prefix)
        do {
            // Another run may have put something else here before the lock was taken.
            guard case .environment(record) = try ExistingPrefix.examine(prefix) else {
                throw InstallError(
                    .targetInTheWay, "'\(prefix)' changed while removing it began; run it again")
            }
            if !force { try refuseLosses(prefix, record) }
            if hooks {
                _ = try runHooks(
                    prefix, record, force: force, limit: hookLimit, environment: environment)
            }
            if linkScripts {
                try runScripts(prefix, record, force: force, limit: limit, environment: environment)
            }
            try publication.remove()
            publication.end()
        } catch {
            publication.end()
            throw error
        }
        return record
    }

    /// An environment whose link scripts were cut off, where there was nothing before, is taken away whole.
    private static func clearUnfinished(_ prefix: String) throws -> InstallRecord? {
        guard let directory = try? Directory.open(prefix), try UnfinishedMark.isIn(directory),
            let record = try InstallRecord.read(directory)
        else { return nil }
        try Publication.begin(prefix).end()
        return record
    }

    /// What a removal left that was cut off after the environment had been renamed aside.
    /// - Returns: whether there was something.
    private static func clearRemains(_ prefix: String) throws -> Bool {
        let name = prefix.split(separator: "/").last ?? ""
        let lock = "\(prefix.dropLast(name.count)).\(name).airlift-lock"
        let remains = ["\(prefix).airlift-new", "\(prefix).airlift-old", lock]
        guard case .absent = try ExistingPrefix.examine(prefix),
            remains.contains(where: { access($0, F_OK) == 0 })
        else { return false }
        let publication = try Publication.begin(prefix)
        do { try publication.removeKept() } catch {
            publication.end()
            throw error
        }
        publication.end()
        return true
    }

    /// In the reverse order of installation. A script that is no longer what was installed is not run.
    static func runScripts(
        _ prefix: String, _ record: InstallRecord, force: Bool, limit: Int, environment: [String: String]
    ) throws {
        let allowed = record.options.linkScripts ?? []
        guard !allowed.isEmpty else { return }
        let directory = try Directory.open(prefix)
        let scripts = try LinkScript.all(of: record.manifest(directory)) { allowed.contains($0) }
            .filter { $0.fate == .runsAtRemoval }.reversed()
        guard !scripts.isEmpty else { return }
        let files = try record.fileList(directory).files
        func isAsInstalled(_ path: RelativePath) throws -> Bool {
            guard let file = files.first(where: { $0.path == path }) else { return false }
            return try PrefixVerification.difference(of: file, directory) == nil
        }
        let activation = try ActivationScriptPaths.choose { path in !files.contains { $0.path == path } }
        let runner = LinkScriptRunner(
            prefix: prefix, directory: directory, activation: activation.posix, environment: environment,
            limit: limit)
        for script in scripts {
            do {
                guard try isAsInstalled(RelativePath(script.path)), try isAsInstalled(activation.posix) else {
                    throw InstallError(
                        .damaged,
                        "'\(prefix)/\(script.path)' is not the script that was installed, and is not run")
                }
                _ = try runner.run(script)
            } catch let error as InstallError {
                if force { continue }
                throw InstallError(
                    error.kind,
                    "\(error); nothing was removed: give -s to remove the environment without its scripts, or -f to go on whatever they do"
                )
            }
        }
    }

    private static func refuseLosses(_ prefix: String, _ record: InstallRecord) throws {
        let directory = try Directory.open(prefix)
        let manifest = try record.manifest(directory)
        if let state = try StatePaths(manifest.install.state).firstFile(in: directory) {
            throw InstallError(
                .targetInTheWay,
                "'\(prefix)/\(state)' is state that would be lost; move it, or give -f to remove it as well")
        }
        let report = try PrefixVerification.run(prefix, contents: false)
        guard report.unrecorded.isEmpty else {
            throw InstallError(
                .targetInTheWay,
                "\(report.unrecorded.count) files in '\(prefix)' were not installed by Airlift and would be lost, '\(report.unrecorded[0])' for one; move them, or give -f"
            )
        }
    }
}

extension Publication {
    /// Takes the prefix away by a rename, so that it is whole or gone, and then its files and what was kept of
    /// an older one.
    func remove() throws {
        try parent.rename(name, to: staging)
        do throws(FileError) { try parent.synchronize() } catch {
            try? parent.rename(staging, to: name)
            throw error
        }
        try parent.removeTree(staging)
        try removeKept()
    }

    /// Removes what was kept of an older environment.
    func removeKept() throws(FileError) { try parent.removeTree(old) }
}
