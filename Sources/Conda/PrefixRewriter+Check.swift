extension PrefixRewriter {
    /// Whether a prefix can take the place of a placeholder, asked before the first write.
    /// - Parameter path: the file that has it, for the sentence.
    /// - Throws: for a prefix that is longer than the placeholder of a binary file, and what `check(prefix:)` throws.
    public static func check(
        _ placeholder: PathsJSON.Placeholder, of path: String? = nil, prefix: String
    ) throws(CondaError) {
        try check(prefix: prefix)
        let file = path ?? "a file"
        guard !placeholder.text.isEmpty, placeholder.text.utf8.count <= longestPlaceholder,
            !placeholder.text.utf8.contains(0)
        else {
            throw CondaError(
                .paths, file,
                "its placeholder is empty, holds a NUL, or is longer than \(longestPlaceholder) bytes")
        }
        guard placeholder.mode == .binary else { return }
        for encoding in EncodedPlaceholder.all(placeholder.text, prefix) where encoding.surplus < 0 {
            throw CondaError(
                .prefix, prefix,
                "it has \(prefix.utf8.count) bytes, and '\(file.printable)' has room for \(placeholder.text.utf8.count); install below a shorter path",
                kind: .usage)
        }
    }

    /// Whether scripts can be written for a prefix at all.
    /// - Throws: for one that is not absolute, and for characters that no quoting carries through the kernel, a
    ///   shell and Python.
    public static func check(prefix: String) throws(CondaError) {
        func refusal(_ reason: String) -> CondaError { CondaError(.prefix, prefix, reason, kind: .usage) }
        guard prefix.utf8.first == UInt8(ascii: "/") else { throw refusal("it must be an absolute path") }
        guard ScriptHeader.quoted(Array(prefix.utf8)) != nil else {
            throw refusal(
                "scripts cannot name a path with control characters, backslashes, or both kinds of quotes")
        }
    }
}
