import CArchive
import Digests
import Files

/// Writes a tar archive compressed with zstd: the same members in the same order give the same bytes (with
/// the same version of libzstd). Owner and group are 0 and unnamed.
///
/// The headers are made here and only compressed by libarchive, whose own depend on the locale.
public struct TarWriter: ~Copyable {
    private let handle: ArchiveWriteHandle
    private let sink: TarSink
    private let archive: String

    /// Writes at the file's position what `body` adds, then the end mark.
    /// - Parameter level: of zstd, 1 to 19; a single thread compresses.
    /// - Throws: `TarError`, `FileError`, or what `body` throws; the file then holds a part.
    public static func write(
        to file: borrowing OpenFile, level: Int = 12, _ body: (inout TarWriter) throws -> Void
    ) throws -> TarSummary {
        let path = file.path
        return try withUnsafePointer(to: file) { pointer in
            let sink = TarSink(pointer)
            guard let handle = ArchiveWriteHandle() else {
                throw TarError(archive: path, reason: .failed("there is no memory for a compressor"))
            }
            var writer = TarWriter(handle, sink, archive: path)
            try writer.open(level: level)
            try body(&writer)
            try writer.append([UInt8](repeating: 0, count: 1_024))
            try writer.check(archive_write_close(writer.handle.pointer))
            return sink.summary()
        }
    }

    private init(_ handle: consuming ArchiveWriteHandle, _ sink: TarSink, archive: String) {
        self.handle = handle
        self.sink = sink
        self.archive = archive
    }

    private func open(level: Int) throws {
        let writer = handle.pointer
        try check(archive_write_add_filter_zstd(writer))
        try check(archive_write_set_filter_option(writer, "zstd", "compression-level", String(level)))
        try check(archive_write_set_format_raw(writer))
        try check(archive_write_set_bytes_per_block(writer, 256 << 10))
        try check(archive_write_set_bytes_in_last_block(writer, 1))
        try check(
            archive_write_open(
                writer, Unmanaged.passUnretained(sink).toOpaque(), nil,
                { _, context, bytes, count in
                    let sink = Unmanaged<TarSink>.fromOpaque(context!).takeUnretainedValue()
                    return sink.write(UnsafeRawBufferPointer(start: bytes, count: count))
                        ? count : la_ssize_t(ARCHIVE_FATAL)
                }, nil))
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_filetype(entry, 0o100000)
        try check(archive_write_header(writer, entry))
    }

    private func check(_ status: Int32) throws {
        if status == ARCHIVE_OK { return }
        throw sink.failure ?? TarError(archive: archive, reason: .failed(handle.message))
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws {
        guard !bytes.isEmpty else { return }
        let count = archive_write_data(handle.pointer, bytes.baseAddress, bytes.count)
        guard count == bytes.count else {
            throw sink.failure ?? TarError(archive: archive, reason: .failed(handle.message))
        }
    }

    private func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }

    private func pad(_ size: UInt64) throws {
        try append([UInt8](repeating: 0, count: Int((512 - size % 512) % 512)))
    }

    private func header(_ entry: TarEntry) throws {
        try append(TarHeader.blocks(for: entry))
    }

    /// Adds a file whose content is at hand.
    public mutating func add(
        file path: RelativePath, permissions: UInt32, modificationTime: Int64, bytes: [UInt8]
    ) throws {
        try header(
            TarEntry(
                path: path, kind: .file, size: UInt64(bytes.count), permissions: permissions,
                modificationTime: modificationTime))
        try append(bytes)
        try pad(UInt64(bytes.count))
    }

    /// Adds a file that is copied from another.
    /// - Returns: size and digest of the content.
    @discardableResult
    public mutating func add(
        file path: RelativePath, permissions: UInt32, modificationTime: Int64, from source: borrowing OpenFile
    ) throws -> (size: UInt64, sha256: SHA256Digest) {
        let size = try source.status().size
        try header(
            TarEntry(
                path: path, kind: .file, size: size, permissions: permissions,
                modificationTime: modificationTime))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
        defer { buffer.deallocate() }
        var hasher = SHA256()
        var done: UInt64 = 0
        while done < size {
            let count = try source.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(min(256 << 10, size - done))]),
                at: done)
            guard count > 0 else {
                throw TarError(
                    archive: archive, member: path.string,
                    reason: .failed("'\(source.path)' became shorter while it was copied"))
            }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(bytes)
            try append(bytes)
            done += UInt64(count)
        }
        try pad(size)
        return (size, hasher.finalize())
    }

    /// Adds a directory, a symbolic link or a hard link.
    /// - Precondition: it is not a file, which has content.
    public mutating func add(_ entry: TarEntry) throws {
        precondition(entry.kind != .file && entry.size == 0, "a file is added with its content")
        try header(entry)
    }
}

private final class TarSink {
    private let file: UnsafePointer<OpenFile>
    private var hasher = SHA256()
    private var size: UInt64 = 0
    private(set) var failure: FileError?

    init(_ file: UnsafePointer<OpenFile>) { self.file = file }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // Once a write failed the rest is dropped: freeing the compressor would write more.
        guard failure == nil else { return false }
        do throws(FileError) {
            try file.pointee.write(bytes)
            hasher.update(bytes)
            size += UInt64(bytes.count)
            return true
        } catch {
            failure = error
            return false
        }
    }

    func summary() -> TarSummary { TarSummary(size: size, sha256: hasher.finalize()) }
}
