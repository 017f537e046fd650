/// The character references of HTML that occur in attribute values of an index: numbers, and the names of
/// the characters that mark-up itself uses. Others are left as they are written.
enum CharacterReferences {
    private static let names: [Substring: String] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
    ]

    static func decode(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var decoded = ""
        var rest = text[...]
        while let mark = rest.utf8.firstIndex(of: UInt8(ascii: "&")) {
            decoded += rest[..<mark]
            rest = rest[rest.utf8.index(after: mark)...]
            // No reference is longer; a value full of '&' must not be searched to its end each time.
            guard let end = rest.utf8.prefix(12).firstIndex(of: UInt8(ascii: ";")),
                let meaning = meaning(rest[..<end])
            else {
                decoded += "&"
                continue
            }
            decoded += meaning
            rest = rest[rest.utf8.index(after: end)...]
        }
        return decoded + rest
    }

    private static func meaning(_ reference: Substring) -> String? {
        guard reference.utf8.first == UInt8(ascii: "#") else { return names[reference] }
        let digits = reference.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        guard let number = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits),
            let scalar = Unicode.Scalar(number)
        else { return nil }
        return String(Character(scalar))
    }
}
