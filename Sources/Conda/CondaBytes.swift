/// Questions about single bytes of versions and match specs, which are ASCII.
extension UInt8 {
    var isDigit: Bool { self &- 0x30 < 10 }
    var isLetter: Bool { lowered &- 0x61 < 26 }
    /// Space, tab, line feed, vertical tab, form feed, carriage return.
    var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }
    var lowered: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}

extension ArraySlice<UInt8> {
    /// Without white space at either end.
    var trimmed: ArraySlice<UInt8> {
        var slice = self
        while let first = slice.first, first.isSpace { slice.removeFirst() }
        while let last = slice.last, last.isSpace { slice.removeLast() }
        return slice
    }

    var text: String { String(decoding: self, as: UTF8.self) }

    func starts(with word: StaticString) -> Bool {
        starts(with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    func ends(with word: StaticString) -> Bool {
        let word = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        return count >= word.count && suffix(word.count).elementsEqual(word)
    }

    /// Where `word` begins for the first time.
    func firstIndex(of word: StaticString) -> Int? {
        let count = word.utf8CodeUnitCount
        guard self.count >= count else { return nil }
        return (startIndex...(endIndex - count)).first { self[$0..<$0 + count].starts(with: word) }
    }
}

extension String {
    /// A–Z in lower case; every other character is kept.
    var asciiLowered: String { String(decoding: utf8.map(\.lowered), as: UTF8.self) }
}
