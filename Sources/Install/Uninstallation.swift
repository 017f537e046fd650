import Files

/// Takes an environment away again.
public enum Uninstallation {
    /// Renames the prefix aside in one step, then removes it.
    ///
    /// - Parameter force: also remove files that nobody recorded.
    /// - Throws: `InstallError` of kind `targetInTheWay` where there is no record, or where unrecorded files would
    ///   be lost.
    public static func run(_ prefix: String, force: Bool) throws -> InstallRecord {
        let prefix = try InstallRequest(prefix: prefix, now: "").judged(longestPath: 0).prefix
        guard case .environment(let record) = try ExistingPrefix.examine(prefix) else {
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
            try publication.remove()
            publication.end()
        } catch {
            publication.end()
            throw error
        }
        return record
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
        try parent.synchronize()
        try parent.removeTree(staging)
        try parent.removeTree(old)
    }
}
