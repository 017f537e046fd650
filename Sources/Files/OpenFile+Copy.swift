import CLinux
import Glibc

extension OpenFile {
    /// How much is copied between two looks at whether to go on.
    private static let stride: UInt64 = 64 << 20

    /// Fills this new, empty file with the first `count` bytes of another: shared on the disk where the file system
    /// can (ioctl FICLONE), else copied by the kernel, else read and written. Memory is bounded.
    ///
    /// - Parameter goOn: is asked between pieces; what it throws ends the copy.
    /// - Throws: `FileError`; ENODATA where the other file has fewer bytes.
    public func fill(from source: borrowing OpenFile, count: UInt64, goOn: () throws -> Void = {}) throws {
        let size = try source.status().size
        guard size >= count else { throw FileError("read all of", source.path, code: ENODATA) }
        if airlift_ficlone(descriptor, source.descriptor) == 0 {
            try setSize(count)
            return
        }
        var done: UInt64 = 0
        guard lseek(source.descriptor, 0, SEEK_SET) == 0 else { throw FileError("read", source.path) }
        while done < count {
            try goOn()
            let copied = airlift_copy_file_range(
                source.descriptor, descriptor, Int(min(count - done, Self.stride)))
            if copied < 0, errno == EINTR { continue }
            if copied < 0, Self.isUnable(errno) || copied == 0 { break }
            guard copied > 0 else { throw FileError("write", path) }
            done += UInt64(copied)
        }
        try fillByHand(from: source, done..<count, goOn)
    }

    /// What the kernel says where it cannot copy between these two files itself.
    private static func isUnable(_ code: Int32) -> Bool {
        [EXDEV, EINVAL, ENOSYS, EOPNOTSUPP, EBADF, EPERM].contains(code)
    }

    private func fillByHand(
        from source: borrowing OpenFile, _ range: Range<UInt64>, _ goOn: () throws -> Void
    ) throws {
        guard !range.isEmpty else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4_096)
        defer { buffer.deallocate() }
        var done = range.lowerBound
        while done < range.upperBound {
            try goOn()
            let wanted = Int(min(UInt64(buffer.count), range.upperBound - done))
            let count = try source.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: done)
            guard count > 0 else { throw FileError("read all of", source.path, code: ENODATA) }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: done)
            done += UInt64(count)
        }
    }
}
