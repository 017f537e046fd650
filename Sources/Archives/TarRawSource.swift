import Files

/// The raw bytes of a range of a file, each shown to an observer on its way.
final class TarRawSource {
    private let file: UnsafePointer<OpenFile>
    private var position: UInt64
    private let end: UInt64
    private let observe: (UnsafeRawBufferPointer) -> Void
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4_096)
    /// Read, and not yet taken by `next()`.
    private var peeked: UnsafeRawBufferPointer?

    /// - Parameter file: must outlive this.
    init(
        _ file: UnsafePointer<OpenFile>, offset: UInt64, length: UInt64,
        observe: @escaping (UnsafeRawBufferPointer) -> Void
    ) {
        self.file = file
        position = offset
        end = offset + length
        self.observe = observe
    }

    deinit { buffer.deallocate() }

    /// The next bytes, valid until the next call; none at the end of the range or of the file.
    func next() throws(FileError) -> UnsafeRawBufferPointer {
        if let bytes = peeked {
            peeked = nil
            return bytes
        }
        let wanted = Int(min(UInt64(buffer.count), end - position))
        let count = try file.pointee.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: position)
        position += UInt64(count)
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        observe(bytes)
        return bytes
    }

    /// What `next()` will give.
    func peek() throws(FileError) -> UnsafeRawBufferPointer {
        if peeked == nil { peeked = try next() }
        return peeked ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Reads what is left, so that every byte of the range was observed.
    func drain() throws(FileError) { while try !next().isEmpty {} }

    /// Bytes of the range that the file does not have, once everything is read.
    var missing: UInt64 { end - position }
}
