import Files
import Glibc

/// `R/.airlift/hook`: the hook of a root that runs, by its process. Nobody keeps to its time limit once the installer
/// was killed, and so the next run ends it.
enum RunningHook {
    static let path = "\(ReleaseRoot.ownPath)/hook"

    static func note(_ process: pid_t, in root: Directory) throws {
        guard let identity = ProcessIdentity(of: process) else { return }
        try root.replaceFile(RelativePath(path), with: Array("\(identity.text)\n".utf8), durable: false)
    }

    static func forget(in root: Directory) throws { try root.remove(RelativePath(path)) }

    /// Ends the one that was left; the lock is to be held.
    static func end(in root: Directory) throws {
        guard try root.status(of: RelativePath(path)) != nil else { return }
        let text = String(decoding: try root.contents(of: RelativePath(path), limit: 4_096), as: UTF8.self)
        if let line = text.split(separator: "\n").first { ProcessIdentity.endGroup(notedAs: String(line)) }
        try forget(in: root)
    }
}
