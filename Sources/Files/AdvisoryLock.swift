import CLinux
import Glibc

/// An advisory lock on a file (flock(2)): the kernel lets go of it when the process ends, however it ends.
public struct AdvisoryLock: ~Copyable, Sendable {
    private let file: OpenFile

    // A process that another thread has just started holds the descriptor too, until it runs its program.
    deinit { _ = flock(file.descriptor, LOCK_UN) }

    /// Takes the lock, creating its file where needed. The file may be removed by a holder: the name is looked
    /// at again once the lock is there, so that no two processes hold locks on two files of one name. One that another
    /// user put there is refused (EPERM): they would say who may work here.
    ///
    /// - Parameters:
    ///   - wait: whether to wait for another holder; otherwise EWOULDBLOCK is thrown at once.
    ///   - permissions: of the file, where it is created. Whoever may read it may hold it.
    public static func take(
        _ path: RelativePath, in directory: Directory, wait: Bool, shared: Bool = false,
        permissions: UInt32 = 0o644
    ) throws(FileError) -> AdvisoryLock {
        let name = directory.path + "/" + path.string
        while true {
            let descriptor = try retrying("open the lock", name) {
                airlift_openat(
                    directory.descriptor, path.string,
                    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, permissions)
            }
            let file = OpenFile(descriptor: descriptor, path: name)
            let operation = (shared ? LOCK_SH : LOCK_EX) | (wait ? 0 : LOCK_NB)
            _ = try retrying("lock", name) { flock(descriptor, operation) }
            let held = try file.status()
            guard held.kind == .file else { throw FileError("lock", name, code: EINVAL) }
            if directory.isStranger(held.owner) {
                throw FileError("use the lock of another user", name, code: EPERM)
            }
            if let named = try directory.status(of: path), named.inode == held.inode,
                named.device == held.device
            {
                return AdvisoryLock(file: file)
            }
        }
    }
}
