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

extension OpenFile {
    /// Whether the file has capabilities, an access list or other extended attributes, which a new one would not have.
    /// The label of SELinux, which every file has there, does not count; where it cannot be known, the answer is yes.
    public var hasAttributes: Bool {
        var names = [CChar](repeating: 0, count: 1_024)
        let count = airlift_attribute_names(descriptor, &names, names.count)
        guard count >= 0 else { return errno != EOPNOTSUPP && errno != ENOSYS }
        return names.prefix(count).split(separator: 0).contains { name in
            !name.elementsEqual("security.selinux".utf8.lazy.map { CChar(bitPattern: $0) })
        }
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
