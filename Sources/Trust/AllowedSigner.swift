/// One line of a list of signers: a key, whose it is, and what is asked of its signatures.
struct AllowedSigner: Sendable {
    /// From 1.
    let line: Int
    /// Patterns of names, in the order of the line. Any of them counts: a bundle does not say who signed it.
    let principals: [String]
    let options: SignerOptions
    let key: SSHPublicKey
    /// What comes after the key.
    let comment: String

    /// - Parameter text: without its line feed.
    /// - Returns: nil for a blank line or a comment.
    static func read(_ text: ArraySlice<UInt8>, line: Int) throws(Malformed) -> AllowedSigner? {
        var rest = text.trimming(trailing: isSpace)
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        if rest.isEmpty || rest.first == UInt8(ascii: "#") { return nil }
        guard !rest.contains(0) else { throw Malformed("there is a zero byte in the line") }
        let principals = PatternList(text: try principals(&rest))
        guard !principals.positive.isEmpty, !principals.isTooLong else {
            throw Malformed("the line names nobody whose key it is")
        }
        if let key = try key(&rest) {
            return try AllowedSigner(line, principals, SignerOptions(), key, comment: rest)
        }
        let options = try options(&rest)
        guard !rest.isEmpty else { throw Malformed("there is no key in the line") }
        let read = try SignerOptions(options)
        guard let key = try key(&rest) else {
            let kind = rest.prefix { !isSpace($0) }
            throw SSHPublicKey.unsupported(String(decoding: kind.prefix(60), as: UTF8.self))
        }
        return try AllowedSigner(line, principals, read, key, comment: rest)
    }

    private init(
        _ line: Int, _ principals: PatternList, _ options: SignerOptions, _ key: SSHPublicKey,
        comment: ArraySlice<UInt8>
    ) throws(Malformed) {
        if !key.kind.isSecurityKey, options.needsNoTouch || options.needsVerification {
            throw Malformed("a key of the kind '\(key.algorithm)' is in no hardware that could be touched")
        }
        self.line = line
        self.principals = principals.text.split(separator: UInt8(ascii: ",")).map {
            String(decoding: $0, as: UTF8.self)
        }
        self.options = options
        self.key = key
        self.comment = String(decoding: comment, as: UTF8.self)
    }

    /// The first field. Double quotes are left away, wherever they are, and white space within them stays; the field
    /// ends with white space outside of quotes or with the second quote.
    private static func principals(_ rest: inout ArraySlice<UInt8>) throws(Malformed) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        var field = Array(rest.prefix { !isSpace($0) && $0 != quote })
        rest = rest.dropFirst(field.count)
        if rest.first == quote {
            let quoted = rest.dropFirst().prefix { $0 != quote }
            rest = rest.dropFirst(1 + quoted.count)
            guard rest.first == quote else {
                throw Malformed("a quote in the first field has no closing one")
            }
            field += quoted
        }
        rest = rest.dropFirst().drop(while: isSpace)
        return field
    }

    /// The options, up to white space outside of quotes.
    private static func options(_ rest: inout ArraySlice<UInt8>) throws(Malformed) -> ArraySlice<UInt8> {
        let start = rest
        var isQuoted = false
        while let byte = rest.first, isQuoted || !isBlank(byte) {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "\"") {
                rest = rest.dropFirst()
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            }
        }
        guard !isQuoted else { throw Malformed("a quote in the options has no closing one") }
        defer { rest = rest.drop(while: isBlank) }
        return start[..<rest.startIndex]
    }

    /// - Returns: nil, with nothing taken, where the first word is no kind of key.
    private static func key(_ rest: inout ArraySlice<UInt8>) throws(Malformed) -> SSHPublicKey? {
        let name = rest.prefix { !isBlank($0) }
        guard let kind = KeyAlgorithm(rawValue: String(decoding: name, as: UTF8.self)) else { return nil }
        rest = rest.dropFirst(name.count).drop(while: isBlank)
        let text = rest.prefix { !isBlank($0) }
        rest = rest.dropFirst(text.count).drop(while: isBlank)
        guard let blob = StrictBase64.decode(Array(text)) else {
            throw Malformed("what comes after '\(kind.rawValue)' is no key in base 64")
        }
        let key = try SSHPublicKey(reading: blob)
        guard key.kind == kind else {
            throw Malformed("the line says '\(kind.rawValue)', and the key is of the kind '\(key.algorithm)'")
        }
        return key
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        isBlank(byte) || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }
}

extension ArraySlice {
    fileprivate func trimming(trailing isTrimmed: (Element) -> Bool) -> ArraySlice {
        self[..<((lastIndex { !isTrimmed($0) }).map { $0 + 1 } ?? startIndex)]
    }
}
