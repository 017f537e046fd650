/// Finds aliases in a YAML text before it is parsed.
///
/// No tool writes them into a lock. A few lines of them can stand for billions of values, which a parser that
/// compares keys walks one by one.
enum YAMLAliases {
    /// The line, counted from 1, of the first alias whose anchor is in the text; nil for a text without.
    ///
    /// A lexical search: the word must stand where one can start, and name what an anchor named, so that the star
    /// of a match spec is not taken for one.
    static func firstLine(in text: [UInt8]) -> Int? {
        var anchors: Set<ArraySlice<UInt8>> = []
        words(in: text, after: UInt8(ascii: "&")) { word, _ in
            anchors.insert(word)
            return false
        }
        if anchors.isEmpty { return nil }
        var line: Int?
        words(in: text, after: UInt8(ascii: "*")) { word, start in
            guard anchors.contains(word) else { return false }
            line = text[..<start].count { $0 == UInt8(ascii: "\n") } + 1
            return true
        }
        return line
    }

    /// Visits the words that follow the sign, until the visitor says that it is done.
    private static func words(
        in text: [UInt8], after sign: UInt8, _ visit: (_ word: ArraySlice<UInt8>, _ start: Int) -> Bool
    ) {
        var index = 0
        while index < text.count {
            defer { index += 1 }
            guard text[index] == sign, index == 0 || mayPrecede(text[index - 1]) else { continue }
            let word = text[(index + 1)...].prefix { isWord($0) }
            if !word.isEmpty, visit(word, index) { return }
        }
    }

    private static func mayPrecede(_ byte: UInt8) -> Bool { byte <= 0x20 || "[{,:?-".utf8.contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-")
    }
}
