import Files

/// Puts right what a run that was cut off left in a root. The lock is to be held.
struct RootRecovery {
    let root: ReleaseRoot
    let stamp: ChangeStamp

    /// - Returns: what was done that an operator should know of, in sentences.
    func run() throws -> [String] {
        try RunningHook.end(in: root.directory)
        try root.directory.remove(RelativePath(ReleaseRoot.temporaryCurrentPath))
        try root.directory.directory(RelativePath(ReleaseRoot.ownPath)).removeUnfinishedReplacements()
        var notes: [String] = []
        if let note = try finishSwitch() { notes.append(note) }
        try clearReleases()
        try rememberHighestSerial()
        return notes
    }

    /// Where hooks had still to say that all is well, what was current before is current again; else the switch is
    /// completed.
    private func finishSwitch() throws -> String? {
        guard let journal = try ActivationJournal.read(root.directory) else { return nil }
        let goesBack = try journal.isPending || !isThere(journal.to)
        let wanted = goesBack ? journal.from : journal.to
        // A link that leads elsewhere is no release.
        if (try? root.current()) != wanted { try root.point(at: wanted, durable: true) }
        var entry = journal.entry
        var note: String?
        if goesBack {
            entry = ActivationLog.Entry(
                .activationFailed, stamp, version: journal.to, from: journal.from,
                note: "it was cut off before its hooks had ended")
            entry.serial = journal.entry.serial
            entry.environment = journal.entry.environment
            entry.bundle = journal.entry.bundle
            note =
                "the switch to \(journal.to) was cut off before its hooks had ended; \(journal.from.map { "\($0) is current again" } ?? "no release is current")"
        }
        if try root.log.entries().last != entry { try root.log.append(entry) }
        try ActivationJournal.remove(from: root.directory)
        return note
    }

    private func isThere(_ version: String) throws -> Bool {
        try root.releasesDirectory().status(of: ReleaseRoot.releaseName(version))?.kind == .directory
    }

    /// Takes away releases that were being written or removed, and those whose link scripts were cut off.
    private func clearReleases() throws {
        guard try root.directory.status(of: RelativePath(ReleaseRoot.releasesPath)) != nil else { return }
        let releases = try root.releasesDirectory()
        for name in try releases.names() {
            let path = try RelativePath(name)
            if name.hasPrefix(".") {
                guard ReleaseName.isTemporary(name) else { continue }
                if try !putBack(path, in: releases) { try releases.removeTree(path) }
            } else if try UnfinishedMark.isIn(path, of: releases) {
                try UnfinishedMark.endScripts(of: releases.directory(path))
                let staging = try RelativePath(ReleaseName.staging(of: name))
                try releases.rename(path, to: staging)
                try releases.synchronize()
                try releases.removeTree(staging)
            }
        }
    }

    /// A removal that was cut off before it was certain that no process uses the release is taken back where one does.
    private func putBack(_ path: RelativePath, in releases: Directory) throws -> Bool {
        guard let version = ReleaseName.version(removedAs: path.string) else { return false }
        let last = try root.log.entries().last { $0.version == version }
        guard last?.event != .removed, try releases.status(of: path)?.kind == .directory else { return false }
        let name = try ReleaseRoot.releaseName(version)
        let use = try ReleaseUse.look(for: [version: releases.directory(path)])
        guard use.users[version] != nil, try releases.status(of: name) == nil else { return false }
        try releases.rename(path, to: name)
        try releases.synchronize()
        return true
    }

    /// A release is in place before its serial is remembered.
    private func rememberHighestSerial() throws {
        let records = try root.releases().compactMap(\.record)
        guard let latest = records.max(by: { $0.serial < $1.serial }) else { return }
        var state = try root.state() ?? RootState(name: latest.name)
        if let serial = state.serial, serial >= latest.serial { return }
        state.name = latest.name
        state.serial = latest.serial
        try state.write(in: root.directory)
    }
}

/// Names in `R/releases` that are of no release, or not yet, or no longer.
enum ReleaseName {
    /// While a release is written.
    static func staging(of version: String) -> String { ".\(version).new" }
    /// While it is removed.
    static func removal(of version: String) -> String { ".\(version).gone" }

    /// Of a release that was being removed.
    static func version(removedAs name: String) -> String? {
        guard name.hasPrefix("."), name.hasSuffix(".gone"), name.utf8.count > 6 else { return nil }
        return String(name.dropFirst().dropLast(5))
    }

    static func isTemporary(_ name: String) -> Bool {
        name.hasPrefix(".") && (name.hasSuffix(".new") || name.hasSuffix(".gone"))
    }
}

extension ReleaseRoot {
    /// Whether a run was cut off here, or is at work.
    func hasLeftovers() throws -> Bool {
        if try directory.status(of: RelativePath(ActivationJournal.path)) != nil { return true }
        if try !directory.directory(RelativePath(Self.ownPath)).unfinishedReplacements().isEmpty {
            return true
        }
        return try releasesDirectory().names().contains { ReleaseName.isTemporary($0) }
    }
}
