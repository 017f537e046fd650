extension String {
    /// The text with control, format and line-breaking characters written as `\u{1B}`: a name out of an archive
    /// could otherwise move a terminal's cursor, hide a line, or pretend to be the next message.
    public var printable: String {
        guard !isPlain, unicodeScalars.contains(where: Self.isUnsafe) else { return self }
        return unicodeScalars.map { scalar in
            Self.isUnsafe(scalar)
                ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
        }.joined()
    }

    /// As `printable`, with everything beyond ASCII written so, too: for names, versions and addresses, where a
    /// letter of another script would pass for one of ours.
    public var printableASCII: String {
        guard !isPlain else { return self }
        return unicodeScalars.map { scalar in
            (0x20..<0x7f).contains(scalar.value)
                ? String(scalar) : "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }.joined()
    }

    /// Only printable ASCII.
    private var isPlain: Bool { utf8.allSatisfy { (0x20..<0x7f).contains($0) } }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
