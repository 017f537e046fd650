/// One member as the central directory of a ZIP archive describes it (APPNOTE 4.3.12).
public struct ZipEntry: Hashable, Sendable {
    public enum Method: UInt16, Sendable { case stored = 0, deflated = 8 }

    /// The name as written, UTF-8, with the trailing `/` of a directory.
    public let name: String
    public let method: Method
    public let crc32: UInt32
    /// Bytes in the archive.
    public let compressedSize: UInt64
    /// Bytes when extracted.
    public let size: UInt64
    /// Of the local header, from the start of the archive.
    public let offset: UInt64
    /// The Unix mode (type and permission bits) where the archive was made on Unix, else nil.
    public let unixMode: UInt32?
    /// Seconds since 1970: the DOS time read as UTC, since ZIP names no zone.
    public let modificationTime: Int64
    /// General purpose bit flags.
    public let flags: UInt16
    /// As written, for comparison with the local header.
    let rawName: [UInt8]

    public var isDirectory: Bool { name.utf8.last == UInt8(ascii: "/") }
    public var isSymbolicLink: Bool { (unixMode ?? 0) & 0o170000 == 0o120000 }
    /// A regular file, or one whose type is not told.
    public var isRegularFile: Bool {
        let type = (unixMode ?? 0) & 0o170000
        return !isDirectory && (type == 0 || type == 0o100000)
    }
    /// Sizes and checksum follow the data instead of standing in the local header.
    var hasDataDescriptor: Bool { flags & 8 != 0 }
}

/// MS-DOS date and time (local time of an unnamed zone, two-second steps), read as UTC.
func secondsSince1970(dosDate: UInt16, dosTime: UInt16) -> Int64 {
    let year = 1980 + Int64(dosDate >> 9)
    let month = min(max(Int64(dosDate >> 5 & 15), 1), 12)
    let day = max(Int64(dosDate & 31), 1)
    // Days from the civil calendar: March-based years make the leap day the last of its year.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return days * 86_400 + Int64(dosTime >> 11) * 3_600 + Int64(dosTime >> 5 & 63) * 60 + Int64(dosTime & 31)
        * 2
}
