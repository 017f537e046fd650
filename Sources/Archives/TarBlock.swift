/// One header block as it stands in the archive (POSIX.1-1988 ustar, and GNU tar's form of it).
struct TarBlock {
    /// Why a block is no header, in words.
    struct Fault: Error { let text: String }

    private static let posixMagic = Array("ustar\u{0}00".utf8)
    private static let gnuMagic = Array("ustar  \u{0}".utf8)

    let type: UInt8
    /// `prefix/name`, both as raw bytes.
    let name: [UInt8]
    let link: [UInt8]
    let size: UInt64
    let permissions: UInt32
    let modificationTime: Int64

    /// - Parameter block: of 512 bytes.
    init(_ block: UnsafeRawBufferPointer) throws(Fault) {
        var sum: UInt64 = 0
        for byte in block { sum += UInt64(byte) }
        // The checksum counts its own field as spaces.
        for byte in block[148..<156] { sum -= UInt64(byte) }
        sum += 8 * 0x20
        guard let stated = Self.octal(block[148..<156]), stated == sum else {
            throw Fault(text: "the checksum of a header is wrong")
        }
        let isPOSIX = block[257..<265].elementsEqual(Self.posixMagic)
        guard isPOSIX || block[257..<265].elementsEqual(Self.gnuMagic) else {
            throw Fault(text: "a header is neither of the POSIX nor of the GNU form")
        }
        type = block[156]
        let short = Self.text(block[0..<100])
        // GNU tar keeps other things where POSIX has the prefix.
        let prefix = isPOSIX ? Self.text(block[345..<500]) : []
        if prefix.elementsEqual(".".utf8) || (!prefix.isEmpty && short.isEmpty) {
            throw Fault(text: "a header splits its name in a way that readers understand differently")
        }
        name = prefix.isEmpty ? short : prefix + [0x2f] + short
        link = Self.text(block[157..<257])
        guard let size = Self.number(block[124..<136]), size >= 0 else {
            throw Fault(text: "the size in a header is no number of bytes")
        }
        self.size = UInt64(size)
        guard let mode = Self.number(block[100..<108]), mode >= 0 else {
            throw Fault(text: "the permissions in a header are no number")
        }
        permissions = UInt32(mode & 0o7777)
        guard let time = Self.number(block[136..<148]) else {
            throw Fault(text: "the time in a header is no number")
        }
        modificationTime = time
    }

    private static func text(_ field: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        Array(field.prefix { $0 != 0 })
    }

    /// Octal digits, or GNU's and star's big-endian binary where the first bit is set.
    private static func number(_ field: Slice<UnsafeRawBufferPointer>) -> Int64? {
        guard let first = field.first else { return nil }
        if first & 0x80 == 0 { return octal(field).flatMap { Int64(exactly: $0) } }
        let isNegative = first == 0xff
        guard first == 0x80 || isNegative else { return nil }
        let bytes = field.dropFirst()
        let fill: UInt8 = isNegative ? 0xff : 0
        guard bytes.dropLast(8).allSatisfy({ $0 == fill }) else { return nil }
        var value = bytes.count < 8 && isNegative ? UInt64.max : 0
        for byte in bytes.suffix(8) { value = value << 8 | UInt64(byte) }
        let signed = Int64(bitPattern: value)
        return (signed < 0) == isNegative ? signed : nil
    }

    /// Digits with spaces before, and spaces or NULs after; nothing at all is 0.
    private static func octal(_ field: Slice<UnsafeRawBufferPointer>) -> UInt64? {
        var rest = field.drop { $0 == 0x20 }
        var value: UInt64 = 0
        while let digit = rest.first, digit >= 0x30, digit <= 0x37 {
            guard value < 1 << 60 else { return nil }
            value = value << 3 | UInt64(digit - 0x30)
            rest = rest.dropFirst()
        }
        return rest.allSatisfy { $0 == 0x20 || $0 == 0 } ? value : nil
    }
}
