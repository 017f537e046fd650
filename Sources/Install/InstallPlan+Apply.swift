import Bundle
import Digests
import Failures
import Files
import Workers

extension InstallPlan {
    /// Installs: stages beside the prefix, on all cores, then publishes by one rename.
    ///
    /// Whatever goes wrong before the rename, the prefix is as it was and nothing is left beside it.
    /// - Parameter progress: is called from several threads.
    public func apply(progress: @escaping @Sendable (InstallProgress) -> Void = { _ in }) throws
        -> InstallOutcome
    {
        try check()
        if let root = request.root { return try applyAsRelease(of: root, progress) }
        if case .environment(let record) = existing, !isNeeded, !trust.changes(record, bundle),
            try !lacksBundle(record, Directory.open(Publication.standing(request.place) ?? request.place))
        {
            Publication.clearLeftovers(of: request.place)
            return unchanged(record, trust)
        }
        let publication = try Publication.begin(request.place, waiting: request.wait)
        do {
            // Since the plan was made, another run may have published, or an interrupted one was completed.
            let existing = try ExistingPrefix.examine(request.place)
            let isNeeded = try existing.admit(request, bundle)
            let trust = try request.trust.judge(bundle, at: request.trustPlace, now: request.now)
            if case .environment(let record) = existing {
                guard isNeeded else {
                    let outcome = try rememberTrust(trust, record)
                    try keepBundle(record, in: Directory.open(request.place))
                    publication.end()
                    return outcome
                }
                try refuseLosses(record)
            }
            // Such a plan did not look for what installing takes.
            guard self.isNeeded else {
                throw InstallError(
                    .targetInTheWay,
                    "what was at '\(request.place)' is gone since this run looked; run it again to install there"
                )
            }
            let staging = try publication.createStaging()
            let began = try staging.status().modificationTime
            let (files, notices, _) = try fill(staging, progress)
            let record = try writeRecord(files, trust, staging)
            try keepBundle(record, in: staging)
            if case .environment = existing {
                try StatePaths(bundle.manifest.install.state).carry(
                    from: Directory.open(request.place), into: staging)
            }
            try Interruption.check()
            try setReproducibleTimes(staging, since: began)
            if request.synchronize { progress(.synchronizing) }
            var outcome = InstallOutcome(
                record: record, changed: true, files: files.count, bytes: Self.bytes(of: files),
                replaced: nil, notices: notices + skippedHooks + scriptsForTheTarget)
            outcome.destination = request.destination
            outcome.trust = trust.policy
            outcome.activation = try activationScripts().posix.string
            if runsLinkScripts || !postInstallHooks.isEmpty {
                try UnfinishedMark.put(in: staging)
                try publishWithScripts(publication, files, &outcome, trust, progress)
            } else {
                outcome.replaced = try publication.publish(synchronizing: request.synchronize)
            }
            publication.end()
            return outcome
        } catch {
            publication.discardStaging()
            publication.end()
            throw error
        }
    }

    static func bytes(of files: [InstalledFile]) -> UInt64 {
        files.reduce(0) { sum, file in
            if case .bytes(let size, _) = file.content { sum + size } else { sum }
        }
    }

    /// With `update`, files that nobody recorded must not be lost.
    private func refuseLosses(_ record: InstallRecord) throws {
        guard request.update, !request.force else { return }
        let report = try PrefixVerification.run(request.place, contents: false)
        guard report.unrecorded.isEmpty else {
            throw InstallError(
                .targetInTheWay,
                "\(report.unrecorded.count) files in '\(request.place)' would be lost, '\(report.unrecorded[0])' for one; move them, or give -f"
            )
        }
    }

    func unchanged(_ record: InstallRecord, _ trust: JudgedTrust) -> InstallOutcome {
        var outcome = InstallOutcome(record: record, changed: false, files: 0, bytes: 0, replaced: nil)
        outcome.trust = trust.policy
        return outcome
    }

    /// The environment is there already: at most, whom it trusts is new.
    private func rememberTrust(_ trust: JudgedTrust, _ record: InstallRecord) throws -> InstallOutcome {
        guard trust.changes(record, bundle) else { return unchanged(record, trust) }
        var record = record
        trust.put(into: &record, bundle)
        try RememberedTrust.write(trust.policy, record, in: Directory.open(request.place))
        var outcome = unchanged(record, trust)
        outcome.trustChanged = true
        return outcome
    }

    func writeRecord(
        _ files: [InstalledFile], _ trust: JudgedTrust, _ staging: Directory
    ) throws -> InstallRecord {
        let list = InstalledFileList(files)
        let record = record(of: list, trust)
        let tree = TreeWriter(staging)
        let own = [
            (InstalledFileList.path, list.encoded()), (FileOrigins.path, FileOrigins.encoded(list)),
            (InstallRecord.manifestPath, bundle.manifestBytes),
            (InstallRecord.path, try CanonicalJSON.encode(record)),
        ]
        for (path, bytes) in own + filesOfTrust(trust) {
            try tree.createFile(RelativePath(path), bytes, permissions: ownPermissions)
        }
        return record
    }

    func record(of list: InstalledFileList, _ trust: JudgedTrust) -> InstallRecord {
        let manifest = bundle.manifest
        var record = InstallRecord(
            name: manifest.name, version: manifest.version, serial: manifest.serial,
            platform: manifest.platform,
            environment: manifest.environment, bundle: bundle.digest, prefix: request.prefix,
            installedAt: request.now,
            options: .init(
                compile: request.compiles(manifest), python: hostInterpreter?.executable,
                linkScripts: linkScripts.allowed,
                hooks: request.runsHooks(manifest) ? true : nil),
            files: SHA256.hash(list.encoded()), generator: Generator.current)
        record.origins = SHA256.hash(FileOrigins.encoded(list))
        record.by = request.by
        record.host = request.host
        trust.put(into: &record, bundle)
        // Whom the next bundle must be signed by, the root knows.
        if request.root != nil { record.trust = nil }
        return record
    }

    /// What lies in the environment about whom it trusts; in a root, it lies there.
    func filesOfTrust(_ trust: JudgedTrust) -> [(String, [UInt8])] { request.root == nil ? trust.files : [] }

    /// Of Airlift's own files.
    var ownPermissions: UInt32 { request.root == nil ? 0o644 : 0o444 }
}
