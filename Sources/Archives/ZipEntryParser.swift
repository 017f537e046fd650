import Files

/// Reads the headers of a central directory one by one (APPNOTE 4.3.12).
struct ZipEntryParser {
    let archive: String
    let directory: UnsafeRawBufferPointer
    /// Where the directory begins: every member ends before it.
    let limit: UInt64
    private var position = 0

    init(archive: String, directory: UnsafeRawBufferPointer, limit: UInt64) {
        self.archive = archive
        self.directory = directory
        self.limit = limit
    }

    mutating func next() throws -> ZipEntry? {
        guard position < directory.count else { return nil }
        guard directory.count - position >= 46, directory.uint32(position) == 0x0201_4b50 else {
            throw ArchiveError(archive, "its directory is malformed at byte \(position)")
        }
        let header = UnsafeRawBufferPointer(rebasing: directory[position..<position + 46])
        let nameLength = Int(header.uint16(28))
        let extraLength = Int(header.uint16(30))
        let commentLength = Int(header.uint16(32))
        let end = position + 46 + nameLength + extraLength + commentLength
        guard end <= directory.count else {
            throw ArchiveError(archive, "its directory is cut short at byte \(position)")
        }
        let rawName = Array(directory[(position + 46)..<(position + 46 + nameLength)])
        let extra = UnsafeRawBufferPointer(
            rebasing: directory[(position + 46 + nameLength)..<(position + 46 + nameLength + extraLength)])
        position = end
        return try entry(header, rawName, extra)
    }

    private func entry(
        _ header: UnsafeRawBufferPointer, _ rawName: [UInt8], _ extra: UnsafeRawBufferPointer
    ) throws -> ZipEntry {
        let flags = header.uint16(8)
        let name = try ZipName.decode(rawName, flags: flags, archive: archive)
        func refuse(_ reason: String) -> ArchiveError { ArchiveError(archive, member: name, reason) }
        guard flags & 0x2041 == 0 else { throw refuse("it is encrypted") }
        guard flags & 0x20 == 0 else { throw refuse("it is patch data") }
        // 6.3 is the version that this reader follows; the upper byte names a system.
        guard header.uint16(6) & 0xff <= 63 else {
            throw refuse("it needs version \(header.uint16(6) & 0xff) of the format; 63 is the last one read")
        }
        guard let method = ZipEntry.Method(rawValue: header.uint16(10)) else {
            throw refuse(
                "it is compressed by method \(header.uint16(10)); only stored and deflated members are read")
        }
        var fields = ZipSizes(
            compressed: UInt64(header.uint32(20)), size: UInt64(header.uint32(24)),
            offset: UInt64(header.uint32(42)))
        try ZipExtra.apply(extra, to: &fields, rawName: rawName, refuse: refuse)
        guard header.uint16(34) == 0 else {
            throw refuse("it lies on another disk")
        }
        guard method == .deflated || fields.compressed == fields.size else {
            throw refuse("it is stored, yet \(fields.size) bytes take \(fields.compressed)")
        }
        let (end, overflow) = fields.offset.addingReportingOverflow(fields.compressed)
        guard !overflow, end <= limit, limit - end >= 30 + UInt64(rawName.count) else {
            throw refuse("it reaches beyond the members' part of the archive")
        }
        let madeOn = header.uint16(4) >> 8
        let mode = header.uint32(38) >> 16
        let entry = ZipEntry(
            name: name, method: method, crc32: header.uint32(16), compressedSize: fields.compressed,
            size: fields.size, offset: fields.offset,
            unixMode: (madeOn == 3 || madeOn == 19) && mode != 0 ? mode : nil,
            modificationTime: secondsSince1970(dosDate: header.uint16(14), dosTime: header.uint16(12)),
            flags: flags, rawName: rawName)
        guard !entry.isDirectory || entry.size == 0 && entry.compressedSize <= 8 else {
            throw refuse("it is a directory with contents")
        }
        let type = (entry.unixMode ?? 0) & 0o170000
        guard type == 0 || (type == 0o040000) == entry.isDirectory else {
            throw refuse("its name and its attributes disagree on whether it is a directory")
        }
        return entry
    }
}

struct ZipSizes {
    var compressed: UInt64
    var size: UInt64
    var offset: UInt64
}

