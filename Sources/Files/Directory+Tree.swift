import CLinux
import Glibc

/// What lies below a directory: listing it, and removing it.
extension Directory {
    /// The names in this directory, sorted by their bytes, without `.` and `..`. A name that is no UTF-8 is an
    /// error (EILSEQ): repaired, it would name nothing.
    public func names() throws(FileError) -> [String] {
        var names: [String] = []
        for raw in try rawNames() {
            let bytes = raw.dropLast().map { UInt8(bitPattern: $0) }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw FileError(
                    "read the name of", path + "/" + String(decoding: bytes, as: UTF8.self), code: EILSEQ)
            }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The names as the system has them, ending with a NUL.
    private func rawNames() throws(FileError) -> [[CChar]] {
        let copy = try retrying("read the directory", path) {
            airlift_openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
        guard let stream = fdopendir(copy) else {
            let code = errno
            _ = close(copy)
            throw FileError("read the directory", path, code: code)
        }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw FileError("read the directory", path) }
                break
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
                }
            }
            if name != [0x2e, 0] && name != [0x2e, 0x2e, 0] { names.append(name) }
        }
        return names
    }

    /// Everything below this directory, parents first, in the order of the bytes of each name; symbolic links
    /// are listed and not followed.
    public func walk(_ visit: (RelativePath, FileStatus) throws -> Void) throws {
        func walk(_ directory: Directory, below prefix: RelativePath?) throws {
            for name in try directory.names() {
                let path = try prefix?.appending(name) ?? RelativePath(name)
                guard let status = try directory.status(of: RelativePath(name)) else { continue }
                try visit(path, status)
                if status.kind == .directory {
                    try walk(directory.directory(RelativePath(name)), below: path)
                }
            }
        }
        try walk(self, below: nil)
    }

    /// Sets the modification time of what is at `path`, a symbolic link's own too, or of this directory.
    /// - Parameter seconds: since 1970 UTC.
    public func setModificationTime(_ seconds: Int64, of path: RelativePath? = nil) throws(FileError) {
        let time = timespec(tv_sec: Int(seconds), tv_nsec: 0)
        let pair = [time, time]
        guard let path else {
            _ = try retrying("set the time of", self.path) { futimens(descriptor, pair) }
            return
        }
        let holder = try holder(of: path)
        _ = try retrying("set the time of", name(path)) {
            utimensat(holder.descriptor, path.last, pair, AT_SYMLINK_NOFOLLOW)
        }
    }

    /// Removes a file or an empty directory; nothing happens where there is none.
    public func remove(_ path: RelativePath, directory isDirectory: Bool = false) throws(FileError) {
        let holder = try holder(of: path)
        if unlinkat(holder.descriptor, path.last, isDirectory ? AT_REMOVEDIR : 0) != 0, errno != ENOENT {
            throw FileError("remove", name(path))
        }
    }

    /// Removes whatever is there with all that is below it; read-only directories are opened up first.
    public func removeTree(_ path: RelativePath) throws(FileError) {
        let holder = try holder(of: path)
        try holder.removeTree(named: Array(path.last.utf8CString))
    }

    /// - Parameter name: the bytes that the system has, UTF-8 or not, ending with a NUL.
    private func removeTree(named name: [CChar]) throws(FileError) {
        if unlinkat(descriptor, name, 0) == 0 || errno == ENOENT { return }
        let reason = errno
        let text = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard reason == EISDIR || reason == EPERM || reason == EACCES else {
            throw FileError("remove", path + "/" + text, code: reason)
        }
        var inner: Int32
        repeat {
            inner = airlift_openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
        } while inner < 0 && errno == EINTR
        guard inner >= 0 else {
            // Whatever was refused a moment ago, it is gone.
            if errno == ENOENT { return }
            throw FileError(
                "remove", path + "/" + text, code: errno == ENOTDIR || errno == ELOOP ? reason : errno)
        }
        let directory = Directory(descriptor: inner, path: path + "/" + text)
        if try directory.status().permissions & 0o700 != 0o700 { _ = fchmod(inner, 0o700) }
        for child in try directory.rawNames() { try directory.removeTree(named: child) }
        if unlinkat(descriptor, name, AT_REMOVEDIR) != 0, errno != ENOENT {
            throw FileError("remove", path + "/" + text)
        }
    }
}
