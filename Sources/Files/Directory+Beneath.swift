import CLinux
import Glibc

/// Opening what lies several directories below, in one system call where the kernel can: openat2(2), Linux 5.6. It
/// resolves the whole path without leaving the directory and without following a symbolic link, as the walk by
/// O_NOFOLLOW does, so that the two are exchangeable.
extension Directory {
    /// Whether the kernel has openat2(2) and lets this process call it; containers' filters of system calls may answer
    /// ENOSYS or EPERM. Asked once.
    static let resolvesAtOnce: Bool = {
        let root = Glibc.open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { return false }
        defer { _ = close(root) }
        let probe = airlift_openat2_beneath(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard probe >= 0 else { return false }
        _ = close(probe)
        return true
    }()

    /// Opens a path below this directory; a symbolic link anywhere in it is an error (ELOOP or ENOTDIR).
    /// - Parameter atOnce: by openat2(2); otherwise component by component.
    func open(
        _ operation: String, _ path: RelativePath, _ flags: Int32, permissions: UInt32 = 0,
        atOnce: Bool = resolvesAtOnce
    ) throws(FileError) -> Int32 {
        if atOnce, path.string.utf8.contains(0x2f) {
            while true {
                let result = airlift_openat2_beneath(descriptor, path.string, flags | O_CLOEXEC, permissions)
                if result >= 0 { return result }
                switch errno {
                case EINTR: continue
                // The walk tells which component it is.
                case ENOENT, ENOTDIR, ELOOP, EXDEV, EAGAIN, ENOSYS: break
                default: throw FileError(operation, name(path))
                }
                break
            }
        }
        return try walk(operation, path, flags, permissions)
    }

    private func walk(
        _ operation: String, _ path: RelativePath, _ flags: Int32, _ permissions: UInt32
    ) throws(FileError) -> Int32 {
        var holder = self
        let components = path.components
        for component in components.dropLast() {
            let parent = holder
            let name = String(component)
            let descriptor = try retrying("open the directory", parent.path + "/" + name) {
                airlift_openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
            }
            holder = Directory(descriptor: descriptor, path: parent.path + "/" + name)
        }
        return try retrying(operation, name(path)) {
            airlift_openat(holder.descriptor, path.last, flags | O_NOFOLLOW | O_CLOEXEC, permissions)
        }
    }
}
