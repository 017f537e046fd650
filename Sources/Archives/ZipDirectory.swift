import Glibc

/// The central directory of a ZIP archive, read strictly: no bytes before, between or behind the parts, one
/// meaning only. What lenient readers understand in different ways is refused with its reason.
///
/// Follows APPNOTE.TXT 6.3.10. Members may be stored or deflated, neither encrypted nor split over disks.
public struct ZipDirectory: Sendable {
    /// In the order in which they lie in the archive.
    public let entries: [ZipEntry]
    /// Offset of the central directory: where the last member ends.
    public let offset: UInt64
    /// All bytes from `offset` to the end of the archive.
    public let bytes: [UInt8]

    /// More is not read: a directory of 64 bytes a member and a million members.
    private static let sizeLimit: UInt64 = 256 << 20

    /// - Parameter allowingPrefix: whether other bytes (a program) may stand before the first member.
    public static func read(from source: some ByteSource, allowingPrefix: Bool = false) throws -> ZipDirectory
    {
        let end = try ZipEnd.read(from: source)
        guard source.size - end.directoryOffset <= sizeLimit else {
            throw ArchiveError(
                source.name, "its directory of \(end.directorySize) bytes is larger than \(sizeLimit)")
        }
        let bytes = try source.bytes(at: end.directoryOffset, count: Int(source.size - end.directoryOffset))
        var entries: [ZipEntry] = []
        var names: Set<[UInt8]> = []
        try bytes.withUnsafeBytes { all in
            let directory = UnsafeRawBufferPointer(rebasing: all[..<Int(end.directorySize)])
            var parser = ZipEntryParser(
                archive: source.name, directory: directory, limit: end.directoryOffset)
            while let entry = try parser.next() {
                guard names.insert(entry.rawName).inserted else {
                    throw ArchiveError(source.name, member: entry.name, "it is there twice")
                }
                entries.append(entry)
            }
        }
        guard UInt64(entries.count) == end.entryCount else {
            throw ArchiveError(
                source.name, "its directory lists \(entries.count) members and its end says \(end.entryCount)"
            )
        }
        entries.sort { $0.offset < $1.offset }
        try refuseOverlaps(entries, in: source.name)
        if let first = entries.first, first.offset != 0, !allowingPrefix {
            throw ArchiveError(source.name, "\(first.offset) bytes stand before its first member")
        }
        if entries.isEmpty, end.directoryOffset != 0 {
            throw ArchiveError(source.name, "\(end.directoryOffset) bytes belong to no member")
        }
        return ZipDirectory(entries: entries, offset: end.directoryOffset, bytes: bytes)
    }

    /// Before anything is inflated: members that share their data are how a small archive gives terabytes. The
    /// exact places are compared when the archive is streamed.
    private static func refuseOverlaps(_ entries: [ZipEntry], in archive: String) throws {
        for (entry, next) in zip(entries, entries.dropFirst())
        where entry.offset + 30 + UInt64(entry.rawName.count) + entry.compressedSize > next.offset {
            throw ArchiveError(archive, member: next.name, "it overlaps the member before it")
        }
    }
}

/// The records at the end of a ZIP archive (APPNOTE 4.3.14 to 4.3.16).
struct ZipEnd {
    let directoryOffset: UInt64
    let directorySize: UInt64
    let entryCount: UInt64

    static func read(from source: some ByteSource) throws -> ZipEnd {
        let tailSize = Int(min(source.size, UInt64(22 + 65_535 + 20 + 56)))
        let tail = try source.bytes(at: source.size - UInt64(tailSize), count: tailSize)
        return try tail.withUnsafeBytes { tail in
            let position = try find(in: tail, source.name)
            return try read(tail, position, base: source.size - UInt64(tail.count), source.name)
        }
    }

    /// The one place where an end record fits with its comment. A second one inside the comment would let two
    /// readers see two archives.
    private static func find(in tail: UnsafeRawBufferPointer, _ name: String) throws -> Int {
        var places: [Int] = []
        var start = 0
        while tail.count - start >= 22, let base = tail.baseAddress,
            let found = memchr(base + start, Int32(UInt8(ascii: "P")), tail.count - start - 21)
        {
            let place = UnsafeRawPointer(found) - base
            if tail.uint32(place) == 0x0605_4b50 { places.append(place) }
            start = place + 1
        }
        guard let last = places.last else {
            throw ArchiveError(name, "it is no ZIP archive, or it is cut short: its end record is missing")
        }
        func fits(_ place: Int) -> Bool { place + 22 + Int(tail.uint16(place + 20)) == tail.count }
        guard fits(last) else {
            throw ArchiveError(name, "bytes follow its end, or its comment hides another end record")
        }
        guard !places.dropLast().contains(where: fits) else {
            throw ArchiveError(name, "it has more than one end record")
        }
        return last
    }

    private static func read(
        _ tail: UnsafeRawBufferPointer, _ position: Int, base: UInt64, _ name: String
    ) throws -> ZipEnd {
        func refuse(_ reason: String) -> ArchiveError { ArchiveError(name, reason) }
        let end = UnsafeRawBufferPointer(rebasing: tail[position..<position + 22])
        guard end.uint16(4) == 0 || end.uint16(4) == .max, end.uint16(6) == 0 || end.uint16(6) == .max else {
            throw refuse("it is one of several disks")
        }
        var result = ZipEnd(
            directoryOffset: UInt64(end.uint32(16)), directorySize: UInt64(end.uint32(12)),
            entryCount: UInt64(end.uint16(10)))
        var recordEnd = base + UInt64(position)
        let marked = end.uint32(16) == .max || end.uint32(12) == .max || end.uint16(10) == .max
        if position >= 20, tail.uint32(position - 20) == 0x0706_4b50 {
            let locator = UnsafeRawBufferPointer(rebasing: tail[position - 20..<position])
            let recordOffset = locator.uint64(8)
            guard locator.uint32(4) == 0, locator.uint32(16) <= 1, position >= 76,
                recordOffset == base + UInt64(position - 20) - 56
            else { throw refuse("its ZIP64 locator does not point at a record just before it") }
            let record = UnsafeRawBufferPointer(rebasing: tail[(position - 76)..<(position - 20)])
            guard record.uint32(0) == 0x0606_4b50, record.uint64(4) == 44, record.uint32(16) == 0,
                record.uint32(20) == 0, record.uint64(24) == record.uint64(32)
            else { throw refuse("its ZIP64 end record is malformed") }
            let wide = ZipEnd(
                directoryOffset: record.uint64(48), directorySize: record.uint64(40),
                entryCount: record.uint64(32))
            guard end.uint32(16) == .max || UInt64(end.uint32(16)) == wide.directoryOffset,
                end.uint32(12) == .max || UInt64(end.uint32(12)) == wide.directorySize,
                end.uint16(10) == .max || UInt64(end.uint16(10)) == wide.entryCount,
                end.uint16(8) == end.uint16(10)
            else { throw refuse("its two end records disagree") }
            result = wide
            recordEnd = recordOffset
        } else if marked || end.uint16(4) == .max || end.uint16(6) == .max {
            throw refuse("its end record points at a ZIP64 record that is not there")
        } else if end.uint16(8) != end.uint16(10) {
            throw refuse("its end record counts \(end.uint16(8)) and \(end.uint16(10)) members")
        }
        let (sum, overflow) = result.directoryOffset.addingReportingOverflow(result.directorySize)
        guard !overflow, sum == recordEnd else {
            throw refuse(
                "its directory (\(result.directorySize) bytes at \(result.directoryOffset)) does not end where its end record begins (\(recordEnd))"
            )
        }
        return result
    }
}
