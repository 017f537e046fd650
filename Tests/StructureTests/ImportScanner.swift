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
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if !insideString, let module = module(in: line) { result.append((index + 1, module)) }
            if count(of: "\"\"\"", in: line) % 2 == 1 { insideString.toggle() }
        }
        return result
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

    private static func count(of mark: String, in line: Substring) -> Int {
        line.split(separator: mark, omittingEmptySubsequences: false).count - 1
    }
}
