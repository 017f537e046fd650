import CArchive
import Files

/// The compression of a whole file that is no archive, such as `repodata.json.zst`.
public enum Compression: String, CaseIterable, Hashable, Sendable {
    case zstandard = "zst"
    case bzip2 = "bz2"
    case gzip = "gz"

    /// libarchive's number of it.
    var code: Int32 {
        switch self {
        case .zstandard: ARCHIVE_FILTER_ZSTD
        case .bzip2: ARCHIVE_FILTER_BZIP2
        case .gzip: ARCHIVE_FILTER_GZIP
        }
    }

    /// Decompresses a whole stream, in bounded memory.
    /// - Parameters:
    ///   - limit: bytes of what comes out; a stream that has more is refused when it gets there.
    ///   - body: called with piece after piece, each valid during the call. Nothing of it may be trusted before
    ///     this function has returned.
    /// - Throws: `ArchiveError` for a stream that is damaged, cut short, of another compression, too large, or
    ///   followed by anything; what `body` and the source throw.
    public func decompress(
        _ source: any ByteSource, limit: UInt64, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let input = DecompressionInput(source)
        let stream = try open(input)
        var size: UInt64 = 0
        while !stream.isEmpty, let piece = try next(stream.handle, input) {
            size += UInt64(piece.count)
            guard size <= limit else {
                throw ArchiveError(source.name, "it unpacks to more than the allowed \(limit) bytes")
            }
            try body(piece)
        }
        try finish(stream.handle, input)
    }

    /// As above, into memory.
    public func decompress(_ source: any ByteSource, limit: UInt64) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try decompress(source, limit: limit) { bytes.append(contentsOf: $0) }
        return bytes
    }

    private func open(_ input: DecompressionInput) throws -> OpenStream {
        guard let handle = ArchiveReadHandle() else {
            throw ArchiveError(input.source.name, "there is no memory for a decompressor")
        }
        let reader = handle.pointer
        let supported =
            switch self {
            case .zstandard: archive_read_support_filter_zstd(reader)
            case .bzip2: archive_read_support_filter_bzip2(reader)
            case .gzip: archive_read_support_filter_gzip(reader)
            }
        var entry: OpaquePointer?
        // Anything but OK would mean that an outside program is to be run for the filter.
        guard supported == ARCHIVE_OK, archive_read_support_format_raw(reader) == ARCHIVE_OK,
            archive_read_support_format_empty(reader) == ARCHIVE_OK
        else { throw ArchiveError(input.source.name, handle.message) }
        let status = archive_read_open2(
            reader, Unmanaged.passUnretained(input).toOpaque(), nil,
            { _, context, bytes in
                let input = Unmanaged<DecompressionInput>.fromOpaque(context!).takeUnretainedValue()
                guard let next = input.next() else { return la_ssize_t(ARCHIVE_FATAL) }
                bytes!.pointee = next.baseAddress
                return next.count
            }, nil, nil)
        guard status == ARCHIVE_OK else { throw input.failure ?? damaged(handle, input) }
        // What the filter does not know at its start passes through as it is.
        guard archive_filter_code(reader, 0) == code else {
            throw ArchiveError(input.source.name, "it is not compressed as its name says (\(rawValue))")
        }
        switch archive_read_next_header(reader, &entry) {
        case ARCHIVE_OK: return OpenStream(handle: handle, isEmpty: false)
        case ARCHIVE_EOF: return OpenStream(handle: handle, isEmpty: true)
        default: throw input.failure ?? damaged(handle, input)
        }
    }

    /// nil at the end.
    private func next(_ handle: borrowing ArchiveReadHandle, _ input: DecompressionInput) throws
        -> UnsafeRawBufferPointer?
    {
        var start: UnsafeRawPointer?
        var count = 0
        var offset: la_int64_t = 0
        switch archive_read_data_block(handle.pointer, &start, &count, &offset) {
        case ARCHIVE_OK: return UnsafeRawBufferPointer(start: start, count: count)
        case ARCHIVE_EOF: return nil
        default: throw input.failure ?? damaged(handle, input)
        }
    }

    /// Some decompressors leave what follows their data unread.
    private func finish(_ handle: borrowing ArchiveReadHandle, _ input: DecompressionInput) throws {
        let used = archive_filter_bytes(handle.pointer, -1)
        let rest = input.next()
        if let failure = input.failure { throw failure }
        guard rest?.isEmpty == true, used < 0 || UInt64(used) == input.position else {
            throw ArchiveError(input.source.name, "further bytes follow the end of its compressed data")
        }
    }

    private func damaged(_ handle: borrowing ArchiveReadHandle, _ input: DecompressionInput) -> any Error {
        ArchiveError(input.source.name, "it is damaged (\(handle.message)); get it anew")
    }
}

private struct OpenStream: ~Copyable {
    let handle: ArchiveReadHandle
    /// Nothing comes out of it.
    let isEmpty: Bool
}

/// Compressed bytes in pieces, for libarchive.
private final class DecompressionInput {
    let source: any ByteSource
    private(set) var position: UInt64 = 0
    private(set) var failure: (any Error)?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)

    init(_ source: any ByteSource) { self.source = source }

    deinit { buffer.deallocate() }

    /// None at the end; nil after a failure.
    func next() -> UnsafeRawBufferPointer? {
        do {
            let count = try source.read(into: buffer, at: position)
            position += UInt64(count)
            return UnsafeRawBufferPointer(rebasing: buffer[..<count])
        } catch {
            failure = error
            return nil
        }
    }
}
