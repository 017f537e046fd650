import Files

/// One member of the archive to be, and where its content is from.
struct CapturedItem {
    enum Content {
        /// A file of this machine, whose own links are followed.
        case file(String)
        case bytes([UInt8])
        case link(target: String)
    }

    let path: RelativePath
    var content: Content
    let permissions: UInt32
    /// Seconds since 1970 UTC.
    let modificationTime: Int64

    /// A file with its own time, and permissions reduced to whether it can be executed.
    static func file(_ source: String, as path: String, executable: Bool? = nil) throws -> CapturedItem {
        let status = try OpenFile.read(source).status()
        let isExecutable = executable ?? status.isExecutable
        return CapturedItem(
            path: try RelativePath(path), content: .file(source), permissions: isExecutable ? 0o755 : 0o644,
            modificationTime: status.modificationTime)
    }
}