enum ZipName {
    /// A relative path, UTF-8 by flag, else plain ASCII. Other bytes without the flag mean one name to a reader
    /// that takes code page 437 and another to one that takes UTF-8; a backslash is a letter to one and a
    /// separator to another.
    static func decode(_ raw: [UInt8], flags: UInt16, archive: String) throws -> String {
        guard let name = String(validating: raw, as: UTF8.self) else {
            throw ArchiveError(archive, member: String(decoding: raw, as: UTF8.self), "its name is not UTF-8")
        }
        guard !raw.isEmpty else { throw ArchiveError(archive, "a member has no name") }
        guard !raw.contains(0) else { throw ArchiveError(archive, member: name, "its name holds a NUL") }
        guard flags & 0x800 != 0 || raw.allSatisfy({ $0 < 0x80 }) else {
            throw ArchiveError(archive, member: name, "its name is not ASCII and not marked as UTF-8")
        }
        if let reason = fault(of: raw) { throw ArchiveError(archive, member: name, reason) }
        return name
    }

    private static func fault(of raw: [UInt8]) -> String? {
        if raw.contains(UInt8(ascii: "\\")) { return "its name holds a backslash" }
        if raw.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "its name holds a control character" }
        if raw.count >= 2, raw[1] == UInt8(ascii: ":"), (0x41...0x5a).contains(raw[0] & 0xdf) {
            return "its name begins with a drive letter"
        }
        let path = raw.last == UInt8(ascii: "/") ? raw.dropLast() : raw[...]
        do throws(PathError) { _ = try RelativePath(bytes: path) } catch {
            return "its name is no path below the archive: \(error.reason)"
        }
        return nil
    }
}

enum ZipExtra {
    /// Takes sizes from the ZIP64 field (APPNOTE 4.5.3), present where and only where the header says so, and
    /// refuses a Unicode path field that gives the member another name.
    static func apply(
        _ extra: UnsafeRawBufferPointer, to fields: inout ZipSizes, rawName: [UInt8],
        hasOffset: Bool = true, refuse: (String) -> ArchiveError
    ) throws {
        var position = 0
        var wide: UnsafeRawBufferPointer?
        while extra.count - position >= 4 {
            let id = extra.uint16(position)
            let length = Int(extra.uint16(position + 2))
            guard extra.count - position - 4 >= length else { throw refuse("its extra fields are malformed") }
            let value = UnsafeRawBufferPointer(rebasing: extra[(position + 4)..<(position + 4 + length)])
            switch id {
            case 0x0001:
                guard wide == nil else { throw refuse("it has two ZIP64 fields") }
                wide = value
            case 0x7075:
                guard length >= 5, value[5...].elementsEqual(rawName) else {
                    throw refuse("its Unicode path field gives it another name")
                }
            default: break
            }
            position += 4 + length
        }
        guard position == extra.count else {
            throw refuse("its extra fields are malformed")
        }
        try widen(&fields, with: wide, hasOffset: hasOffset, refuse: refuse)
    }

    /// The field holds the values that the header marks, in their order. Some writers put in both sizes, or all
    /// three values, whatever is marked: then those that the header has as well must be the same. Others leave
    /// room of zeros in which nothing is asked for.
    private static func widen(
        _ fields: inout ZipSizes, with wide: UnsafeRawBufferPointer?, hasOffset: Bool,
        refuse: (String) -> ArchiveError
    ) throws {
        let marker = UInt64(UInt32.max)
        let short = [fields.size, fields.compressed] + (hasOffset ? [fields.offset] : [])
        let count = short.count { $0 == marker }
        guard let wide else {
            guard count == 0 else { throw refuse("its ZIP64 field is missing") }
            return
        }
        if count == 0, wide.count % 8 == 0, wide.allSatisfy({ $0 == 0 }) { return }
        let repeated = wide.count == 8 * count ? 0 : wide.count / 8
        guard
            repeated == 0
                || wide.count == 8 * repeated && (2...short.count).contains(repeated)
                    && !short[repeated...].contains(marker)
        else {
            throw refuse("its ZIP64 field has \(wide.count) bytes instead of \(8 * count)")
        }
        var position = 0
        let values = try short.enumerated().map { index, value in
            guard index < repeated || value == marker else { return value }
            defer { position += 8 }
            let wideValue = wide.uint64(position)
            guard value == marker || value == wideValue else {
                throw refuse("its ZIP64 field and its header disagree")
            }
            return wideValue
        }
        (fields.size, fields.compressed) = (values[0], values[1])
        if hasOffset { fields.offset = values[2] }
    }
}
