import Files

/// Everything that lies in a prefix, looked at once.
struct PrefixSurvey: Sendable {
    /// Files and links by their paths.
    private(set) var files: [RelativePath: FileStatus] = [:]
    private(set) var directories: [RelativePath: FileStatus] = [:]
    /// Of the prefix itself.
    let root: FileStatus

    init(_ prefix: Directory) throws {
        root = try prefix.status()
        var files: [RelativePath: FileStatus] = [:]
        var directories: [RelativePath: FileStatus] = [:]
        try prefix.walk { path, status in
            if status.kind == .directory { directories[path] = status } else { files[path] = status }
        }
        self.files = files
        self.directories = directories
    }

    func status(of path: RelativePath) -> FileStatus? { files[path] ?? directories[path] }

    /// Directories that everybody may write into, sorted: whoever does may put files there that are imported. The
    /// empty path stands for the prefix itself.
    func openDirectories() -> [(path: String, permissions: UInt32)] {
        let open = directories.filter { Self.isOpen($0.value) }.map { ($0.key.string, $0.value.permissions) }
        let all = open + (Self.isOpen(root) ? [("", root.permissions)] : [])
        return all.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    }

    private static func isOpen(_ status: FileStatus) -> Bool { status.permissions & 0o002 != 0 }
}
