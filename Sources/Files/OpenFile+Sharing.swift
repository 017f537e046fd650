import CLinux
import Glibc

extension OpenFile {
    /// Makes this new, empty file share its bytes on the disk with another (ioctl FICLONE): nothing is written, and
    /// changing one of them leaves the other.
    /// - Returns: 0, or the system's reason; a file system that cannot do this says EOPNOTSUPP, EXDEV, EINVAL or ENOTTY.
    public func clone(from source: borrowing OpenFile) -> Int32 {
        while airlift_ficlone(descriptor, source.descriptor) != 0 {
            if errno != EINTR { return errno }
        }
        return 0
    }
}

extension Directory {
    /// Gives the very file that is open a second name directly below this directory, whatever has become of its first
    /// one.
    /// - Returns: 0, or the system's reason.
    public func createHardLink(named name: String, to file: borrowing OpenFile) -> Int32 {
        let original = "/proc/self/fd/\(file.descriptor)"
        while linkat(AT_FDCWD, original, descriptor, name, AT_SYMLINK_FOLLOW) != 0 {
            if errno != EINTR { return errno }
        }
        return 0
    }
}
