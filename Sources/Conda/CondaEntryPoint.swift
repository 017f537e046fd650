/// A command of a `noarch: python` package, `command = module:function`.
public struct CondaEntryPoint: Hashable, Sendable {
    /// The name of the file in `bin`.
    public let command: String
    /// Identifiers joined by dots.
    public let module: String
    /// Identifiers joined by dots.
    public let function: String

    /// Reads one line of `info/link.json`.
    ///
    /// Extras behind the function, as wheels have them, are left out: the command works without, and the text
    /// that conda would write of them is no Python.
    /// - Throws: for a command that cannot be a file's name, and for what is no identifier: it becomes source text.
    public init(_ line: String) throws(CondaError) {
        func refusal(_ reason: String) -> CondaError { CondaError(.entryPoint, line, reason) }
        var reference = line[...]
        if reference.utf8.last == UInt8(ascii: "]"),
            let open = reference.utf8.lastIndex(of: UInt8(ascii: "["))
        {
            reference = reference[..<open]
        }
        guard let colon = reference.utf8.lastIndex(of: UInt8(ascii: ":")),
            let equals = reference[..<colon].utf8.lastIndex(of: UInt8(ascii: "="))
        else { throw refusal("it is not of the form command = module:function") }
        command = Self.trimmed(reference[..<equals])
        module = Self.trimmed(reference[reference.utf8.index(after: equals)..<colon])
        function = Self.trimmed(reference[reference.utf8.index(after: colon)...])
        if let fault = Self.fault(ofCommand: command) { throw refusal(fault) }
        for part in [module, function] where !Self.isIdentifierPath(part) {
            throw refusal("'\(part)' is no Python identifier, or several joined by dots")
        }
    }

    /// The script, as conda's: it imports the function, takes the endings that other systems add off the
    /// command's name, and exits with what the function returns.
    /// - Parameter interpreter: the absolute path of the environment's Python.
    public func script(interpreter: String) -> [UInt8] {
        // A method may lie deeper (`module:object.method`); its first name is what can be imported.
        let imported = function.prefix { $0 != "." }
        let body = """
            import sys

            from \(module) import \(imported)

            if __name__ == '__main__':
                for ending in ('-script.pyw', '-script.py', '.exe'):
                    if sys.argv[0].endswith(ending):
                        sys.argv[0] = sys.argv[0][:-len(ending)]
                        break
                sys.exit(\(function)())

            """
        return ScriptHeader.python(interpreter) + body.utf8
    }

    private static func trimmed(_ text: Substring) -> String {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
        var bytes = text.utf8[...]
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return String(Substring(bytes))
    }

    private static func fault(ofCommand name: String) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) { return "its command holds a path separator" }
        if let fault = PackagePath.fault(name) { return "its command cannot be a file's name: \(fault)" }
        if name.utf8.first == UInt8(ascii: "-") {
            return "its command starts with '-', which a shell takes for an option"
        }
        return nil
    }

    private static func isIdentifierPath(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.unicodeScalars.first, first == "_" || first.properties.isXIDStart else {
                return false
            }
            return part.unicodeScalars.dropFirst().allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
                && !keywords.contains(String(part))
        }
    }

    /// Words that no Python 3 takes as a name.
    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
        "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
        "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ]
}
