import Bundle
import Files
import Glibc
import Workers

/// Installing into a root: a release is staged beside the others, put in place by one rename, and made the current one
/// by another.
extension InstallPlan {
    func applyAsRelease(
        of path: String, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> InstallOutcome {
        if let outcome = try alreadyDone(path) { return outcome }
        let stamp = ChangeStamp(
            now: request.now, by: request.by ?? .current(request.environment),
            host: (request.host ?? .current()).name)
        return try ReleaseRoot.withCreated(
            path, name: bundle.manifest.name, waiting: request.wait, stamp
        ) { lock in
            let root = lock.root
            // Since the plan was made, another run may have been here, or an interrupted one was completed.
            try request.admitToRoot(bundle.manifest)
            let existing = try ExistingPrefix.examine(request.prefix)
            let isNeeded = try existing.admit(request, bundle)
            let trust = try request.trust.judge(bundle, at: request.trustPlace, now: request.now)
            var outcome: InstallOutcome
            if case .environment(let record) = existing, !isNeeded {
                outcome = unchanged(record, trust)
                outcome.trustChanged = try remember(trust, in: root)
                try keepBundle(record, in: root.directory)
            } else {
                outcome = try neededNow().putInPlace(lock, trust, progress)
            }
            outcome.root = root.path
            outcome.notices = lock.recovered + outcome.notices
            try KeptInstaller.keep(from: bundle, in: root.directory, synchronizing: request.synchronize)
            if request.activates { outcome.switched = try activate(lock) }
            return outcome
        }
    }

    /// nil where there is something to do. Asks for no lock: whoever may only read finds the same.
    private func alreadyDone(_ path: String) throws -> InstallOutcome? {
        // Another run may have removed it since the plan was made.
        guard case .environment(let record) = existing, !isNeeded,
            try ExistingPrefix.examine(request.prefix) == existing,
            let root = try ReleaseRoot.ifThere(path)
        else { return nil }
        let remembered = try? RememberedTrust.ofRoot(path)
        guard try root.state() != nil,
            try root.directory.status(of: RelativePath(KeptInstaller.path)) != nil,
            try KeptInstaller.read(root.directory) != nil,
            remembered == trust.policy, !trust.isForgotten, !trust.isNewList,
            try !root.hasLeftovers(), try !lacksBundle(record, root.directory)
        else { return nil }
        let isCurrent = (try? root.current()) == bundle.manifest.version
        guard isCurrent || !request.activates else { return nil }
        var outcome = unchanged(record, trust)
        outcome.root = root.path
        if request.activates {
            outcome.switched = ActivationOutcome(record: record, from: record.version, changed: false)
        }
        return outcome
    }

    /// The plan to go by: one that found the release in place, which another run has removed since, did not look for
    /// what installing takes (the host's interpreter, free space).
    private func neededNow() throws -> InstallPlan {
        guard !isNeeded else { return self }
        let plan = try InstallPlan.make(bundle, request)
        try plan.check()
        return plan
    }

    private func putInPlace(
        _ lock: RootLock, _ trust: JudgedTrust, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> InstallOutcome {
        let (root, manifest) = (lock.root, bundle.manifest)
        let publication = try Publication.release(manifest.version, in: root)
        var outcome: InstallOutcome
        do {
            let staging = try publication.createStaging()
            let state = try StateLinks(manifest.install.state)
            var (files, notices, sharing) = try fill(staging, progress)
            files = try state.link(staging, files)
            if !runsLinkScripts { files = try sealed(staging, files) }
            let record = try writeRecord(files, trust, staging)
            try keepBundle(record, in: root.directory)
            try Interruption.check()
            if request.synchronize { progress(.synchronizing) }
            outcome = InstallOutcome(
                record: record, changed: true, files: files.count, bytes: Self.bytes(of: files),
                replaced: nil, notices: notices)
            outcome.sharing = sharing
            outcome.trust = trust.policy
            outcome.activation = try activationScripts().posix.string
            // Trust is there before what it is for, and goes after it.
            if trust.policy != nil { _ = try remember(trust, in: root) }
            if runsLinkScripts {
                _ = try state.seed(root, from: staging, synchronizing: request.synchronize)
                try UnfinishedMark.put(in: staging)
                try publishWithScripts(publication, files, &outcome, trust, progress)
            } else {
                _ = try publication.publish(synchronizing: request.synchronize)
            }
        } catch {
            publication.discardStaging()
            throw error
        }
        outcome.trustChanged = try remember(trust, in: root)
        try rememberSerial(in: root)
        try root.log.append(
            .init(.installed, lock.stamp, outcome.record, from: try? root.current()),
            durable: request.synchronize)
        return outcome
    }

    private func activate(_ lock: RootLock) throws -> ActivationOutcome {
        var activation = ActivationRequest(environment: request.environment)
        activation.synchronize = request.synchronize
        activation.runsHooks = request.activationHooks
        activation.hookLimit = request.hookLimit
        let version = bundle.manifest.version
        do {
            return try lock.root.activate(version, activation, lock)
        } catch let error as InstallError {
            let current = (try? lock.root.current()) ?? nil
            throw InstallError(
                error.kind,
                "\(error); \(version) is in place, and \(current.map { "\($0) is" } ?? "nothing is") current as before"
            )
        }
    }

    private func rememberSerial(in root: ReleaseRoot) throws {
        let manifest = bundle.manifest
        var state = try root.state() ?? RootState(name: manifest.name)
        guard state.serial.map({ $0 < manifest.serial }) ?? true else { return }
        state.name = manifest.name
        state.serial = manifest.serial
        try state.write(in: root.directory, durable: request.synchronize)
    }

    /// - Returns: whether the root remembers something else than before. The list of signers is there before the state
    ///   counts on it, and goes after it.
    private func remember(_ trust: JudgedTrust, in root: ReleaseRoot) throws -> Bool {
        var state = try root.state() ?? RootState(name: bundle.manifest.name)
        let before = (try? RememberedTrust.read(state.trust, in: root.directory)) ?? nil
        guard before != trust.policy || (state.trust == nil) != (trust.policy == nil) else { return false }
        let list = try RelativePath(RememberedTrust.path)
        if let policy = trust.policy { try root.directory.replaceFile(list, with: policy.allowedSigners) }
        state.trust = trust.policy.map { .init(threshold: $0.threshold) }
        try state.write(in: root.directory)
        if trust.policy == nil { try root.directory.remove(list) }
        return true
    }

    /// In a root, files that nobody is to write to any more; elsewhere nothing happens.
    func sealed(_ prefix: Directory, _ files: [InstalledFile]) throws -> [InstalledFile] {
        guard request.root != nil else { return files }
        try prefix.removeWritePermissions { Self.staysOpen($0) }
        return sealed(files)
    }

    private static func staysOpen(_ path: RelativePath) -> Bool {
        path.string.hasPrefix("\(StateLinks.pristinePath)/") || path.string == UnfinishedMark.path
    }

    /// The list alone.
    func sealed(_ files: [InstalledFile]) -> [InstalledFile] {
        guard request.root != nil else { return files }
        return files.map { file in
            guard case .bytes = file.content, !Self.staysOpen(file.path) else { return file }
            return file.with(permissions: file.permissions & ~0o222)
        }
    }
}
