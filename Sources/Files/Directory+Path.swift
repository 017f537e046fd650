import CLinux
import Glibc

/// Following a path from its start, one component after the other.
///
/// Symbolic links are followed: the path is the administrator's, and so are they. Not so one that another user put
/// into a directory that everybody may write to: it would lead wherever they like, and be something else a moment
/// later. This is what the kernel does too where fs.protected_symlinks is set.
struct PathWalk {
    private let path: String
    private let operation: String
    /// For missing directories; nil where none are to be made.
    private let permissions: UInt32?

    /// - Parameter permissions: of the directories that are made where they are missing; nil makes none.
    static func open(_ path: String, creating permissions: UInt32? = nil) throws(FileError) -> Directory {
        let walk = PathWalk(
            path: path, operation: permissions == nil ? "open the directory" : "create the directory",
            permissions: permissions)
        return try walk.run()
    }

    private func run() throws(FileError) -> Directory {
        let isAbsolute = path.utf8.first == 0x2f
        guard !path.isEmpty else { throw FileError(operation, path, code: ENOENT) }
        var partial = isAbsolute ? "/" : ""
        // Directories that may be entered need not be readable.
        var holder = try Directory(
            descriptor: retrying(operation, path) {
                Glibc.open(isAbsolute ? "/" : ".", AIRLIFT_O_PATH | O_DIRECTORY | O_CLOEXEC)
            }, path: partial)
        for component in path.utf8.split(separator: 0x2f) {
            partial += Substring(component)
            holder = try Directory(
                descriptor: enter(String(Substring(component)), in: holder, partial), path: partial)
            partial += "/"
        }
        let descriptor = try retrying("open the directory", path) {
            airlift_openat(holder.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
        return Directory(descriptor: descriptor, path: path)
    }

    private func enter(_ name: String, in holder: Directory, _ partial: String) throws(FileError) -> Int32 {
        let flags = AIRLIFT_O_PATH | O_DIRECTORY | O_CLOEXEC
        let place = permissions == nil ? path : partial
        var descriptor = airlift_openat(holder.descriptor, name, flags | O_NOFOLLOW, 0)
        if descriptor < 0, errno == ENOENT, let permissions {
            if mkdirat(holder.descriptor, name, mode_t(permissions)) != 0, errno != EEXIST {
                throw FileError(operation, place)
            }
            descriptor = airlift_openat(holder.descriptor, name, flags | O_NOFOLLOW, 0)
        }
        if descriptor >= 0 { return descriptor }
        guard errno == ENOTDIR || errno == ELOOP else { throw FileError(operation, place) }
        var link = stat()
        guard fstatat(holder.descriptor, name, &link, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw FileError(operation, place)
        }
        guard link.st_mode & S_IFMT == S_IFLNK else { throw FileError(operation, place, code: ENOTDIR) }
        if try holder.status().permissions & 0o002 != 0, Ownership.isStranger(link.st_uid) {
            throw FileError("follow the symbolic link of another user", partial, code: EACCES)
        }
        do throws(FileError) {
            return try retrying(operation, place) { airlift_openat(holder.descriptor, name, flags, 0) }
        } catch {
            // A link that leads nowhere is in the way of a directory that is to be made.
            throw permissions != nil && error.code == ENOENT
                ? FileError(operation, place, code: EEXIST) : error
        }
    }
}
