extension SPDXExpression {
    /// The expression that a free text means: conda's licence field, or License of a wheel's METADATA.
    ///
    /// Reads expressions, the usual names of licences ("MIT License", "BSD 3-Clause", "Apache 2.0"), and lists
    /// of these joined by "and" or "or".
    /// - Returns: nil for what does not name a licence exactly. "BSD", "LGPL", "Apache Software License" and
    ///   "GPLv2" leave open which one is meant, a slash or a comma leaves open whether both apply.
    public static func normalizing(_ freeText: String) -> SPDXExpression? {
        guard freeText.utf8.count <= longestFreeText else { return nil }
        if let expression = try? SPDXExpression(freeText) { return expression }
        return named(words(freeText)[...])
    }

    /// Bytes: a longer text is the licence itself, not its name.
    private static let longestFreeText = 512

    /// Whole names first: "GPLv2 or later" is one.
    private static func named(_ words: ArraySlice<String>) -> SPDXExpression? {
        if let text = LicenseNames.expression(words) { return try? SPDXExpression(text) }
        for (word, all) in [("or", false), ("and", true)] {
            let parts = words.split(separator: word, omittingEmptySubsequences: false)
            guard parts.count > 1 else { continue }
            let read = parts.compactMap { named($0) }
            guard read.count == parts.count else { continue }
            return joined(read, all: all)
        }
        // These are small letters now, in which the name of a LicenseRef- is another one.
        let expression = try? SPDXExpression(words.joined(separator: " "))
        return expression?.licenses.contains(where: \.isReference) == true ? nil : expression
    }

    /// In small letters, without quotation marks and parentheses. Commas that stand before a version belong to
    /// a name ("Apache License, Version 2.0"); others keep what is beside them apart.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        func end() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        for character in text.lowercased() {
            switch character {
            case " ", "\t", "\n", "\r", "\r\n", "(", ")", "\"", "'": end()
            case ",":
                end()
                words.append(",")
            default: word.append(character)
            }
        }
        end()
        return words.enumerated().filter { index, word in
            guard word == "," else { return true }
            guard index + 1 < words.count else { return false }
            let next = words[index + 1]
            return !(next == "version" || next == "inc." || LicenseNames.isVersion(next))
        }.map(\.element)
    }
}
