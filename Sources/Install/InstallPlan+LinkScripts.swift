import Digests
import Failures
import Files

/// Running link scripts: in the published environment, because they and what they write name the prefix.
extension InstallPlan {
    var runsLinkScripts: Bool { linkScripts.contains { $0.fate == .runs } }

    /// Scripts of another system would find nothing of what they expect.
    var linkScriptFault: InstallError? {
        let platform = bundle.manifest.platform
        guard runsLinkScripts, !platform.hasPrefix("linux-"), platform != "noarch" else { return nil }
        return InstallError(
            .hostRequirements,
            "the bundle is for \(platform), whose link scripts do not run on this system; give -s to install without them"
        )
    }

    /// Publishes, runs the scripts and `post-install` hooks, and records what they changed. Where one fails, or the run is stopped, what was
    /// there before is back in place.
    func publishWithScripts(
        _ publication: borrowing Publication, _ files: [InstalledFile], _ outcome: inout InstallOutcome,
        _ trust: JudgedTrust, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws {
        do {
            outcome.replaced = try publication.publish(synchronizing: request.synchronize, undoable: true)
            let prefix = try publication.published()
            let changes = try PrefixChanges(prefix, state: StatePaths(bundle.manifest.install.state))
            outcome.linkScripts = try runLinkScripts(prefix, progress)
            outcome.hooks = try runPostInstallHooks(prefix, progress)
            let files = try sealed(prefix, changes.applied(to: files))
            outcome.record = try rewriteRecord(files, trust, prefix)
            outcome.files = files.count
            outcome.bytes = Self.bytes(of: files)
            if request.synchronize { progress(.synchronizing) }
            try publication.settle(synchronizing: request.synchronize)
        } catch {
            publication.discardStaging()
            do { try publication.recover() } catch let second {
                throw InstallError(
                    .inputOutput,
                    "\(error); what was there before could not be put back: \(second); run the installer again, which tries that first"
                )
            }
            throw error
        }
    }

    private func runLinkScripts(
        _ prefix: Directory, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> [LinkScriptResult] {
        let runner = LinkScriptRunner(
            prefix: request.prefix, directory: prefix, activation: try activationScripts().posix,
            environment: request.environment, limit: request.linkScriptLimit)
        return try linkScripts.filter { $0.fate == .runs }.map { script in
            progress(.linkScript(script.package))
            return try runner.run(script)
        }
    }

    /// The mark is still there: until it goes, nobody believes either file.
    private func rewriteRecord(
        _ files: [InstalledFile], _ trust: JudgedTrust, _ prefix: Directory
    ) throws -> InstallRecord {
        let list = InstalledFileList(files)
        let record = record(of: list, trust)
        let files = [
            (InstalledFileList.path, list.encoded()), (FileOrigins.path, FileOrigins.encoded(list)),
            (InstallRecord.path, try CanonicalJSON.encode(record)),
            (InstallRecord.manifestPath, bundle.manifestBytes),
        ]
        for (path, bytes) in files + filesOfTrust(trust) {
            try prefix.replaceFile(
                RelativePath(path), with: bytes, permissions: ownPermissions, durable: false)
        }
        return record
    }
}
