import Archives
import CDeflate

/// One member of a `ZipBuilder`. Without edits it is what a careful writer writes; each edit makes one field of
/// one record lie (APPNOTE 6.3.10).
public struct ZipMember: Sendable {
    /// The fields that local header and directory header share, and those that only the directory has.
    public struct Header: Sendable {
        public var versionMadeBy: UInt16 = 3 << 8 | 20
        public var versionNeeded: UInt16 = 20
        public var flags: UInt16
        public var method: UInt16
        public var time: UInt16 = 0
        public var date: UInt16 = 0x0021
        public var crc32: UInt32
        public var compressedSize: UInt32
        public var size: UInt32
        public var name: [UInt8]
        public var extra: [UInt8] = []
        public var comment: [UInt8] = []
        public var disk: UInt16 = 0
        /// Unix mode in the upper half.
        public var externalAttributes: UInt32
        public var offset: UInt32 = 0
        /// What the record says the length of the name is; nil for the truth.
        public var nameLength: UInt16?
        public var extraLength: UInt16?
        public var signature: UInt32
    }

    /// The record behind the data (APPNOTE 4.3.9).
    public struct Descriptor: Sendable {
        public var crc32: UInt32
        public var compressedSize: UInt64
        public var size: UInt64
        public var signature: UInt32? = 0x0807_4b50
        /// Sizes take 8 bytes.
        public var isWide: Bool

        var bytes: [UInt8] {
            var bytes: [UInt8] = []
            if let signature { bytes.append(little: signature) }
            bytes.append(little: crc32)
            for value in [compressedSize, size] {
                if isWide {
                    bytes.append(little: value)
                } else {
                    bytes.append(little: UInt32(truncatingIfNeeded: value))
                }
            }
            return bytes
        }
    }

    public var name: [UInt8]
    public var contents: [UInt8]
    public var deflated: Bool
    public var mode: UInt32
    /// Sizes stand in ZIP64 fields, though they would fit without.
    public var usesZip64 = false
    /// Sizes and checksum follow the data.
    public var hasDescriptor = false
    /// The compressed bytes; nil for the truth.
    public var data: [UInt8]?
    /// Bytes between this member and the next.
    public var gap: [UInt8] = []
    /// Whether header and data are written; without, only the directory speaks of it.
    public var isWritten = true
    /// Whether the directory speaks of it.
    public var isListed = true
    public var editLocal: @Sendable (inout Header) -> Void = { _ in }
    public var editDirectory: @Sendable (inout Header) -> Void = { _ in }
    public var editDescriptor: @Sendable (inout Descriptor) -> Void = { _ in }

    public init(_ name: String, _ contents: [UInt8], deflated: Bool = true, mode: UInt32 = 0o100644) {
        self.name = Array(name.utf8)
        self.contents = contents
        self.deflated = deflated
        self.mode = mode
    }

    public init(_ name: String, _ text: String = "", deflated: Bool = true, mode: UInt32 = 0o100644) {
        self.init(name, Array(text.utf8), deflated: deflated, mode: mode)
    }

    /// The same member with a change.
    public func with(_ change: (inout ZipMember) -> Void) -> ZipMember {
        var copy = self
        change(&copy)
        return copy
    }

    /// The same lie in both headers.
    public func editingBoth(_ edit: @escaping @Sendable (inout Header) -> Void) -> ZipMember {
        with {
            $0.editLocal = edit
            $0.editDirectory = edit
        }
    }

    var compressed: [UInt8] { data ?? (deflated ? deflate(contents) : contents) }

    func header(signature: UInt32, compressedSize: Int) -> Header {
        Header(
            flags: (name.allSatisfy { $0 < 0x80 } ? 0 : 0x800) | (hasDescriptor ? 8 : 0),
            method: deflated ? 8 : 0, crc32: contents.withUnsafeBytes { crc32($0) },
            compressedSize: UInt32(compressedSize), size: UInt32(contents.count), name: name,
            externalAttributes: mode << 16, signature: signature)
    }
}

/// A raw deflate stream (RFC 1951).
public func deflate(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
    let compressor = libdeflate_alloc_compressor(level)
    defer { libdeflate_free_compressor(compressor) }
    let bound = libdeflate_deflate_compress_bound(compressor, bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        count = bytes.withUnsafeBytes {
            libdeflate_deflate_compress(compressor, $0.baseAddress, $0.count, buffer.baseAddress, bound)
        }
    }
}

extension [UInt8] {
    mutating func append(little value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// An extra field (APPNOTE 4.5.1).
    public static func extraField(_ id: UInt16, _ value: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(little: id)
        bytes.append(little: UInt16(value.count))
        return bytes + value
    }

    public static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(little: value)
        return bytes
    }

    /// The Info-ZIP Unicode path field (APPNOTE 4.6.9): version, CRC-32 of the header's name, the UTF-8 name.
    public static func unicodePath(_ name: String, for headerName: [UInt8]) -> [UInt8] {
        extraField(0x7075, [1] + little(headerName.withUnsafeBytes { crc32($0) }) + Array(name.utf8))
    }
}
