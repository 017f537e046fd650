import Glibc
import Synchronization

/// How the files of a donor can be had, found out by trying: the same for all of them, as they lie on one file system
/// and go to one.
final class SharingMeans: Sendable {
    enum Mean: Sendable { case clone, link, copy }

    private let best = Mutex(Mean.clone)

    var current: Mean { best.withLock { $0 } }

    /// Takes note that something was tried and the system refused.
    /// - Returns: whether it would refuse it for any other file too.
    func refused(_ mean: Mean, _ code: Int32) -> Bool {
        let next: Mean
        switch (mean, code) {
        case (.clone, EOPNOTSUPP), (.clone, EXDEV), (.clone, EINVAL), (.clone, ENOTTY), (.clone, ENOSYS):
            next = .link
        case (.link, EXDEV), (.link, EOPNOTSUPP), (.link, ENOSYS): next = .copy
        default: return false
        }
        best.withLock { if $0 == mean { $0 = next } }
        return true
    }
}
