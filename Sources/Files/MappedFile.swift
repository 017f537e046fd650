import Glibc

/// A whole file as bytes of memory, read by the system when they are looked at (mmap(2)).
///
/// Whoever shortens the file meanwhile ends this process with SIGBUS: only for files that nobody else writes, or
/// that are replaced by renaming and never in place.
public final class MappedFile: Sendable {
    // Sendable: the memory is never written, and lives as long as this.
    public nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    public init(_ file: borrowing OpenFile) throws(FileError) {
        let status = try file.status()
        guard status.kind == .file else { throw FileError("read", file.path, code: EINVAL) }
        // An empty range cannot be mapped.
        guard status.size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let count = Int(exactly: status.size),
            let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0), start != MAP_FAILED
        else { throw FileError("map", file.path) }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    deinit {
        if let start = bytes.baseAddress {
            munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
        }
    }

    /// Tells the system that the bytes from the first on are not needed soon: they no longer count as this
    /// process's memory, and are read again when they are looked at.
    public func release(first count: Int) {
        guard let start = bytes.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: start), min(count, bytes.count), MADV_DONTNEED)
    }

    /// The bytes will be read from start to end: the system reads ahead.
    public func willReadOnce() {
        guard let start = bytes.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: start), bytes.count, MADV_SEQUENTIAL)
    }
}
