import Glibc

extension Directory {
    /// Takes the permission to write from every file below this directory that has it. Directories keep theirs, and
    /// symbolic links have none.
    /// - Parameter isKept: tells by its path below this directory what is left as it is, with all that lies below.
    public func removeWritePermissions(except isKept: (RelativePath) -> Bool = { _ in false }) throws {
        func seal(_ directory: Directory, below prefix: RelativePath?) throws {
            for name in try directory.names() {
                let path = try prefix?.appending(name) ?? RelativePath(name)
                guard !isKept(path), let status = try directory.status(of: RelativePath(name)) else {
                    continue
                }
                if status.kind == .directory {
                    try seal(directory.directory(RelativePath(name)), below: path)
                } else if status.kind == .file, status.permissions & 0o222 != 0 {
                    let permissions = mode_t(status.permissions & ~0o222)
                    _ = try retrying("set the permissions of", directory.path + "/" + name) {
                        fchmodat(directory.descriptor, name, permissions, 0)
                    }
                }
            }
        }
        try seal(self, below: nil)
    }
}
