import Archives

/// A file of which only some parts are known. Reading another part throws `MissingRange`, which says what to ask
/// for next: so a reader of archives works on a distant file with no knowledge of the network.
struct SparseBytes: ByteSource {
    struct MissingRange: Error {
        /// Offsets in the file.
        let range: Range<UInt64>
    }

    let name: String
    let size: UInt64
    private var parts: [(offset: UInt64, bytes: [UInt8])] = []

    /// A little more than was asked for saves a round for what stands beside it.
    private static let least: UInt64 = 16 << 10

    init(name: String, size: UInt64) {
        self.name = name
        self.size = size
    }

    mutating func add(_ bytes: [UInt8], at offset: UInt64) { parts.append((offset, bytes)) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws -> Int {
        guard offset < size else { return 0 }
        let count = min(UInt64(buffer.count), size - offset)
        for part in parts
        where part.offset <= offset && offset + count <= part.offset + UInt64(part.bytes.count) {
            let start = Int(offset - part.offset)
            buffer.copyBytes(from: part.bytes[start..<(start + Int(count))])
            return Int(count)
        }
        throw MissingRange(range: offset..<min(size, offset + max(count, Self.least)))
    }
}
