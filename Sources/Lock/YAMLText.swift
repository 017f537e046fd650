/// Writes scalars of YAML so that readers of YAML 1.1 and 1.2 take them for strings, always the same way.
enum YAMLText {
    /// Plain where no reader takes it for anything but this string, else in single quotes; with escapes in
    /// double quotes where it holds what single quotes cannot.
    static func string(_ text: String) -> String {
        if isPlain(text) { return text }
        if text.unicodeScalars.allSatisfy(isPrintable) {
            return "'" + text.replacing("'", with: "''") + "'"
        }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default:
                let hex = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
            }
        }
        return result + "\""
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x2030...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0x10FFFF:
            true
        default: false
        }
    }

    private static let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return false }
        if isLetter(first) {
            let safe = text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "+-_./@:%=".utf8.contains($0) }
            return safe && text.utf8.last != UInt8(ascii: ":") && !words.contains(text.lowercased())
        }
        // Numbers, dates and times of day must not look like these: two dots, or a letter that no number has.
        guard isDigit(first), text.utf8.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: ".") })
        else { return false }
        let dots = text.utf8.count(where: { $0 == UInt8(ascii: ".") })
        return dots >= 2 || text.utf8.contains { isLetter($0) && !"abcdefoxABCDEFOX".utf8.contains($0) }
            || isHashLike(text)
    }

    /// Hexadecimal digits that are neither `0x…` nor `0b…` nor an exponent.
    private static func isHashLike(_ text: String) -> Bool {
        text.utf8.count >= 32 && text.utf8.allSatisfy { isDigit($0) || (97...102).contains($0) }
            && text.utf8.contains {
                $0 == UInt8(ascii: "a") || $0 == UInt8(ascii: "c") || $0 == UInt8(ascii: "f")
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
