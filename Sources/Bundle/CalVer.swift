import Failures

/// A calendar day, handed in by whoever has a clock.
public struct CalendarDate: Hashable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int

    public init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The number of the week, counted from 1 on January 1st in steps of seven days.
    var week: Int { (dayOfYear - 1) / 7 + 1 }

    private var dayOfYear: Int {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
        return before[month - 1] + day + (leap && month > 2 ? 1 : 0)
    }
}

/// A pattern of calver.org tokens: `YYYY` `YY` `0Y` `MM` `0M` `WW` `0W` `DD` `0D` and `MICRO`, which counts the
/// cuts of one date from 0. Between tokens stand `.`, `-`, `_` or other plain text.
public struct CalVerPattern: Hashable, Sendable, CustomStringConvertible {
    enum Piece: Hashable, Sendable {
        case token(String)
        case text(Character)
    }

    public static let standard = "YYYY.0M.0D"
    private static let tokens = ["YYYY", "YY", "0Y", "MM", "0M", "WW", "0W", "DD", "0D", "MICRO"]

    public let description: String
    let pieces: [Piece]

    public init(_ pattern: String) throws(CalVerError) {
        var rest = pattern[...]
        var pieces: [Piece] = []
        while let character = rest.first {
            if let token = Self.tokens.first(where: { rest.hasPrefix($0) }) {
                pieces.append(.token(token))
                rest = rest.dropFirst(token.count)
            } else {
                guard
                    ".-_+".contains(character)
                        || character.isASCII && (character.isNumber || character.isLowercase)
                else {
                    throw CalVerError(
                        "the pattern '\(pattern)' is refused at '\(rest)': expected a token (\(Self.tokens.joined(separator: ", "))) or a separator"
                    )
                }
                pieces.append(.text(character))
                rest = rest.dropFirst()
            }
        }
        guard
            pieces.contains(where: { if case .token(let token) = $0 { token.hasSuffix("Y") } else { false } })
        else {
            throw CalVerError(
                "the pattern '\(pattern)' is refused: it has no year; write for instance \(Self.standard)")
        }
        if case .text(let character)? = pieces.first, !character.isLetter, !character.isNumber {
            throw CalVerError(
                "the pattern '\(pattern)' is refused: a version begins with a letter or digit, not with '\(character)'"
            )
        }
        self.pieces = pieces
        description = pattern
    }

    public var countsCuts: Bool { pieces.contains(.token("MICRO")) }

    /// The version of the cut number `micro` of that day.
    public func version(on date: CalendarDate, micro: Int = 0) -> String {
        func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return pieces.map { piece in
            switch piece {
            case .text(let character): String(character)
            case .token("YYYY"): "\(date.year)"
            case .token("YY"): "\(date.year - 2000)"
            case .token("0Y"): padded(date.year - 2000)
            case .token("MM"): "\(date.month)"
            case .token("0M"): padded(date.month)
            case .token("WW"): "\(date.week)"
            case .token("0W"): padded(date.week)
            case .token("DD"): "\(date.day)"
            case .token("0D"): padded(date.day)
            case .token: "\(micro)"
            }
        }.joined()
    }
}

public struct CalVerError: Failure, Equatable {
    public let description: String
    public var kind: FailureKind { .usage }

    init(_ description: String) { self.description = description }
}

/// The integer that orders the cuts of one bundle name.
public enum Serial {
    /// From the numbers of a version, the first being a year: `2026.11.21` gives 2026112100000, and a fourth
    /// number counts within the day, up to 99,999. nil where the version has no such form.
    public static func derived(from version: String) -> Int? {
        let parts = version.split(whereSeparator: { ".-_+".contains($0) })
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, (1...4).contains(numbers.count) else { return nil }
        let year = numbers[0] < 100 ? 2000 + numbers[0] : numbers[0]
        let month = numbers.count > 1 ? numbers[1] : 0
        let day = numbers.count > 2 ? numbers[2] : 0
        let micro = numbers.count > 3 ? numbers[3] : 0
        guard (2000...9999).contains(year), (0...99).contains(month), (0...99).contains(day),
            (0...99_999).contains(micro)
        else { return nil }
        return ((year * 100 + month) * 100 + day) * 100_000 + micro
    }
}
