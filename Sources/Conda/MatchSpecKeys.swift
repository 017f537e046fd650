/// Reads the keys of a match spec, `[key=value,…]`, and of the older `(optional=True)`.
struct MatchSpecKeys {
    private enum Value {
        case none
        case text(String)
        case list([String])
    }

    private let parser: MatchSpecParser
    private var pairs: [(key: String, value: Value)] = []

    init(_ parser: MatchSpecParser) { self.parser = parser }

    /// - Parameter bytes: from the bracket on; may be empty.
    mutating func read(_ bytes: ArraySlice<UInt8>) throws(CondaError) {
        guard !bytes.isEmpty else { return }
        var rest = bytes.dropFirst()
        while true {
            rest = rest.drop { $0.isSpace || $0 == UInt8(ascii: ",") }
            guard let next = rest.first else { throw parser.refuse("a '[' is not closed") }
            if next == UInt8(ascii: "]") { break }
            try readPair(&rest)
        }
        rest = rest.dropFirst().trimmed
        if Self.legacyBlock(in: rest) == rest.startIndex {
            try readLegacy(rest)
        } else if let next = rest.first, next != UInt8(ascii: "#") {
            throw parser.refuse("the one pair of brackets stands at the end")
        }
    }

    private mutating func readPair(_ rest: inout ArraySlice<UInt8>) throws(CondaError) {
        let key = rest.prefix {
            $0.isDigit || $0.isLetter || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
        guard !key.isEmpty else {
            throw parser.refuse("within the brackets, a key is expected before '\(rest.text)'")
        }
        rest = rest[key.endIndex...].drop(while: \.isSpace)
        guard rest.first == UInt8(ascii: "=") else { return try add(key.text, .none) }
        rest = rest.dropFirst().drop(while: \.isSpace)
        let value: Value
        switch rest.first {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): value = .text(try Self.quoted(&rest, parser))
        case UInt8(ascii: "["):
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
                throw parser.refuse("the list of '\(key.text)' is not closed")
            }
            let items = rest[..<end].dropFirst().split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            value = .list(items.map(Self.unquoted))
            rest = rest[(end + 1)...]
        default:
            let word = rest.prefix { !$0.isSpace && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "]") }
            guard !word.isEmpty, !word.contains(where: { "'\"[".utf8.contains($0) }) else {
                throw parser.refuse("'\(key.text)' has no value, or one that wants quotes")
            }
            value = .text(word.text)
            rest = rest[word.endIndex...]
        }
        try add(key.text, value)
    }

    private mutating func add(_ key: String, _ value: Value) throws(CondaError) {
        guard !pairs.contains(where: { $0.key == key }) else {
            throw parser.refuse("the key '\(key)' stands twice within the brackets")
        }
        pairs.append((key, value))
    }

    /// A backslash counts only before a quote or another backslash, so that expressions can be written plainly.
    private static func quoted(
        _ rest: inout ArraySlice<UInt8>, _ parser: MatchSpecParser
    ) throws(CondaError) -> String {
        guard let quote = rest.popFirst() else { return "" }
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote { return String(decoding: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let next = rest.first, "\\'\"".utf8.contains(next) {
                value.append(next)
                rest = rest.dropFirst()
            } else {
                value.append(byte)
            }
        }
        throw parser.refuse("a quote is not closed")
    }
}

extension MatchSpecKeys {
    private static func unquoted(_ item: ArraySlice<UInt8>) -> String {
        let item = item.trimmed
        guard let quote = item.first, "'\"".utf8.contains(quote), item.count > 1, item.last == quote else {
            return item.text
        }
        return item.dropFirst().dropLast().trimmed.text
    }

    /// Where `(optional…)` or `(target=…)` begins at the end of a spec.
    static func legacyBlock(in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.last == UInt8(ascii: ")"), let open = bytes.lastIndex(of: UInt8(ascii: "(")) else {
            return nil
        }
        let content = bytes[(open + 1)...]
        return content.starts(with: "optional") || content.starts(with: "target=") ? open : nil
    }

