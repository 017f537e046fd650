extension String {
    /// The text with control, format and line-breaking characters written as `\u{1B}`: a name out of an archive
    /// could otherwise move a terminal's cursor, hide a line, or pretend to be the next message.
    public var printable: String {
        guard unicodeScalars.contains(where: Self.isUnsafe) else { return self }
        return unicodeScalars.map { scalar in
            Self.isUnsafe(scalar)
                ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
        }.joined()
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
