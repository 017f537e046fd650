/// What a text field of a package record must be (CEP 29, "String matching"): a text, a glob with `*`, or a
/// regular expression from `^` to `$`. ASCII letters of either case are the same.
public struct MatchSpecPattern: Sendable {
    enum Form: Sendable {
        case exact, glob
        case expression(MatchSpecExpression)
    }

    /// As it was given.
    public let text: String
    let form: Form

    /// - Throws: `CondaError` for a regular expression that cannot be read.
    public init(_ text: String) throws(CondaError) {
        self.text = text
        if text.utf8.first == UInt8(ascii: "^"), text.utf8.last == UInt8(ascii: "$") {
            form = .expression(try MatchSpecExpression(text))
        } else {
            form = text.utf8.contains(UInt8(ascii: "*")) ? .glob : .exact
        }
    }

    /// The one text that matches, but for the case of letters; nil for a glob or a regular expression.
    public var exactText: String? {
        if case .exact = form { text } else { nil }
    }

    public func matches(_ other: String) -> Bool {
        switch form {
        case .exact: text == other || Self.isEqual(text, other)
        case .glob: Self.matchesGlob(Array(text.utf8), Array(other.utf8))
        case .expression(let expression): expression.matches(other)
        }
    }

    private static func isEqual(_ a: String, _ b: String) -> Bool {
        a.utf8.count == b.utf8.count && zip(a.utf8, b.utf8).allSatisfy { $0.lowered == $1.lowered }
    }

    private static func matchesGlob(_ glob: [UInt8], _ text: [UInt8]) -> Bool {
        var (position, index) = (0, 0)
        // Where to try again, with the asterisk taking one byte more.
        var retry: (glob: Int, text: Int)?
        while index < text.count {
            if position < glob.count, glob[position] == UInt8(ascii: "*") {
                retry = (position + 1, index)
                position += 1
            } else if position < glob.count, glob[position].lowered == text[index].lowered {
                position += 1
                index += 1
            } else if let last = retry {
                retry = (last.glob, last.text + 1)
                (position, index) = (last.glob, last.text + 1)
            } else {
                return false
            }
        }
        return glob[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension MatchSpecPattern: Hashable, CustomStringConvertible {
    public static func == (a: Self, b: Self) -> Bool { isEqual(a.text, b.text) }
    public func hash(into hasher: inout Hasher) { hasher.combine(text.asciiLowered) }
    public var description: String { text }
}
