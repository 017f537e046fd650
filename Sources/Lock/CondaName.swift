/// Names of conda packages as specs write them.
public enum CondaName {
    /// In lower case, as conda compares names; nil if it is none: ASCII letters, digits, `.`, `-` and `_` are
    /// allowed, and a name begins with a letter, digit or `_` (CEP 26).
    public static func normalized(_ text: String) -> String? {
        guard text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
        let name = text.lowercased()
        guard let first = name.utf8.first, isLetterOrDigit(first) || first == UInt8(ascii: "_"),
            name.utf8.count <= 128, name.utf8.allSatisfy({ isLetterOrDigit($0) || "-_.".utf8.contains($0) })
        else { return nil }
        return name
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
