/// One part of a local version label (PEP 440): a number or a word. Numbers stay text, since a label
/// may be a commit's digits, far above any machine integer.
struct LocalSegment: Hashable, Sendable, Comparable {
    /// Lower case; a number without leading zeros.
    let text: String
    let isNumber: Bool

    /// - Precondition: ASCII letters and digits, one at least.
    init(_ bytes: some Collection<UInt8>) {
        isNumber = bytes.allSatisfy(\.isDigit)
        if isNumber {
            let digits = bytes.drop { $0 == UInt8(ascii: "0") }
            text = digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self)
        } else {
            text = String(decoding: bytes.map(\.lowered), as: UTF8.self)
        }
    }

    /// Numbers come after words, and by value among themselves.
    static func < (a: LocalSegment, b: LocalSegment) -> Bool {
        if a.isNumber != b.isNumber { return b.isNumber }
        if a.isNumber, a.text.utf8.count != b.text.utf8.count { return a.text.utf8.count < b.text.utf8.count }
        return a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
    }
}
