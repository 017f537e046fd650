import CLinux
import Glibc
import Synchronization

/// A directory held open by descriptor. Everything below it is reached without following a symbolic link, so that nothing
/// can be redirected outside it while it is held.
public final class Directory: Sendable {
    public let descriptor: Int32
    /// For messages only: the directory may have been renamed since.
    public let path: String

    private static let temporaryFiles = Atomic<Int>(0)

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { _ = close(descriptor) }

    /// Opens a directory by a path of the administrator's, whose symbolic links are followed; not those that another user
    /// put where everybody may write.
    public static func open(_ path: String) throws(FileError) -> Directory { try PathWalk.open(path) }

    /// Creates `path` and what is missing above it, then opens it.
    public static func create(_ path: String, permissions: UInt32 = 0o755) throws(FileError) -> Directory {
        try PathWalk.open(path, creating: permissions)
    }

    func name(_ path: RelativePath) -> String { self.path + "/" + path.string }

    /// A directory below this one.
    public func directory(_ path: RelativePath) throws(FileError) -> Directory {
        let inner = try open("open the directory", path, O_RDONLY | O_DIRECTORY)
        return Directory(descriptor: inner, path: name(path))
    }

    func holder(of path: RelativePath) throws(FileError) -> Directory {
        guard let parent = path.parent else { return self }
        return try directory(parent)
    }

    /// Creates a directory that must not exist yet.
    public func createDirectory(_ path: RelativePath, permissions: UInt32 = 0o755) throws(FileError) {
        let holder = try holder(of: path)
        _ = try retrying("create the directory", name(path)) {
            mkdirat(holder.descriptor, path.last, mode_t(permissions))
        }
    }

    /// Creates the directory and all that is missing above it, and opens it.
    public func createDirectories(_ path: RelativePath, permissions: UInt32 = 0o755) throws(FileError)
        -> Directory
    {
        var current = self
        for component in path.components {
            let parent = current
            let name = String(component)
            if mkdirat(parent.descriptor, name, mode_t(permissions)) != 0, errno != EEXIST {
                throw FileError("create the directory", parent.path + "/" + name)
            }
            let descriptor = try retrying("open the directory", parent.path + "/" + name) {
                airlift_openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
            }
            current = Directory(descriptor: descriptor, path: parent.path + "/" + name)
        }
        return current
    }

    /// Creates a file that must not exist yet, in a directory that does.
    public func createFile(_ path: RelativePath, permissions: UInt32 = 0o644) throws(FileError) -> OpenFile {
        let descriptor = try open("create", path, O_WRONLY | O_CREAT | O_EXCL, permissions: permissions)
        return OpenFile(descriptor: descriptor, path: name(path))
    }

