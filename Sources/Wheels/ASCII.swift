/// Questions about single bytes of ASCII text, which is all that the formats here are made of.
extension UInt8 {
    var isDigit: Bool { self &- 0x30 < 10 }
    var isLower: Bool { self &- 0x61 < 26 }
    var isUpper: Bool { self &- 0x41 < 26 }
    var isLetter: Bool { lowered.isLower }
    var isAlphanumeric: Bool { isDigit || isLetter }
    /// Space, tab, line feed, vertical tab, form feed, carriage return.
    var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }
    var lowered: UInt8 { isUpper ? self | 0x20 : self }
}

/// The text without ASCII white space at either end.
func trimmed(_ text: Substring) -> Substring {
    var bytes = text.utf8[...]
    while let first = bytes.first, first.isSpace { bytes.removeFirst() }
    while let last = bytes.last, last.isSpace { bytes.removeLast() }
    return Substring(bytes)
}

func trimmed(_ text: String) -> Substring { trimmed(text[...]) }

/// A–Z in lower case; every other character is kept, as no locale or Unicode table is asked.
func asciiLowered(_ text: some StringProtocol) -> String {
    String(decoding: text.utf8.map(\.lowered), as: UTF8.self)
}
