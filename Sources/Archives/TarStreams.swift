import CArchive
import Digests
import Files

/// The raw bytes of a range of a file, hashed on their way.
final class TarRawSource {
    private let file: UnsafePointer<OpenFile>
    private let start: UInt64
    private var position: UInt64
    private let end: UInt64
    private let observe: ((UnsafeRawBufferPointer) -> Void)?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var hasher = SHA256()
    private(set) var failure: FileError?

    /// - Parameter file: must outlive this.
    init(
        _ file: UnsafePointer<OpenFile>, offset: UInt64, length: UInt64,
        observe: ((UnsafeRawBufferPointer) -> Void)?
    ) {
        self.file = file
        start = offset
        position = offset
        end = offset + length
        self.observe = observe
    }

    deinit { buffer.deallocate() }

    /// The next bytes; none at the end of the range or of the file; nil after a failure.
    func next() -> UnsafeRawBufferPointer? {
        let wanted = Int(min(UInt64(buffer.count), end - position))
        do throws(FileError) {
            let count = try file.pointee.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: position)
            position += UInt64(count)
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(bytes)
            observe?(bytes)
            return bytes
        } catch {
            failure = error
            return nil
        }
    }

    /// Reads what is left, so that the digest is that of the whole range.
    func digest() throws(FileError) -> SHA256Digest {
        while let bytes = next(), !bytes.isEmpty {}
        if let failure { throw failure }
        return hasher.finalize()
    }

    /// Whether more was read than the `used` bytes that a decompressor says it took.
    func unread(after used: Int64) -> Bool { used >= 0 && UInt64(used) < position - start }

    /// Bytes of the range that the file does not have, once everything is read.
    var missing: UInt64 { end - position }
}

/// The decompressed bytes of a tar archive.
///
/// libarchive decompresses; its tar reader is not used. That one stops at the end-of-archive mark and never
/// looks at what follows, depends on the locale, and takes much that other readers understand differently.
final class TarInflatedSource {
    let raw: TarRawSource
    private let archive: String
    private let limit: UInt64
    private let handle: ArchiveReadHandle
    /// Bytes so far.
    private var size: UInt64 = 0
    private(set) var failure: (any Error)?

    init(_ raw: TarRawSource, archive: String, limit: UInt64) throws {
        guard let handle = ArchiveReadHandle() else {
            throw TarError(archive: archive, reason: .failed("there is no memory for a decompressor"))
        }
        self.raw = raw
        self.archive = archive
        self.limit = limit
        self.handle = handle
        let reader = self.handle.pointer
        // Anything but OK would mean that an outside program is to be run for the filter.
        guard archive_read_support_filter_zstd(reader) == ARCHIVE_OK,
            archive_read_support_filter_gzip(reader) == ARCHIVE_OK,
            archive_read_support_filter_bzip2(reader) == ARCHIVE_OK,
            archive_read_support_filter_xz(reader) == ARCHIVE_OK,
            archive_read_support_format_raw(reader) == ARCHIVE_OK
        else { throw TarError(archive: archive, reason: .failed(self.handle.message)) }
        var entry: OpaquePointer?
        guard
            archive_read_open2(
                reader, Unmanaged.passUnretained(raw).toOpaque(), nil,
                { _, context, bytes in
                    let source = Unmanaged<TarRawSource>.fromOpaque(context!).takeUnretainedValue()
                    guard let next = source.next() else { return la_ssize_t(ARCHIVE_FATAL) }
                    bytes!.pointee = next.baseAddress
                    return next.count
                }, nil, nil) == ARCHIVE_OK,
            archive_read_next_header(reader, &entry) == ARCHIVE_OK
        else { throw raw.failure ?? damaged(self.handle.message) }
    }

    private func damaged(_ what: String) -> any Error {
        TarError(archive: archive, reason: .damaged(what))
    }

    /// The next bytes; none at the end; nil after a failure.
    func next() -> UnsafeRawBufferPointer? {
        guard failure == nil else { return nil }
        var start: UnsafeRawPointer?
        var count = 0
        var offset: la_int64_t = 0
        let status = archive_read_data_block(handle.pointer, &start, &count, &offset)
        if status == ARCHIVE_EOF {
            // Some decompressors leave what follows their data unread.
            let used = archive_filter_bytes(handle.pointer, -1)
            if let rest = raw.next(), !rest.isEmpty || raw.unread(after: used) {
                failure = damaged("further bytes follow the end of its compressed data")
                return nil
            }
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        guard status == ARCHIVE_OK else {
            failure = raw.failure ?? damaged(handle.message)
            return nil
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: count)
        size += UInt64(count)
        guard size <= limit else {
            failure = TarError(
                archive: archive, reason: .refused("it unpacks to more than the allowed \(limit) bytes"))
            return nil
        }
        return bytes
    }
}
