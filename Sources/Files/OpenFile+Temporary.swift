import Glibc

extension OpenFile {
    /// A file without a name, for reading and writing: its space is given back when it is closed, even by a
    /// process that is killed. It lies in `TMPDIR`, or in `/tmp`.
    public static func temporary() throws(FileError) -> OpenFile {
        let directory = Directory.temporaryPlace()
        // mkstemp(3) puts six characters of its own in the place of the last six.
        var template = Array("\(directory)/airlift.XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw FileError("create a temporary file in", directory) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return OpenFile(descriptor: descriptor, path: "a temporary file in \(directory)")
    }
}
