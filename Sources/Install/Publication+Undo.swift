import Files
import Glibc

/// Publishing what may have to be taken back: link scripts run in the published environment, and until the last one
/// has ended well it counts as not installed.
///
/// What lies where says what to do, whenever a run was cut off. The new environment bears a mark until everything is
/// done; the old one waits beside it under a name of its own, so that what was kept from an earlier replacement stays
/// as well:
///
/// | at the prefix | as undo | means |
/// |---|---|---|
/// | marked | old | scripts were cut off or failed: exchange them back |
/// | marked | – | as above, and nothing had been there: remove it |
/// | nothing | old | cut off between the two renames of an exchange: put it back |
/// | old | marked | not yet published, or exchanged back: remove it |
/// | new | old | all done, but for giving the old one its place |
extension Publication {
    /// The environment that was published.
    func published() throws(FileError) -> Directory { try parent.directory(name) }

    /// The environment is whole: what it replaced takes the place of what was kept before.
    func settle(synchronizing: Bool) throws(FileError) {
        let prefix = try parent.directory(name)
        if synchronizing { try prefix.synchronizeFileSystem() }
        try UnfinishedMark.remove(from: prefix, durable: synchronizing)
        try keepReplaced()
        if synchronizing { try parent.synchronize() }
    }

    private func keepReplaced() throws(FileError) {
        guard try parent.status(of: undo) != nil else { return }
        try parent.removeTree(old)
        try parent.rename(undo, to: old)
    }

    /// Takes back, or completes, what was published and not settled. The staging directory must be gone.
    func recover() throws(FileError) {
        if try parent.status(of: undo) != nil {
            if try UnfinishedMark.isIn(undo, of: parent) {
                try parent.removeTree(undo)
            } else if try parent.status(of: name) == nil {
                try parent.rename(undo, to: name)
            } else if try UnfinishedMark.isIn(name, of: parent) {
                try exchangeBack()
            } else {
                try keepReplaced()
            }
        }
        guard try UnfinishedMark.isIn(name, of: parent) else { return }
        try UnfinishedMark.endScripts(of: parent.directory(name))
        try parent.rename(name, to: staging)
        try parent.synchronize()
        try parent.removeTree(staging)
    }

    private func exchangeBack() throws(FileError) {
        try UnfinishedMark.endScripts(of: parent.directory(name))
        do throws(FileError) { try parent.exchange(undo, with: name) } catch {
            guard error.code == EINVAL || error.code == ENOSYS || error.code == EXDEV else { throw error }
            try parent.rename(name, to: staging)
            try parent.rename(undo, to: name)
        }
        try parent.synchronize()
        try parent.removeTree(undo)
        try parent.removeTree(staging)
    }

    /// Where the environment is that a run would find at the prefix, after whatever was cut off is taken back.
    static func standing(_ prefix: String) -> String? {
        func exists(_ path: String) -> Bool {
            var status = stat()
            return lstat(path, &status) == 0
        }
        let isMarked = exists("\(prefix)/\(UnfinishedMark.path)")
        let undo = "\(prefix).airlift-undo"
        guard isMarked || !exists(prefix) else { return prefix }
        if exists(undo), !exists("\(undo)/\(UnfinishedMark.path)") { return undo }
        return isMarked ? nil : prefix
    }
}