    /// Opens a file for reading; what is no file (a pipe that nobody writes to, a device) is an error (EINVAL).
    public func openFile(_ path: RelativePath) throws(FileError) -> OpenFile {
        let descriptor = try open("open", path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        let file = OpenFile(descriptor: descriptor, path: name(path))
        guard try file.status().kind == .file else { throw FileError("read", name(path), code: EINVAL) }
        return file
    }

    /// The whole of a small file.
    /// - Parameter limit: bytes; a larger file is an error (EFBIG).
    public func contents(of path: RelativePath, limit: Int = 64 << 20) throws(FileError) -> [UInt8] {
        let file = try openFile(path)
        let size = try file.status().size
        guard size <= UInt64(limit) else { throw FileError("read", name(path), code: EFBIG) }
        return try file.bytes(at: 0, count: Int(size))
    }

    /// Writes a whole file beside its place and renames it there: a reader sees the old one or the new one.
    public func replaceFile(
        _ path: RelativePath, with bytes: [UInt8], permissions: UInt32 = 0o644, durable: Bool = true
    ) throws(FileError) {
        // Of another length than the name, which may be as long as names can be; two threads take two.
        let number = Self.temporaryFiles.wrappingAdd(1, ordering: .relaxed).newValue
        let temporary = "\(Self.replacementPrefix)\(getpid()).\(number)\(Self.replacementSuffix)"
        let holder = try holder(of: path)
        _ = unlinkat(holder.descriptor, temporary, 0)
        let descriptor = try retrying("create", holder.path + "/" + temporary) {
            airlift_openat(
                holder.descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                permissions)
        }
        let file = OpenFile(descriptor: descriptor, path: holder.path + "/" + temporary)
        do throws(FileError) {
            try file.write(bytes)
            if durable { try file.synchronize() }
            try file.close()
            _ = try retrying("put in place", name(path)) {
                renameat(holder.descriptor, temporary, holder.descriptor, path.last)
            }
            if durable { try holder.synchronize() }
        } catch {
            _ = unlinkat(holder.descriptor, temporary, 0)
            throw error
        }
    }

    private static let replacementPrefix = ".airlift."
    private static let replacementSuffix = ".part"

    /// Removes from this directory what `replaceFile` left when it was cut off. Nobody else may be at work here.
    public func removeUnfinishedReplacements() throws {
        for name in try unfinishedReplacements() { try remove(RelativePath(name)) }
    }

    /// What `replaceFile` left in this directory when it was cut off, or has under way.
    public func unfinishedReplacements() throws(FileError) -> [String] {
        try names().filter {
            $0.hasPrefix(Self.replacementPrefix) && $0.hasSuffix(Self.replacementSuffix)
        }
    }

    /// Adds to the end of a file, which is created where it is missing, by one write. Where the last line is torn, as
    /// a power cut may leave it, a new one is begun.
    public func append(
        _ line: [UInt8], to path: RelativePath, permissions: UInt32 = 0o644, durable: Bool = true
    ) throws(FileError) {
        let holder = try holder(of: path)
        let isNew = try status(of: path) == nil
        let descriptor = try retrying("open", name(path)) {
            airlift_openat(
                holder.descriptor, path.last,
                O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, permissions)
        }
        let file = OpenFile(descriptor: descriptor, path: name(path))
        let status = try file.status()
        guard status.kind == .file else { throw FileError("write", name(path), code: EINVAL) }
        let last = status.size == 0 ? [0x0a] : try file.bytes(at: status.size - 1, count: 1)
        try file.write(last == [0x0a] ? line : [0x0a] + line)
        if durable { try file.synchronize() }
        try file.close()
        if durable, isNew { try holder.synchronize() }
    }

    /// - Parameter target: written as it is; judging where it leads is the caller's.
    public func createSymbolicLink(_ path: RelativePath, to target: String) throws(FileError) {
        let holder = try holder(of: path)
        _ = try retrying("create the symbolic link", name(path)) {
            symlinkat(target, holder.descriptor, path.last)
        }
    }

    public func symbolicLinkTarget(_ path: RelativePath) throws(FileError) -> String {
        let holder = try holder(of: path)
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlinkat(holder.descriptor, path.last, &buffer, buffer.count)
        guard count >= 0 else { throw FileError("read the symbolic link", name(path)) }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The file's own status (a symbolic link's, not its target's); nil where there is none.
    public func status(of path: RelativePath) throws(FileError) -> FileStatus? {
        let holder: Directory
        do throws(FileError) { holder = try self.holder(of: path) } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw error
        }
        var value = stat()
        if fstatat(holder.descriptor, path.last, &value, AT_SYMLINK_NOFOLLOW) != 0 {
            if errno == ENOENT { return nil }
            throw FileError("examine", name(path))
        }
        return FileStatus(value)
    }

    public func status() throws(FileError) -> FileStatus {
        var value = stat()
        _ = try retrying("examine", path) { fstat(descriptor, &value) }
        return FileStatus(value)
    }

    /// Waits until this directory's own entries are on the disk (fsync(2)).
    public func synchronize() throws(FileError) {
        _ = try retrying("write to disk", path) { fsync(descriptor) }
    }

    /// Waits until everything on this file system is on the disk (syncfs(2)): one call for thousands of files.
    public func synchronizeFileSystem() throws(FileError) {
        _ = try retrying("write to disk", path) { airlift_syncfs(descriptor) }
    }

    /// Moves `path` to `other` in this directory, which must not exist.
    public func rename(_ path: RelativePath, to other: RelativePath) throws(FileError) {
        try move(path, to: other, flags: 1)
    }

    /// Exchanges two directories in one step (renameat2(2), RENAME_EXCHANGE).
    public func exchange(_ path: RelativePath, with other: RelativePath) throws(FileError) {
        try move(path, to: other, flags: 2)
    }

    private func move(_ path: RelativePath, to other: RelativePath, flags: UInt32) throws(FileError) {
        let from = try holder(of: path)
        let into = try holder(of: other)
        _ = try retrying("rename to '\(name(other))' the directory", name(path)) {
            airlift_renameat2(from.descriptor, path.last, into.descriptor, other.last, flags)
        }
    }

    /// Bytes and inodes that this user may still use here (statvfs(3)); inodes are nil where none are counted.
    public func freeSpace() throws(FileError) -> (bytes: UInt64, inodes: UInt64?) {
        var value = statvfs()
        _ = try retrying("ask for the free space of", path) { fstatvfs(descriptor, &value) }
        return (
            UInt64(value.f_bavail) * UInt64(value.f_frsize), value.f_files == 0 ? nil : UInt64(value.f_favail)
        )
    }
}

extension Directory {
    /// Moves `other` over `path`, whatever file is there: readers see the old one or the new one.
    public func replace(_ path: RelativePath, with other: RelativePath) throws(FileError) {
        let from = try holder(of: other)
        let into = try holder(of: path)
        _ = try retrying("put in place", name(path)) {
            renameat(from.descriptor, other.last, into.descriptor, path.last)
        }
    }
}

/// Names of one component, for writers that keep their directories open.
extension Directory {
    /// A directory directly below this one, created where it is missing.
    public func openOrCreate(_ name: String, permissions: UInt32 = 0o755) throws(FileError) -> Directory {
        if mkdirat(descriptor, name, mode_t(permissions)) != 0, errno != EEXIST {
            throw FileError("create the directory", path + "/" + name)
        }
        let inner = try retrying("open the directory", path + "/" + name) {
            airlift_openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
        }
        return Directory(descriptor: inner, path: path + "/" + name)
    }

    /// Creates a file directly below this one that must not exist yet.
    public func createFile(named name: String, permissions: UInt32) throws(FileError) -> OpenFile {
        let file = try retrying("create", path + "/" + name) {
            airlift_openat(
                descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions)
        }
        return OpenFile(descriptor: file, path: path + "/" + name)
    }

    /// Gives a file of another directory a second name, directly below this one.
    public func createHardLink(
        named name: String, to original: String, in directory: Directory
    ) throws(FileError) {
        _ = try retrying("create the hard link", path + "/" + name) {
            linkat(directory.descriptor, original, descriptor, name, 0)
        }
    }

    public func createSymbolicLink(named name: String, to target: String) throws(FileError) {
        _ = try retrying("create the symbolic link", path + "/" + name) {
            symlinkat(target, descriptor, name)
        }
    }
}
