/// What stands before and behind the contents of a ZIP member, compared with what the directory says.
enum ZipLocalHeader {
    /// Bytes before the name.
    static let fixedSize = 30

    /// Bytes of name and extra fields, out of the fixed part.
    static func variableSize(_ fixed: UnsafeRawBufferPointer) -> Int {
        Int(fixed.uint16(26)) + Int(fixed.uint16(28))
    }

    /// - Parameters:
    ///   - fixed: the first 30 bytes.
    ///   - rest: name and extra fields.
    static func check(
        _ fixed: UnsafeRawBufferPointer, _ rest: UnsafeRawBufferPointer, _ entry: ZipEntry, archive: String
    ) throws {
        func refuse(_ reason: String) -> ArchiveError {
            ArchiveError(archive, member: entry.name, reason)
        }
        guard fixed.uint32(0) == 0x0403_4b50 else { throw refuse("its local header is missing") }
        let nameLength = Int(fixed.uint16(26))
        guard rest[..<nameLength].elementsEqual(entry.rawName) else {
            throw refuse("its local header gives it another name")
        }
        guard fixed.uint16(8) == entry.method.rawValue, fixed.uint16(6) & ~6 == entry.flags & ~6 else {
            throw refuse("its local header and the directory disagree on how it is stored")
        }
        let extra = UnsafeRawBufferPointer(rebasing: rest[nameLength...])
        var local = ZipSizes(
            compressed: UInt64(fixed.uint32(18)), size: UInt64(fixed.uint32(22)), offset: 0)
        try ZipExtra.apply(extra, to: &local, rawName: entry.rawName, hasOffset: false, refuse: refuse)
        // Zero where the value follows the data; Info-ZIP knows the size beforehand and writes that alone.
        func agrees(_ value: UInt64, _ expected: UInt64) -> Bool {
            value == expected || entry.hasDataDescriptor && value == 0
        }
        guard agrees(UInt64(fixed.uint32(14)), UInt64(entry.crc32)), agrees(local.size, entry.size),
            agrees(local.compressed, entry.compressedSize)
        else {
            throw refuse("its local header and the directory disagree on size or checksum")
        }
    }

    /// Whether a data descriptor may have that many bytes.
    static func isDescriptorSize(_ count: UInt64) -> Bool { count == 16 || count == 24 }

    /// APPNOTE 4.3.9, with its signature: without one, a reader that does not know the directory cannot tell the
    /// descriptor from data. Its length says how wide its sizes are, since nothing may follow it.
    static func checkDescriptor(
        _ bytes: UnsafeRawBufferPointer, _ entry: ZipEntry, archive: String
    ) throws {
        let wide = bytes.count == 24
        guard isDescriptorSize(UInt64(bytes.count)), bytes.uint32(0) == 0x0807_4b50,
            bytes.uint32(4) == entry.crc32,
            (wide ? bytes.uint64(8) : UInt64(bytes.uint32(8))) == entry.compressedSize,
            (wide ? bytes.uint64(16) : UInt64(bytes.uint32(12))) == entry.size
        else {
            throw ArchiveError(
                archive, member: entry.name, "its data descriptor and the directory disagree")
        }
    }
}
