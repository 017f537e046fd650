/// The records of a ZIP archive whose members are all stored, as bytes (APPNOTE 4.3): what the bundle writer
/// writes and the bundle reader expects, so that both follow from one description.
public struct StoredZipMember: Hashable, Sendable {
    public let name: String
    public let size: UInt64
    public let crc32: UInt32
    /// Of the local header, from the start of the file.
    public let offset: UInt64
    /// Bytes of padding in the local header, which put the data on a boundary: 0, or 4 and more.
    public let padding: Int

    public init(name: String, size: UInt64, crc32: UInt32, offset: UInt64, padding: Int = 0) {
        precondition(padding == 0 || padding >= 4, "an extra field takes at least four bytes")
        self.name = name
        self.size = size
        self.crc32 = crc32
        self.offset = offset
        self.padding = padding
    }

    /// Bytes of the local header of a member with that name.
    public static func headerSize(name: String, size: UInt64, padding: Int = 0) -> UInt64 {
        30 + UInt64(name.utf8.count) + (size >= UInt64(UInt32.max) ? 20 : 0) + UInt64(padding)
    }

    public var dataOffset: UInt64 { offset + Self.headerSize(name: name, size: size, padding: padding) }
    public var end: UInt64 { dataOffset + size }

    /// 1980-01-01 00:00:00, the first moment that the format knows.
    private static let date: UInt16 = 0x0021
    private var isLarge: Bool { size >= UInt64(UInt32.max) }
    private var flags: UInt16 { name.utf8.allSatisfy { $0 < 0x80 } ? 0 : 0x800 }
    private var shortSize: UInt32 { isLarge ? .max : UInt32(size) }

    private func appendCommon(to bytes: inout [UInt8], extraLength: Int, version: UInt16) {
        bytes.append(littleEndian: version)
        bytes.append(littleEndian: flags)
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: Self.date)
        bytes.append(littleEndian: crc32)
        bytes.append(littleEndian: shortSize)
        bytes.append(littleEndian: shortSize)
        bytes.append(littleEndian: UInt16(name.utf8.count))
        bytes.append(littleEndian: UInt16(extraLength))
    }

    public var localHeader: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(0x0403_4b50))
        appendCommon(to: &bytes, extraLength: (isLarge ? 20 : 0) + padding, version: isLarge ? 45 : 10)
        bytes.append(contentsOf: name.utf8)
        if isLarge {
            bytes.append(littleEndian: UInt16(1))
            bytes.append(littleEndian: UInt16(16))
            bytes.append(littleEndian: size)
            bytes.append(littleEndian: size)
        }
        if padding > 0 {
            // The field of Android's zipalign, which readers know and skip.
            bytes.append(littleEndian: UInt16(0xd935))
            bytes.append(littleEndian: UInt16(padding - 4))
            bytes.append(contentsOf: repeatElement(0, count: padding - 4))
        }
        return bytes
    }

    public var directoryHeader: [UInt8] {
        let farOffset = offset >= UInt64(UInt32.max)
        let wide = (isLarge ? 16 : 0) + (farOffset ? 8 : 0)
        let version: UInt16 = wide > 0 ? 45 : 10
        var bytes: [UInt8] = []
        bytes.append(littleEndian: UInt32(0x0201_4b50))
        bytes.append(littleEndian: 3 << 8 | version)
        appendCommon(to: &bytes, extraLength: wide > 0 ? wide + 4 : 0, version: version)
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: UInt16(0))
        bytes.append(littleEndian: UInt32(0o100644) << 16)
        bytes.append(littleEndian: farOffset ? UInt32.max : UInt32(offset))
        bytes.append(contentsOf: name.utf8)
        if wide > 0 {
            bytes.append(littleEndian: UInt16(1))
            bytes.append(littleEndian: UInt16(wide))
            if isLarge {
                bytes.append(littleEndian: size)
                bytes.append(littleEndian: size)
            }
            if farOffset { bytes.append(littleEndian: offset) }
        }
        return bytes
    }

    /// The central directory of these members and the records behind it.
    public static func directory(of members: [StoredZipMember], at offset: UInt64) -> [UInt8] {
        var bytes = members.flatMap(\.directoryHeader)
        let size = UInt64(bytes.count)
        let count = UInt64(members.count)
        let isLarge =
            offset >= UInt64(UInt32.max) || size >= UInt64(UInt32.max) || count >= UInt64(UInt16.max)
        if isLarge {
            bytes.append(littleEndian: UInt32(0x0606_4b50))
            bytes.append(littleEndian: UInt64(44))
            bytes.append(littleEndian: UInt16(3 << 8 | 45))
            bytes.append(littleEndian: UInt16(45))
            bytes.append(littleEndian: UInt32(0))
            bytes.append(littleEndian: UInt32(0))
            for value in [count, count, size, offset] { bytes.append(littleEndian: value) }
            bytes.append(littleEndian: UInt32(0x0706_4b50))
            bytes.append(littleEndian: UInt32(0))
            bytes.append(littleEndian: offset + size)
            bytes.append(littleEndian: UInt32(1))
        }
        bytes.append(littleEndian: UInt32(0x0605_4b50))
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: UInt16(min(count, UInt64(UInt16.max))))
        bytes.append(littleEndian: UInt16(min(count, UInt64(UInt16.max))))
        bytes.append(littleEndian: UInt32(min(size, UInt64(UInt32.max))))
        bytes.append(littleEndian: UInt32(min(offset, UInt64(UInt32.max))))
        bytes.append(littleEndian: UInt16(0))
        return bytes
    }
}
