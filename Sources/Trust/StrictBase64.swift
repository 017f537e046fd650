import Digests

/// Base 64 of RFC 4648, section 4, with its padding and nothing else in it.
enum StrictBase64 {
    /// nil where a character is not of the alphabet, padding is missing or too much, or bits are left over.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0, let last = text.last else { return nil }
        let padding = last != pad ? 0 : text[text.count - 2] != pad ? 1 : 2
        guard text[text.count - padding - 1] != pad else { return nil }
        var copy = text
        for index in copy.indices {
            switch copy[index] {
            case UInt8(ascii: "+"): copy[index] = UInt8(ascii: "-")
            case UInt8(ascii: "/"): copy[index] = UInt8(ascii: "_")
            case UInt8(ascii: "-"), UInt8(ascii: "_"): return nil
            default: break
            }
        }
        return copy.withUnsafeBufferPointer { Base64URL.decode(ascii: $0) }
    }

    private static let pad = UInt8(ascii: "=")

    /// Without padding, as fingerprints are written.
    static func encodeUnpadded(_ bytes: [UInt8]) -> String {
        String(
            decoding: Base64URL.encode(bytes).utf8.map { character -> UInt8 in
                switch character {
                case UInt8(ascii: "-"): UInt8(ascii: "+")
                case UInt8(ascii: "_"): UInt8(ascii: "/")
                default: character
                }
            }, as: UTF8.self)
    }
}
