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
        defer {
            if let name = try? RelativePath(String(path.dropFirst(parent.utf8.count + 1))) {
                try? Directory.open(parent).removeTree(name)
            }
        }
        return try body(try Directory.open(path))
    }

    /// Removes what `replaceFile` leaves directly below this directory when its process is killed. Only for whoever
    /// holds the lock of all that write here: another's file would go too.
    public func removeTemporaryFiles() throws(FileError) {
        for name in try names() where Self.isTemporary(name) {
            if unlinkat(descriptor, name, 0) != 0, errno != ENOENT {
                throw FileError("remove", path + "/" + name)
            }
        }
    }

    /// `.airlift.<process>.<number>.part`
    private static func isTemporary(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 5 && parts[0].isEmpty && parts[1] == "airlift" && parts[4] == "part"
            && parts[2...3].allSatisfy { UInt64($0) != nil }
    }
}
