/// Finds the import declarations of Swift source, without a parser: an import begins a line, behind attributes
/// and access levels at most, and never stands in a string of several lines.
enum ImportScanner {
    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "fileprivate", "private",
    ]
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor", "macro",
    ]

    /// Lines count from 1.
    static func imports(in text: String) -> [(line: Int, module: String)] {
        var result: [(Int, String)] = []
        var insideString = false
        for (index, line) in text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
            if !insideString, mayImport(line), let module = module(in: Substring(line)) {
                result.append((index + 1, module))
            }
            if hasOddQuotes(line) { insideString.toggle() }
        }
        return result
    }

    /// Most lines are told apart by the first byte that is no space.
    private static func mayImport(_ line: Substring.UTF8View) -> Bool {
        guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return false }
        return [UInt8(ascii: "i"), UInt8(ascii: "p"), UInt8(ascii: "f"), UInt8(ascii: "@")].contains(first)
    }

    /// Whether a string of several lines begins or ends in this line and does not do both.
    private static func hasOddQuotes(_ line: Substring.UTF8View) -> Bool {
        var run = 0
        var marks = 0
        for byte in line {
            run = byte == UInt8(ascii: "\"") ? run + 1 : 0
            if run == 3 {
                marks += 1
                run = 0
            }
        }
        return marks % 2 == 1
    }

    private static func module(in line: Substring) -> String? {
        let code = line.prefix { $0 != ";" }
        var words = code.split(whereSeparator: \.isWhitespace)[...]
        while let word = words.first, word.hasPrefix("@") || modifiers.contains(word) { words.removeFirst() }
        guard words.popFirst() == "import", var name = words.popFirst() else { return nil }
        if kinds.contains(name) {
            guard let next = words.popFirst() else { return nil }
            name = next
        }
        return name.split(separator: ".").first.map(String.init)
    }
}
