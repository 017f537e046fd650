import CArchive
import Failures
import Files
import Glibc

/// The second stage: decompressed bytes in, judged members out.
final class TarSession {
    private let source: TarInflatedSource
    private let archive: String
    private let limits: TarLimits
    private let handle: ArchiveReadHandle
    private var names = TarNames()
    private var current: TarEntry?
    private var delivered: UInt64 = 0

    init(_ source: TarInflatedSource, archive: String, limits: TarLimits) throws {
        guard let handle = ArchiveReadHandle() else {
            throw TarError(archive: archive, reason: .failed("there is no memory for a reader"))
        }
        self.source = source
        self.archive = archive
        self.limits = limits
        self.handle = handle
        let reader = self.handle.pointer
        guard archive_read_support_format_tar(reader) == ARCHIVE_OK,
            archive_read_open2(
                reader, Unmanaged.passUnretained(source).toOpaque(), nil,
                { _, context, bytes in
                    let source = Unmanaged<TarInflatedSource>.fromOpaque(context!).takeUnretainedValue()
                    guard let next = source.next() else { return la_ssize_t(ARCHIVE_FATAL) }
                    bytes!.pointee = next.baseAddress
                    return next.count
                }, nil, nil) == ARCHIVE_OK
        else { throw failure() }
    }

    private func failure() -> any Error {
        source.failure ?? source.raw.failure
            ?? TarError(archive: archive, member: current?.path.string, reason: .damaged(handle.message))
    }

    func visitAll(_ visit: (TarEntry, TarContent) throws -> Void) throws {
        var count = 0
        while let entry = try nextEntry() {
            count += 1
            guard count <= limits.members else {
                throw TarError(
                    archive: archive,
                    reason: .refused("it has more than the allowed \(limits.members) members"))
            }
            current = entry
            delivered = 0
            try visit(entry, TarContent(session: self))
            try content { _ in }
            guard delivered == entry.size else {
                throw TarError(
                    archive: archive, member: entry.path.string,
                    reason: .damaged("it has \(delivered) bytes where its header says \(entry.size)"))
            }
            current = nil
        }
        try checkEnd()
    }

    /// POSIX: two blocks of zeros end the archive, and more of them may follow.
    private func checkEnd() throws {
        let end = UInt64(max(0, archive_read_header_position(handle.pointer)))
        try source.drain()
        guard source.sizeWithoutTrailingZeros <= end else {
            throw TarError(archive: archive, reason: .refused("data follows its end mark"))
        }
        guard source.size >= end + 1_024 else {
            throw TarError(
                archive: archive, reason: .damaged("it lacks the two blocks of zeros that end an archive"))
        }
    }

    /// The next member but `./` itself; nil at the end.
    private func nextEntry() throws -> TarEntry? {
        while true {
            var entry: OpaquePointer?
            let status = archive_read_next_header(handle.pointer, &entry)
            switch status {
            case ARCHIVE_EOF:
                if source.failure != nil { throw failure() }
                return nil
            case ARCHIVE_OK: break
            case ARCHIVE_WARN where isAboutLocale: break
            default: throw failure()
            }
            guard let entry else { throw failure() }
            if let judged = try judge(entry) { return judged }
        }
    }

    /// libarchive cannot turn UTF-8 into the characters of the C locale and says so; the raw bytes that it
    /// keeps are what is judged here.
    private var isAboutLocale: Bool {
        handle.message.hasSuffix("to current locale.") && handle.message.contains("can't be converted")
    }

    private func judge(_ entry: OpaquePointer) throws -> TarEntry? {
        guard let raw = archive_entry_pathname(entry) else {
            throw TarError(archive: archive, reason: .damaged("a member has no name"))
        }
        let name = UnsafeBufferPointer(start: raw, count: strlen(raw)).map { UInt8(bitPattern: $0) }
        let shown = String(decoding: name, as: UTF8.self)
        func refused(_ what: String) -> TarError {
            TarError(archive: archive, member: shown, reason: .refused(what))
        }
        let mode = archive_entry_filetype(entry)
        let isLink = archive_entry_hardlink(entry) != nil
        let isDirectory = !isLink && mode == 0o040000
        guard let normal = TarNames.normalize(name, isDirectory: isDirectory) else {
            if isDirectory { return nil }
            throw refused("its name is empty")
        }
        let path = try relative(normal, shown)
        let kind: TarEntry.Kind
        if let target = archive_entry_hardlink(entry) {
            let bytes = UnsafeBufferPointer(start: target, count: strlen(target)).map {
                UInt8(bitPattern: $0)
            }
            kind = .hardLink(target: try relative(TarNames.normalize(bytes, isDirectory: false) ?? [], shown))
        } else {
            switch mode {
            case 0o100000: kind = .file
            case 0o040000: kind = .directory
            case 0o120000:
                guard let target = archive_entry_symlink(entry).flatMap({ String(validatingCString: $0) })
                else {
                    throw refused("the target of this symbolic link is no UTF-8")
                }
                kind = .symbolicLink(target: target)
            case 0o020000, 0o060000: throw refused("it is a device node")
            case 0o010000: throw refused("it is a fifo")
            default: throw refused("it is of no kind that belongs into an archive")
            }
        }
        let size = archive_entry_size(entry)
        guard size >= 0 else { throw refused("its size is negative") }
        guard UInt64(size) <= limits.memberSize else {
            throw refused("its \(size) bytes exceed the allowed \(limits.memberSize)")
        }
        guard kind == .file || size == 0 else {
            throw refused("only a file has content, and this has \(size) bytes")
        }
        if let fault = names.add(path, kind) { throw refused(fault) }
        return TarEntry(
            path: path, kind: kind, size: UInt64(size),
            permissions: UInt32(archive_entry_perm(entry)) & 0o7777,
            modificationTime: archive_entry_mtime_is_set(entry) != 0 ? Int64(archive_entry_mtime(entry)) : 0)
    }

    private func relative(_ bytes: [UInt8], _ shown: String) throws(TarError) -> RelativePath {
        do throws(PathError) { return try RelativePath(bytes: bytes) } catch {
            throw TarError(archive: archive, member: shown, reason: .refused("\(error)"))
        }
    }

    func checkSize(_ limit: Int) throws {
        guard let current, current.size > UInt64(limit) else { return }
        throw TarError(
            archive: archive, member: current.path.string,
            reason: .refused("its \(current.size) bytes exceed the \(limit) that it may have"))
    }

    func content(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        while true {
            var start: UnsafeRawPointer?
            var count = 0
            var offset: la_int64_t = 0
            let status = archive_read_data_block(handle.pointer, &start, &count, &offset)
            if status == ARCHIVE_EOF { return }
            guard status == ARCHIVE_OK else { throw failure() }
            guard UInt64(bitPattern: offset) == delivered else {
                throw TarError(
                    archive: archive, member: current?.path.string, reason: .refused("it is a sparse file"))
            }
            delivered += UInt64(count)
            if count > 0 { try body(UnsafeRawBufferPointer(start: start, count: count)) }
        }
    }
}
