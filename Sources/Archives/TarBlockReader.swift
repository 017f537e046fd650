import Files

/// The blocks of a tar archive, out of the stream of its decompressed bytes.
final class TarBlockReader {
    static let blockSize = 512

    private let source: TarInflatedSource
    private let archive: String
    private var window = UnsafeRawBufferPointer(start: nil, count: 0)
    /// For a block that lies in two pieces of the stream.
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 16)
    /// Bytes handed out so far.
    private(set) var position: UInt64 = 0

    init(_ source: TarInflatedSource, archive: String) {
        self.source = source
        self.archive = archive
    }

    deinit { scratch.deallocate() }

    private func fill() throws -> Bool {
        if window.isEmpty { window = try source.next() }
        return !window.isEmpty
    }

    /// Up to `count` bytes, at least one, valid until the next call; none at the end.
    func some(_ count: UInt64) throws -> UnsafeRawBufferPointer {
        guard count > 0, try fill() else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let taken = UnsafeRawBufferPointer(rebasing: window.prefix(Int(min(count, UInt64(window.count)))))
        window = UnsafeRawBufferPointer(rebasing: window.dropFirst(taken.count))
        position += UInt64(taken.count)
        return taken
    }

    /// One block, valid until the next call; nil where the stream ended before it.
    func block() throws -> UnsafeRawBufferPointer? {
        let first = try some(UInt64(Self.blockSize))
        if first.count == Self.blockSize { return first }
        if first.isEmpty { return nil }
        var filled = first.count
        scratch.copyMemory(from: first)
        while filled < Self.blockSize {
            let next = try some(UInt64(Self.blockSize - filled))
            if next.isEmpty { throw truncated(nil) }
            UnsafeMutableRawBufferPointer(rebasing: scratch[filled...]).copyMemory(from: next)
            filled += next.count
        }
        return UnsafeRawBufferPointer(scratch)
    }

    /// Exactly `count` bytes; nil where the stream ended before the first.
    func bytes(_ count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let next = try some(UInt64(count - bytes.count))
            if next.isEmpty {
                if bytes.isEmpty { return nil }
                throw truncated(nil)
            }
            bytes.append(contentsOf: next)
        }
        return bytes
    }

    /// Passes over `count` bytes.
    func skip(_ count: Int, _ member: String?) throws {
        var left = count
        while left > 0 {
            let next = try some(UInt64(left))
            if next.isEmpty { throw truncated(member) }
            left -= next.count
        }
    }

    func truncated(_ member: String?) -> TarError {
        TarError(
            archive: archive, member: member,
            reason: .damaged("it ends in the middle, after \(position) bytes"))
    }
}
