import Glibc

extension Directory {
    /// Where temporary files lie: `TMPDIR`, or `/tmp` where it is unset or empty (POSIX, XBD 8.3).
    public static func temporaryPlace(_ variable: String? = getenv("TMPDIR").map { String(cString: $0) })
        -> String
    {
        guard let variable, !variable.isEmpty else { return "/tmp" }
        return variable
    }

    /// Runs `body` with a new directory that only this user may enter, and that is gone when it returns or throws; a
    /// killed process leaves it behind.
    ///
    /// - Parameters:
    ///   - purpose: for its name, so that what was left behind tells whose it is.
    ///   - parent: an existing directory.
    public static func withTemporary<Value>(
        _ purpose: String, below parent: String = temporaryPlace(), _ body: (Directory) throws -> Value
    ) throws -> Value {
        // mkdtemp(3) puts six characters of its own in the place of the last six.
        var template = Array("\(parent)/airlift-\(purpose).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError("create a temporary directory in", parent) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let holder = try Directory.open(parent)
        let name = try RelativePath(String(path.dropFirst(parent.utf8.count + 1)))
        defer { try? holder.removeTree(name) }
        // Where everybody may rename it, it may be another's by now.
        let directory = try holder.directory(name)
        guard try !holder.isStranger(directory.status().owner) else {
            throw FileError("use", path, code: EPERM)
        }
        return try body(directory)
    }
}