    mutating func readLegacy(_ block: ArraySlice<UInt8>) throws(CondaError) {
        for part in block.dropFirst().dropLast().split(whereSeparator: {
            $0 == UInt8(ascii: ",") || $0.isSpace
        }) {
            let equal = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            try add(part[..<equal].text, equal == part.endIndex ? .none : .text(part[(equal + 1)...].text))
        }
    }

    /// Keys go before what stands outside of the brackets, except `name`, which is ignored (CEP 29).
    func apply(to spec: inout MatchSpec) throws(CondaError) {
        for pair in pairs where pair.key == "channel" { try parser.setChannel(try text(pair), of: &spec) }
        for pair in pairs where pair.key != "channel" { try apply(pair, to: &spec) }
    }

    private func text(_ pair: (key: String, value: Value)) throws(CondaError) -> String {
        guard case .text(let text) = pair.value, !text.isEmpty else {
            throw parser.refuse("the key '\(pair.key)' wants a value")
        }
        return text
    }

    private func apply(_ pair: (key: String, value: Value), to spec: inout MatchSpec) throws(CondaError) {
        func pattern() throws(CondaError) -> MatchSpecPattern? { try parser.pattern(try text(pair)) }
        switch pair.key {
        case "name": _ = try text(pair)
        case "version":
            let text = try text(pair)
            spec.version = try parser.reading { () throws(CondaError) in try VersionSpec(text) }
        case "build": spec.build = try parser.build(try text(pair))
        case "build_number":
            let text = try text(pair)
            spec.buildNumber =
                text == "*" ? nil : try parser.reading { () throws(CondaError) in try BuildNumberSpec(text) }
        case "subdir": spec.subdir = try pattern()
        case "url":
            spec.url = try pattern()
        case "fn": spec.filename = try pattern()
        case "md5": spec.md5 = try parser.digest(try text(pair), digits: 32)
        case "sha256": spec.sha256 = try parser.digest(try text(pair), digits: 64)
        case "license": spec.license = try pattern()
        case "license_family": spec.licenseFamily = try pattern()
        case "track_features": spec.trackFeatures = MatchSpec.words(try text(pair))
        case "features": spec.features = MatchSpec.words(try text(pair))
        case "extras": spec.extras = try names(pair, also: "_.+-")
        case "flags":
            for flag in try names(pair, also: "_:*") { spec.flags.append(try MatchSpecPattern(flag)) }
        case "when":
            let text = try text(pair)
            spec.condition = try parser.reading { () throws(CondaError) in try MatchSpecCondition(text) }
        case "optional":
            if case .text(let text) = pair.value {
                spec.isOptional = text.asciiLowered != "false"
            } else {
                spec.isOptional = true
            }
        case "target": spec.target = try text(pair)
        default:
            throw parser.refuse(
                "there is no key '\(pair.key)'; known are version, build, build_number, channel, subdir, url, fn, md5, "
                    + "sha256, license, license_family, track_features, features, extras, flags, when, optional, target"
            )
        }
    }

    /// One or more, quoted or not (CEP 44, CEP 45).
    private func names(_ pair: (key: String, value: Value), also marks: String) throws(CondaError) -> [String]
    {
        let names =
            switch pair.value {
            case .list(let names): names
            case .text(let text): text.split(separator: ",").map { Array($0.utf8)[...].trimmed.text }
            case .none: [String]()
            }
        let isRight = names.allSatisfy { name in
            (1...64).contains(name.utf8.count)
                && name.utf8.allSatisfy { byte in
                    byte.isDigit || byte.isLetter && byte == byte.lowered || marks.utf8.contains(byte)
                }
        }
        guard !names.isEmpty, isRight else {
            throw parser.refuse(
                "'\(pair.key)' wants names of small letters, digits and any of \(marks), such as \(pair.key)=[a,b]"
            )
        }
        return names
    }
}
