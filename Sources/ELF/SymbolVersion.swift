/// A numbered version of a library's symbols, such as the 2.35 of `GLIBC_2.35`.
public struct SymbolVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// At least one number.
    public let numbers: [UInt32]

    public init(_ major: UInt32, _ minor: UInt32) { numbers = [major, minor] }

    /// Reads `2.35` or `3.4.30`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var numbers: [UInt32] = []
        for part in text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            var number: UInt32 = 0
            guard !part.isEmpty, part.count <= 6 else { return nil }
            for digit in part {
                guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
                number = number * 10 + UInt32(digit - UInt8(ascii: "0"))
            }
            numbers.append(number)
        }
        guard !numbers.isEmpty, numbers.count <= 4 else { return nil }
        self.numbers = numbers
    }

    /// Reads `2.35` out of `GLIBC_2.35` for the prefix `GLIBC`; nil for `GLIBC_PRIVATE` and the like.
    public init?(symbol: String, of prefix: String) {
        guard symbol.hasPrefix(prefix + "_") else { return nil }
        self.init(symbol.dropFirst(prefix.utf8.count + 1))
    }

    public var description: String { numbers.map(String.init).joined(separator: ".") }

    public static func < (a: SymbolVersion, b: SymbolVersion) -> Bool {
        a.numbers.lexicographicallyPrecedes(b.numbers)
    }
}
