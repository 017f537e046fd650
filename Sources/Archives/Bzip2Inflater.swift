import CBzip2

/// bzip2 streams, one after the other, as parallel compressors write them: the content is the sum of all.
final class Bzip2Inflater: Inflater {
    private let raw: TarRawSource
    private let archive: String
    private let stream: UnsafeMutablePointer<bz_stream>
    private let output: UnsafeMutableRawBufferPointer
    private var input = UnsafeRawBufferPointer(start: nil, count: 0)
    private var used = 0
    /// A stream has begun and not ended.
    private var isOpen = false
    private var hasStream = false

    init(_ raw: TarRawSource, archive: String) throws {
        self.raw = raw
        self.archive = archive
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
        output = .allocate(byteCount: 256 << 10, alignment: 4_096)
    }

    deinit {
        if isOpen { BZ2_bzDecompressEnd(stream) }
        stream.deallocate()
        output.deallocate()
    }

    func next() throws -> UnsafeRawBufferPointer {
        var count = 0
        while count == 0 {
            // Where the input is used up the decoder may still hold most of a block.
            if used == input.count, !isOpen || stream.pointee.avail_out > 0 {
                input = try raw.next()
                used = 0
                if input.isEmpty {
                    guard !isOpen else { throw damaged("it is cut short") }
                    break
                }
            }
            if !isOpen { try open() }
            count = try step()
        }
        return UnsafeRawBufferPointer(rebasing: output[..<count])
    }

    private func damaged(_ what: String) -> TarError { TarError(archive: archive, reason: .damaged(what)) }

    private func open() throws(TarError) {
        stream.pointee = bz_stream()
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            throw TarError(archive: archive, reason: .failed("there is no memory for a decompressor"))
        }
        isOpen = true
    }

    /// Bytes that came out.
    private func step() throws(TarError) -> Int {
        stream.pointee.next_in = input.baseAddress.map {
            UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: CChar.self) + used)
        }
        stream.pointee.avail_in = UInt32(input.count - used)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(output.count)
        let status = BZ2_bzDecompress(stream)
        used = input.count - Int(stream.pointee.avail_in)
        switch status {
        case BZ_OK: break
        case BZ_STREAM_END:
            BZ2_bzDecompressEnd(stream)
            isOpen = false
            hasStream = true
        case BZ_DATA_ERROR_MAGIC where hasStream:
            throw damaged("further bytes follow the end of its compressed data")
        case BZ_MEM_ERROR:
            throw TarError(archive: archive, reason: .failed("there is no memory for a block of it"))
        default: throw damaged("its bzip2 data is wrong (\(status))")
        }
        return output.count - Int(stream.pointee.avail_out)
    }
}
