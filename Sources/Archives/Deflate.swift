import CDeflate
import CZlib
import Synchronization

/// The buffers and codec state of one worker, used again for one archive after the other.
public final class InflateWorkspace {
    private let decompressor: OpaquePointer
    private(set) var input: UnsafeMutableRawBufferPointer
    private(set) var output: UnsafeMutableRawBufferPointer
    /// Larger members always pass through in pieces.
    public static let wholeMemberLimit: UInt64 = 64 << 20
    /// What a workspace keeps between members, in bytes a buffer.
    static let keptSize = 2 << 20

    public init() {
        guard let decompressor = libdeflate_alloc_decompressor() else { preconditionFailure("out of memory") }
        self.decompressor = decompressor
        input = .allocate(byteCount: 1 << 20, alignment: 4_096)
        output = .allocate(byteCount: 1 << 20, alignment: 4_096)
    }

    deinit {
        libdeflate_free_decompressor(decompressor)
        input.deallocate()
        output.deallocate()
    }

    func growInput(to count: Int, keeping used: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: (count + 0x1fffff) & ~0xfffff, alignment: 4_096)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[..<used]))
        input.deallocate()
        input = larger
    }

    /// Takes a smaller input buffer again, with the bytes in `kept`, after a large member.
    func shrinkInput(keeping kept: Range<Int>) {
        let smaller = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.keptSize, alignment: 4_096)
        smaller.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[kept]))
        input.deallocate()
        input = smaller
    }

    func shrinkOutput() {
        guard output.count > Self.keptSize else { return }
        output.deallocate()
        output = .allocate(byteCount: Self.keptSize, alignment: 4_096)
    }

    func reserveOutput(_ count: Int) {
        guard output.count < count else { return }
        output.deallocate()
        output = .allocate(byteCount: (count + 0xfffff) & ~0xfffff, alignment: 4_096)
    }

    /// Inflates a whole raw deflate stream (RFC 1951) that must take up all of `compressed` and give exactly
    /// `size` bytes; nil otherwise. The bytes are valid until the next call.
    func inflate(_ compressed: UnsafeRawBufferPointer, size: Int) -> UnsafeRawBufferPointer? {
        reserveOutput(max(size, 1))
        var consumed = 0
        var produced = 0
        let status = libdeflate_deflate_decompress_ex(
            decompressor, compressed.baseAddress, compressed.count, output.baseAddress, size, &consumed,
            &produced)
        guard status == LIBDEFLATE_SUCCESS, consumed == compressed.count, produced == size else { return nil }
        return UnsafeRawBufferPointer(rebasing: output[..<size])
    }
}

/// The memory of this process for members that are inflated whole: inflating whole is several times faster, and
/// what finds no room is streamed instead, so that memory is bounded whatever the sizes and however many threads.
enum MemoryBudget {
    private static let left = Atomic<Int>(76 << 20)
    /// Members up to this size, in bytes with their compressed form, are not counted.
    static let free: UInt64 = 2 << 20

    static func take(_ size: Int) -> Bool {
        if left.subtract(size, ordering: .relaxed).newValue >= 0 { return true }
        left.add(size, ordering: .relaxed)
        return false
    }

    static func giveBack(_ size: Int) { left.add(size, ordering: .relaxed) }
}

/// A raw deflate stream inflated piece by piece, for members that are too large to be held whole.
struct InflateStream: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var ended = false

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        inflateInit2_(stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Feeds `input` and hands on every filled part of `output`.
    /// - Returns: false for data that is no deflate stream, or that goes on behind its end.
    mutating func feed(
        _ input: UnsafeRawBufferPointer, through output: UnsafeMutableRawBufferPointer,
        _ consume: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress!.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        repeat {
            if ended { return stream.pointee.avail_in == 0 }
            stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(output.count)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return false }
            let produced = output.count - Int(stream.pointee.avail_out)
            if produced > 0 { try consume(UnsafeRawBufferPointer(rebasing: output[..<produced])) }
            ended = status == Z_STREAM_END
            if status == Z_BUF_ERROR { break }
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        return !ended || stream.pointee.avail_in == 0
    }
}

/// CRC-32 as ZIP and gzip use it (ISO 3309), continued from `seed`.
public func crc32(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
    libdeflate_crc32(seed, bytes.baseAddress, bytes.count)
}
