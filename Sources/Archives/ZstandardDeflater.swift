import CZstd

/// Compressing small documents in memory.
public enum ZstandardDeflater {
    /// One Zstandard frame (RFC 8878) with its size in its header; the same bytes for the same version of the library.
    /// - Parameter level: from 1, fast, to 19, small.
    /// - Throws: `ArchiveError` where memory is short.
    public static func frame(_ bytes: [UInt8], level: Int32 = 9, name: String) throws(ArchiveError)
        -> [UInt8]
    {
        var status = 0
        let frame = [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { buffer, count in
            status = ZSTD_compress(buffer.baseAddress, buffer.count, bytes, bytes.count, level)
            count = ZSTD_isError(status) == 0 ? status : 0
        }
        guard ZSTD_isError(status) == 0 else {
            throw ArchiveError(name, "it cannot be compressed: \(String(cString: ZSTD_getErrorName(status)))")
        }
        return frame
    }
}
