/// How a tar archive is compressed, told by its first bytes.
enum TarCompression: CaseIterable {
    case zstandard, bzip2, gzip, xz, none

    static func of(_ bytes: UnsafeRawBufferPointer) -> TarCompression {
        func starts(_ magic: [UInt8]) -> Bool { bytes.starts(with: magic) }
        if starts([0x28, 0xb5, 0x2f, 0xfd]) { return .zstandard }
        // A skippable frame (RFC 8878 section 3.1.2), which may stand before the others.
        if bytes.count >= 4, bytes.uint32(0) & 0xffff_fff0 == 0x184d_2a50 { return .zstandard }
        if starts(Array("BZh".utf8)) { return .bzip2 }
        if starts([0x1f, 0x8b]) { return .gzip }
        if starts([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) { return .xz }
        return .none
    }

    func inflater(_ raw: TarRawSource, archive: String) throws -> any Inflater {
        switch self {
        case .zstandard: try ZstandardInflater(raw, archive: archive)
        case .bzip2: try Bzip2Inflater(raw, archive: archive)
        case .gzip, .xz, .none: try LibarchiveInflater(raw, archive: archive)
        }
    }
}

/// Decompresses a stream, piece by piece.
protocol Inflater: AnyObject {
    /// The next bytes, valid until the next call; none at the end, when every raw byte was used.
    /// - Throws: `TarError` for a stream that is damaged, cut short or followed by anything, and `FileError`.
    func next() throws -> UnsafeRawBufferPointer
}
