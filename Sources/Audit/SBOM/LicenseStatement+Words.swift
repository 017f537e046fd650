extension LicenseStatement {
    /// The text without white space at its ends; nil where there is nothing in it, or only the word for nothing.
    var words: String? {
        guard let text else { return nil }
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        let words = String(scalars[first...last])
        return ["none", "unknown", "n/a"].contains(words.lowercased()) ? nil : words
    }

    /// What a licence is called whose whole text stands where its name should: by its first line.
    func title(of words: String) -> (name: String, isWhole: Bool) {
        let line = words.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
        let name = String(String.UnicodeScalarView(line.prefix(120)))
        return (name, name == words)
    }
}
