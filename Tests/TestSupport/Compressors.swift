import CBzip2
import CZstd

/// One zstd frame that says its size (RFC 8878).
public func zstandard(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        count = bytes.withUnsafeBytes {
            ZSTD_compress(buffer.baseAddress, bound, $0.baseAddress, $0.count, level)
        }
    }
}

/// One zstd frame, made piece by piece with chosen parameters: it does not say its size.
public func zstandard(_ bytes: [UInt8], windowLog: Int32, checksum: Bool = false) -> [UInt8] {
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
    let bound = ZSTD_compressBound(bytes.count) + 64
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        bytes.withUnsafeBytes { bytes in
            var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: bound, pos: 0)
            ZSTD_compressStream2(context, &output, &input, ZSTD_e_continue)
            while ZSTD_compressStream2(context, &output, &input, ZSTD_e_end) > 0 {}
            count = output.pos
        }
    }
}

/// One bzip2 stream.
/// - Parameter level: 1 to 9, blocks of as many times 100,000 bytes.
public func bzip2(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
    let bound = bytes.count + bytes.count / 100 + 600
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        var written = UInt32(bound)
        var bytes = bytes
        let size = UInt32(bytes.count)
        bytes.withUnsafeMutableBytes { source in
            _ = buffer.withMemoryRebound(to: CChar.self) { target in
                // An empty array has no address, and libbz2 wants one.
                withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1) { none in
                    BZ2_bzBuffToBuffCompress(
                        target.baseAddress, &written,
                        source.baseAddress?.assumingMemoryBound(to: CChar.self) ?? none.baseAddress, size,
                        level, 0, 0)
                }
            }
        }
        count = Int(written)
    }
}
