import Archives

/// The whole of a file that is compressed with Zstandard.
enum CompressedFile {
    static func read(_ path: String) throws -> [UInt8] {
        try Compression.zstandard.decompress(FileRegion(path: path), limit: 1 << 28)
    }
}
