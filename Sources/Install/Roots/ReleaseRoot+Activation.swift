import Bundle
import Files
import Workers

extension ReleaseRoot {
    static let temporaryCurrentPath = ".current.new"

    /// Makes a release the current one: seeds its state, runs its `pre-activate` hooks, switches `current` by one
    /// rename, runs its `post-activate` hooks, and says so in the log.
    ///
    /// Where a `pre-activate` hook fails nothing was switched; where a `post-activate` hook fails, or anything after
    /// the switch, what was current before is current again. Both are noted in the log. Nothing happens where the
    /// release is current already.
    ///
    /// - Throws: `InstallError`; `Interrupted`, with what was current before in place.
    public func activate(
        _ version: String, _ request: ActivationRequest, _ lock: RootLock
    ) throws -> ActivationOutcome {
        let release = try release(version)
        // A link that leads elsewhere is what this puts right.
        let from = (try? current()) ?? nil
        var outcome = ActivationOutcome(record: release.record, from: from, changed: from != version)
        guard outcome.changed else { return outcome }
        let state = try StateLinks(release.manifest.install.state)
        outcome.seeded = try state.seed(
            self, from: release.directory, synchronizing: request.synchronize)
        let runner = HookRunner(
            prefix: prefix(of: version), root: path, name: release.record.name, release: version,
            previous: from, environment: request.environment, limit: request.hookLimit)
        func run(_ kind: Manifest.Hooks.Kind) throws {
            guard request.runsHooks, let hooks = release.manifest.install.hooks, !hooks[kind].isEmpty
            else { return }
            defer { try? RunningHook.forget(in: directory) }
            outcome.hooks += try runner.run(hooks[kind], kind) { try RunningHook.note($0, in: directory) }
        }
        do {
            try run(.preActivate)
            try Interruption.check()
        } catch {
            noteFailure(release.record, from: from, error, lock)
            throw error
        }
        let isWatched =
            request.runsHooks && release.manifest.install.hooks?[.postActivate].isEmpty == false
        var journal = ActivationJournal(
            from: from, to: version, isPending: isWatched,
            entry: .init(request.event, lock.stamp, release.record, from: from, note: request.note))
        do {
            try journal.write(in: directory, durable: request.synchronize)
            try point(at: version, durable: request.synchronize)
            if isWatched {
                try run(.postActivate)
                journal.isPending = false
                try journal.write(in: directory, durable: request.synchronize)
            }
            try log.append(journal.entry, durable: request.synchronize)
        } catch {
            throw takeBack(journal, release.record, error, lock)
        }
        // Left behind, it is a switch that the next run finds completed.
        try? ActivationJournal.remove(from: directory)
        return outcome
    }

    /// - Returns: what to throw.
    private func takeBack(
        _ journal: ActivationJournal, _ record: InstallRecord, _ error: any Error, _ lock: RootLock
    ) -> any Error {
        do {
            if try current() != journal.from { try point(at: journal.from, durable: true) }
            noteFailure(record, from: journal.from, error, lock)
            try ActivationJournal.remove(from: directory)
            return error
        } catch let second {
            return InstallError(
                .inputOutput,
                "\(error); '\(path)/\(Self.currentPath)' could not be put back: \(second); run any command that changes this root, which tries that first"
            )
        }
    }

    /// Whatever the log can still take.
    private func noteFailure(
        _ record: InstallRecord, from: String?, _ error: any Error, _ lock: RootLock
    ) {
        try? log.append(
            .init(.activationFailed, lock.stamp, record, from: from, note: "\(error)"), durable: true)
    }

    /// Puts `current` in place by one rename; nil takes it away.
    func point(at version: String?, durable: Bool) throws {
        let current = try RelativePath(Self.currentPath)
        if let version {
            let temporary = try RelativePath(Self.temporaryCurrentPath)
            try directory.remove(temporary)
            try directory.createSymbolicLink(
                temporary, to: "\(Self.releasesPath)/\(Self.releaseName(version))")
            do { try directory.replace(current, with: temporary) } catch {
                try? directory.remove(temporary)
                throw error
            }
        } else {
            try directory.remove(current)
        }
        if durable { try directory.synchronize() }
    }
}
