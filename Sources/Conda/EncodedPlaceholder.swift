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
        func wide<Unit: FixedWidthInteger>(_ units: some Sequence<Unit>) -> [UInt8] {
            units.flatMap { unit in withUnsafeBytes(of: unit.littleEndian, Array.init) }
        }
        return [
            EncodedPlaceholder(needle: Array(placeholder.utf8), replacement: Array(prefix.utf8), unit: 1),
            EncodedPlaceholder(needle: wide(placeholder.utf16), replacement: wide(prefix.utf16), unit: 2),
            EncodedPlaceholder(
                needle: wide(placeholder.unicodeScalars.map(\.value)),
                replacement: wide(prefix.unicodeScalars.map(\.value)), unit: 4),
        ]
    }

    /// Bytes that each replacement in a string leaves over; negative where it does not fit.
    var surplus: Int { needle.count - replacement.count }
}
