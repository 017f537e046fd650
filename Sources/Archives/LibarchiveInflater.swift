import CArchive

/// gzip, xz, or no compression at all, through libarchive.
final class LibarchiveInflater: Inflater {
    private let raw: TarRawSource
    private let archive: String
    private let handle: ArchiveReadHandle
    /// Why reading the raw bytes failed.
    private var failure: (any Error)?
    /// Raw bytes handed to libarchive.
    private var given: UInt64 = 0

    init(_ raw: TarRawSource, archive: String) throws {
        guard let handle = ArchiveReadHandle() else {
            throw TarError(archive: archive, reason: .failed("there is no memory for a decompressor"))
        }
        self.raw = raw
        self.archive = archive
        self.handle = handle
        let reader = self.handle.pointer
        // Anything but OK would mean that an outside program is to be run for the filter.
        guard archive_read_support_filter_gzip(reader) == ARCHIVE_OK,
            archive_read_support_filter_xz(reader) == ARCHIVE_OK,
            archive_read_support_format_raw(reader) == ARCHIVE_OK
        else { throw TarError(archive: archive, reason: .failed(self.handle.message)) }
        var entry: OpaquePointer?
        guard
            archive_read_open2(
                reader, Unmanaged.passUnretained(self).toOpaque(), nil,
                { _, context, bytes in
                    let inflater = Unmanaged<LibarchiveInflater>.fromOpaque(context!).takeUnretainedValue()
                    do {
                        let next = try inflater.raw.next()
                        inflater.given += UInt64(next.count)
                        bytes!.pointee = next.baseAddress
                        return next.count
                    } catch {
                        inflater.failure = error
                        return la_ssize_t(ARCHIVE_FATAL)
                    }
                }, nil, nil) == ARCHIVE_OK,
            archive_read_next_header(reader, &entry) == ARCHIVE_OK
        else { throw failure ?? damaged(self.handle.message) }
    }

    private func damaged(_ what: String) -> any Error {
        TarError(archive: archive, reason: .damaged(what))
    }

    func next() throws -> UnsafeRawBufferPointer {
        var start: UnsafeRawPointer?
        var count = 0
        var offset: la_int64_t = 0
        let status = archive_read_data_block(handle.pointer, &start, &count, &offset)
        if status == ARCHIVE_EOF {
            // Some decompressors leave what follows their data unread.
            let used = archive_filter_bytes(handle.pointer, -1)
            guard try raw.next().isEmpty, used < 0 || UInt64(used) == given else {
                throw damaged("further bytes follow the end of its compressed data")
            }
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        guard status == ARCHIVE_OK else { throw failure ?? damaged(handle.message) }
        return UnsafeRawBufferPointer(start: start, count: count)
    }
}
