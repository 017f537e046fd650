/// A ZIP archive laid out byte by byte (APPNOTE 6.3.10): well formed unless a knob is turned.
public struct ZipBuilder: Sendable {
    /// The records behind the directory.
    public struct End: Sendable {
        public var disk: UInt16 = 0
        public var directoryDisk: UInt16 = 0
        public var entriesOnDisk: UInt16
        public var entries: UInt16
        public var directorySize: UInt32
        public var directoryOffset: UInt32
        public var commentLength: UInt16?
        /// The ZIP64 record and its locator; absent unless `usesZip64`.
        public var wideEntriesOnDisk: UInt64
        public var wideEntries: UInt64
        public var wideDirectorySize: UInt64
        public var wideDirectoryOffset: UInt64
        public var wideRecordSize: UInt64 = 44
        public var wideSignature: UInt32 = 0x0606_4b50
        public var locatorSignature: UInt32 = 0x0706_4b50
        public var locatorOffset: UInt64
        public var locatorDisks: UInt32 = 1
        /// Bytes between the ZIP64 record and its locator.
        public var wideGap: [UInt8] = []
    }

    public var members: [ZipMember]
    /// Bytes before the first member; offsets count from the start of the file unless `shiftsOffsets` is false.
    public var prefix: [UInt8] = []
    public var shiftsOffsets = true
    public var gapBeforeDirectory: [UInt8] = []
    /// Bytes behind the directory's last header, counted as part of it where `countsDirectoryTail`.
    public var directoryTail: [UInt8] = []
    public var countsDirectoryTail = true
    public var comment: [UInt8] = []
    public var suffix: [UInt8] = []
    public var usesZip64 = false
    /// With `usesZip64`: whether the short record's fields say "look in the wide one".
    public var marksZip64 = true
    public var editEnd: @Sendable (inout End) -> Void = { _ in }
    /// The directory lists the members from the last to the first.
    public var reversesDirectory = false

    public init(_ members: [ZipMember]) { self.members = members }

    public init(_ members: [ZipMember], _ change: (inout ZipBuilder) -> Void) {
        self.members = members
        change(&self)
    }

    public var bytes: [UInt8] {
        var bytes = prefix
        let shift = shiftsOffsets ? 0 : prefix.count
        var headers: [[UInt8]] = []
        for member in members {
            let offset = bytes.count - shift
            let data = member.compressed
            if member.isWritten { append(member, data, to: &bytes) }
            if member.isListed { headers.append(Self.directoryHeader(of: member, data, at: offset)) }
        }
        bytes += gapBeforeDirectory
        let directoryOffset = bytes.count - shift
        if reversesDirectory { headers.reverse() }
        let directory = headers.flatMap { $0 } + directoryTail
        bytes += directory
        appendEnd(
            to: &bytes, entries: headers.count,
            size: directory.count - (countsDirectoryTail ? 0 : directoryTail.count), offset: directoryOffset,
            shift: shift)
        return bytes + suffix
    }

    private func append(_ member: ZipMember, _ data: [UInt8], to bytes: inout [UInt8]) {
        var local = member.header(signature: 0x0403_4b50, compressedSize: data.count)
        if member.usesZip64 {
            local.extra = .extraField(
                1,
                member.hasDescriptor
                    ? [UInt8](repeating: 0, count: 16)
                    : .little(UInt64(local.size)) + .little(UInt64(data.count)))
            (local.size, local.compressedSize, local.versionNeeded) = (.max, .max, 45)
            if member.hasDescriptor { local.crc32 = 0 }
        } else if member.hasDescriptor {
            (local.size, local.compressedSize, local.crc32) = (0, 0, 0)
        }
        member.editLocal(&local)
        bytes.append(little: local.signature)
        bytes += Self.common(local)
        bytes += local.name + local.extra + data
        if member.hasDescriptor {
            let actual = member.header(signature: 0, compressedSize: data.count)
            var descriptor = ZipMember.Descriptor(
                crc32: actual.crc32, compressedSize: UInt64(data.count), size: UInt64(member.contents.count),
                isWide: member.usesZip64)
            member.editDescriptor(&descriptor)
            bytes += descriptor.bytes
        }
        bytes += member.gap
    }

    private static func directoryHeader(of member: ZipMember, _ data: [UInt8], at offset: Int) -> [UInt8] {
        var header = member.header(signature: 0x0201_4b50, compressedSize: data.count)
        header.offset = UInt32(offset)
        if member.usesZip64 {
            header.extra = .extraField(1, .little(UInt64(header.size)) + .little(UInt64(data.count)))
            (header.size, header.compressedSize, header.versionNeeded) = (.max, .max, 45)
        }
        member.editDirectory(&header)
        var bytes: [UInt8] = .little(header.signature)
        bytes.append(little: header.versionMadeBy)
        bytes += common(header)
        bytes.append(little: UInt16(header.comment.count))
        bytes.append(little: header.disk)
        bytes.append(little: UInt16(0))
        bytes.append(little: header.externalAttributes)
        bytes.append(little: header.offset)
        return bytes + header.name + header.extra + header.comment
    }

    private static func common(_ header: ZipMember.Header) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in [header.versionNeeded, header.flags, header.method, header.time, header.date] {
            bytes.append(little: value)
        }
        for value in [header.crc32, header.compressedSize, header.size] { bytes.append(little: value) }
        bytes.append(little: header.nameLength ?? UInt16(header.name.count))
        bytes.append(little: header.extraLength ?? UInt16(header.extra.count))
        return bytes
    }

    private func appendEnd(to bytes: inout [UInt8], entries: Int, size: Int, offset: Int, shift: Int) {
        let marks = usesZip64 && marksZip64
        var end = End(
            entriesOnDisk: marks ? .max : UInt16(entries), entries: marks ? .max : UInt16(entries),
            directorySize: marks ? .max : UInt32(size), directoryOffset: marks ? .max : UInt32(offset),
            wideEntriesOnDisk: UInt64(entries), wideEntries: UInt64(entries), wideDirectorySize: UInt64(size),
            wideDirectoryOffset: UInt64(offset), locatorOffset: UInt64(bytes.count - shift))
        editEnd(&end)
        if usesZip64 {
            bytes.append(little: end.wideSignature)
            bytes.append(little: end.wideRecordSize)
            bytes.append(little: UInt16(3 << 8 | 45))
            bytes.append(little: UInt16(45))
            bytes.append(little: UInt64(0))
            for value in [
                end.wideEntriesOnDisk, end.wideEntries, end.wideDirectorySize, end.wideDirectoryOffset,
            ] { bytes.append(little: value) }
            bytes += end.wideGap
            bytes.append(little: end.locatorSignature)
            bytes.append(little: UInt32(0))
            bytes.append(little: end.locatorOffset)
            bytes.append(little: end.locatorDisks)
        }
        bytes.append(little: UInt32(0x0605_4b50))
        for value in [end.disk, end.directoryDisk, end.entriesOnDisk, end.entries] {
            bytes.append(little: value)
        }
        bytes.append(little: end.directorySize)
        bytes.append(little: end.directoryOffset)
        bytes.append(little: end.commentLength ?? UInt16(comment.count))
        bytes += comment
    }
}
