import CScan
import Glibc

/// A placeholder and what replaces it, in one of the encodings that texts in programs have.
///
/// conda also looks for big-endian ones. Of ASCII text, each of those is a little-endian one that begins a byte
/// later, with the same bytes as the result.
struct EncodedPlaceholder {
    let needle: [UInt8]
    let replacement: [UInt8]
    /// Bytes of a code unit, which is also the size of the NUL that ends a string.
    let unit: Int

    /// UTF-8, UTF-16 and UTF-32, in the order in which conda replaces them.
    static func all(_ placeholder: String, _ prefix: String) -> [EncodedPlaceholder] {
        let (old, new) = (Array(placeholder.utf8), Array(prefix.utf8))
        return [
            EncodedPlaceholder(needle: old, replacement: new, unit: 1),
            EncodedPlaceholder(
                needle: wide(old, placeholder.utf16), replacement: wide(new, prefix.utf16), unit: 2),
            EncodedPlaceholder(
                needle: wide(old, placeholder.unicodeScalars.lazy.map(\.value)),
                replacement: wide(new, prefix.unicodeScalars.lazy.map(\.value)), unit: 4),
        ]
    }

    /// Little-endian code units; for ASCII without decoding it, as this is done for each file.
    private static func wide<Unit: FixedWidthInteger>(
        _ utf8: [UInt8], _ units: some Sequence<Unit>
    ) -> [UInt8] {
        let size = MemoryLayout<Unit>.size
        guard utf8.allSatisfy({ $0 < 0x80 }) else {
            return units.flatMap { unit in withUnsafeBytes(of: unit.littleEndian, Array.init) }
        }
        var bytes = [UInt8](repeating: 0, count: utf8.count * size)
        for (index, byte) in utf8.enumerated() { bytes[index * size] = byte }
        return bytes
    }

    /// Bytes that each replacement in a string leaves over; negative where it does not fit.
    var surplus: Int { needle.count - replacement.count }

    /// Where `needle` begins first, at `position` or later and before `limit`; it may end behind that.
    static func find(_ needle: [UInt8], in input: [UInt8], from position: Int, limit: Int) -> Int? {
        let end = min(input.count, limit + needle.count - 1)
        guard end - position >= needle.count else { return nil }
        return input.withUnsafeBytes { input in
            guard let base = input.baseAddress,
                let found = needle.count == 1
                    ? memchr(base + position, Int32(needle[0]), end - position)
                    : memmem(base + position, end - position, needle, needle.count)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}
