import Archives

/// The whole of a file, decompressed as its name says.
enum CompressedFile {
    static func read(_ path: String) throws -> [UInt8] {
        let file = try FileRegion(path: path)
        guard let compression = Compression.allCases.first(where: { path.hasSuffix("." + $0.rawValue) })
        else {
            return try file.bytes(at: 0, count: Int(file.size))
        }
        return try compression.decompress(file, limit: 1 << 28)
    }
}
