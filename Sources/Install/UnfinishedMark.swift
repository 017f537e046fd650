import Files
import Glibc

/// `.airlift/unfinished` in a prefix: it was published, and its link scripts have not all ended well. Whatever finds
/// it holds the environment for not installed.
///
/// While a script runs, the mark names its process by number, start and boot, so that the next run can end a script
/// that outlived a killed installer before it takes its files away.
enum UnfinishedMark {
    static let path = ".airlift/unfinished"

    private static func relative() throws(FileError) -> RelativePath {
        do { return try RelativePath(path) } catch { throw FileError("name", path, code: EINVAL) }
    }

    static func put(in prefix: Directory) throws {
        try prefix.replaceFile(relative(), with: Array("link scripts\n".utf8), durable: false)
    }

    /// Notes the script that runs, where there is a mark.
    /// - Parameter process: the leader of its own process group.
    static func note(_ process: pid_t, in prefix: Directory) throws {
        guard try isIn(prefix), let identity = ProcessIdentity(of: process) else { return }
        try prefix.replaceFile(
            relative(), with: Array("link scripts\n\(identity.text)\n".utf8), durable: false)
    }

    static func remove(from prefix: Directory, durable: Bool) throws(FileError) {
        let path = try relative()
        try prefix.remove(path)
        if durable, let holder = path.parent { try prefix.directory(holder).synchronize() }
    }

    static func isIn(_ prefix: Directory) throws(FileError) -> Bool {
        try prefix.status(of: relative()) != nil
    }

    static func isIn(_ name: RelativePath, of parent: Directory) throws(FileError) -> Bool {
        guard try parent.status(of: name)?.kind == .directory else { return false }
        return try isIn(parent.directory(name))
    }

    /// Ends the script that the mark names, if it is still that one.
    static func endScripts(of prefix: Directory) throws(FileError) {
        // Another user's mark could name any process.
        guard try isIn(prefix), try !Ownership.isStranger(prefix.status().owner) else { return }
        let text = String(decoding: try prefix.contents(of: relative(), limit: 4_096), as: UTF8.self)
        guard let line = text.split(separator: "\n").dropFirst().first else { return }
        ProcessIdentity.endGroup(notedAs: String(line))
    }
}
