/// The decompressed bytes of a tar archive, up to a limit.
///
/// Decompressors alone are others' work: libarchive's tar reader stops at the end-of-archive mark and never looks
/// at what follows, depends on the locale, and takes much that other readers understand differently.
final class TarInflatedSource {
    private let inflater: any Inflater
    private let archive: String
    private let limit: UInt64
    /// Bytes so far.
    private var size: UInt64 = 0

    /// - Parameter compressions: those that the archive may have; others are refused.
    init(
        _ raw: TarRawSource, archive: String, compressions: [TarCompression] = TarCompression.allCases,
        limit: UInt64
    ) throws {
        let compression = TarCompression.of(try raw.peek())
        guard compressions.contains(compression) else {
            throw TarError(
                archive: archive, reason: .refused("it is not compressed as its name says (\(compression))"))
        }
        inflater = try compression.inflater(raw, archive: archive)
        self.archive = archive
        self.limit = limit
    }

    /// The next bytes, valid until the next call; none at the end.
    func next() throws -> UnsafeRawBufferPointer {
        let bytes = try inflater.next()
        if bytes.isEmpty, size == 0 {
            throw TarError(archive: archive, reason: .damaged("it unpacks to nothing"))
        }
        size += UInt64(bytes.count)
        guard size <= limit else {
            throw TarError(
                archive: archive, reason: .refused("it unpacks to more than the allowed \(limit) bytes"))
        }
        return bytes
    }
}
