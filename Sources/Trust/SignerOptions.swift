/// What a line of a list of signers asks of a signature.
struct SignerOptions: Hashable, Sendable {
    var namespaces: PatternList?
    var validAfter: LocalTime?
    var validBefore: LocalTime?
    /// A hardware key need not have been touched.
    var needsNoTouch = false
    /// A hardware key must have known who touched it.
    var needsVerification = false

    init() {}

    /// Reads the options of one line: names in any case, commas between them, values in double quotes in which `\"`
    /// stands for a quote. Unknown names are a fault, as in OpenSSH: what they would have asked for is not known.
    init(_ text: ArraySlice<UInt8>) throws(Malformed) {
        var rest = text
        while true {
            try read(&rest)
            guard let next = rest.first else { break }
            guard next == UInt8(ascii: ",") else { throw Self.unknown(rest) }
            rest = rest.dropFirst()
            guard !rest.isEmpty else { throw Malformed("a comma ends the options, and one more was to come") }
        }
        if let after = validAfter?.unixSeconds, let before = validBefore?.unixSeconds, before <= after {
            throw Malformed(
                "'valid-before' is not after 'valid-after': there is no time at which the key is valid")
        }
    }

    private mutating func read(_ rest: inout ArraySlice<UInt8>) throws(Malformed) {
        let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ",") }
        let key = String(decoding: name.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }, as: UTF8.self)
        let start = rest
        rest = rest.dropFirst(name.count)
        let hasValue = rest.first == UInt8(ascii: "=")
        switch (key, hasValue) {
        case ("namespaces", true):
            guard namespaces == nil else { throw Self.repeated(key) }
            let list = PatternList(text: try Self.value(&rest, of: key))
            guard !list.isTooLong else {
                throw Malformed("a pattern of 'namespaces' is longer than \(PatternList.limit) bytes")
            }
            namespaces = list
        case ("valid-after", true):
            guard validAfter == nil else { throw Self.repeated(key) }
            validAfter = try Self.time(&rest, of: key)
        case ("valid-before", true):
            guard validBefore == nil else { throw Self.repeated(key) }
            validBefore = try Self.time(&rest, of: key)
        case ("no-touch-required", false): needsNoTouch = true
        case ("verify-required", false): needsVerification = true
        case ("cert-authority", false):
            throw Malformed(
                "certificates are not read, so a 'cert-authority' counts for nobody; list the keys themselves"
            )
        default: throw Self.unknown(start)
        }
    }

    private static func value(_ rest: inout ArraySlice<UInt8>, of key: String) throws(Malformed) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        rest = rest.dropFirst()
        guard rest.first == quote else { throw Malformed("the value of '\(key)' is not in double quotes") }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == quote { return value }
            if byte == UInt8(ascii: "\\"), rest.first == quote {
                value.append(quote)
                rest = rest.dropFirst()
            } else {
                value.append(byte)
            }
        }
        throw Malformed("the value of '\(key)' has no closing quote")
    }

    private static func time(_ rest: inout ArraySlice<UInt8>, of key: String) throws(Malformed) -> LocalTime {
        let text = try value(&rest, of: key)
        guard let time = LocalTime(text), time.unixSeconds > 0 else {
            throw Malformed(
                "'\(String(decoding: text, as: UTF8.self))' is no time for '\(key)'; write YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with a Z behind it for UTC"
            )
        }
        return time
    }

    private static func repeated(_ key: String) -> Malformed { Malformed("'\(key)' is given twice") }

    private static func unknown(_ text: ArraySlice<UInt8>) -> Malformed {
        let shown = String(decoding: text.prefix(60), as: UTF8.self)
        return Malformed(
            "'\(shown)' is no option that is known here; there are namespaces=\"…\", valid-after=\"…\", valid-before=\"…\", no-touch-required and verify-required"
        )
    }
}
