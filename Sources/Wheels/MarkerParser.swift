/// A recursive descent over the marker grammar of PEP 508.
struct MarkerParser {
    private let text: String
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Far above any real marker; a hostile one must not exhaust the stack.
    private static let deepest = 64

    init(_ text: some StringProtocol) {
        self.text = String(text)
        bytes = Array(text.utf8)
    }

    mutating func wholeMarker() throws(WheelError) -> Marker.Expression {
        let marker = try alternatives()
        skipSpace()
        guard position == bytes.count else { throw refusal("'and', 'or' or the end is expected") }
        return marker
    }

    private func refusal(_ expectation: String) -> WheelError {
        let rest = String(decoding: bytes[position...].prefix(40), as: UTF8.self)
        return WheelError(
            .marker, text,
            rest.isEmpty ? "it ends where \(expectation)" : "\(expectation) at '\(WheelError.excerpt(rest))'")
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
    }

    private mutating func take(_ symbol: String) -> Bool {
        guard bytes[position...].starts(with: symbol.utf8) else { return false }
        position += symbol.utf8.count
        return true
    }

    private func isWordByte(_ index: Int) -> Bool {
        guard index < bytes.count else { return false }
        return bytes[index].isAlphanumeric || bytes[index] == UInt8(ascii: "_")
    }

    private mutating func take(word: String) -> Bool {
        guard bytes[position...].starts(with: word.utf8), !isWordByte(position + word.utf8.count) else {
            return false
        }
        position += word.utf8.count
        return true
    }

    private mutating func alternatives() throws(WheelError) -> Marker.Expression {
        var parts = [try conjunction()]
        skipSpace()
        while take(word: "or") {
            parts.append(try conjunction())
            skipSpace()
        }
        return .grouped(parts, all: false)
    }

    private mutating func conjunction() throws(WheelError) -> Marker.Expression {
        var parts = [try atom()]
        skipSpace()
        while take(word: "and") {
            parts.append(try atom())
            skipSpace()
        }
        return .grouped(parts, all: true)
    }

    private mutating func atom() throws(WheelError) -> Marker.Expression {
        skipSpace()
        guard take("(") else { return .clause(try clause()) }
        depth += 1
        guard depth <= Self.deepest else {
            throw refusal("no more than \(Self.deepest) parentheses are allowed")
        }
        let inner = try alternatives()
        skipSpace()
        guard take(")") else { throw refusal("')' is expected") }
        depth -= 1
        return inner
    }

    private enum Operand {
        case variable(MarkerVariable)
        case literal(String)
    }

    private mutating func clause() throws(WheelError) -> Marker.Clause {
        let start = position
        let left = try operand()
        skipSpace()
        let comparison = try comparison()
        skipSpace()
        let right = try operand()
        let clause: Marker.Clause
        switch (left, right) {
        case (.variable(let variable), .literal(let literal)):
            clause = .init(
                variable: variable, comparison: comparison, literal: Self.normal(literal, variable),
                literalFirst: false)
        case (.literal(let literal), .variable(let variable)):
            clause = .init(
                variable: variable, comparison: comparison, literal: Self.normal(literal, variable),
                literalFirst: true)
        case (.literal, .literal), (.variable, .variable):
            position = start
            throw refusal("a comparison of one variable and one quoted text is expected")
        }
        if let fault = Self.fault(clause) { throw WheelError(.marker, text, "in '\(clause)', \(fault)") }
        return clause
    }

    private static func normal(_ literal: String, _ variable: MarkerVariable) -> String {
        variable.holdsNames ? ProjectName.normalize(literal) : literal
    }

    /// Comparisons that have no meaning on any target.
    private static func fault(_ clause: Marker.Clause) -> String? {
        if clause.variable.isSet {
            let membership = clause.comparison == .within || clause.comparison == .notWithin
            return membership && clause.literalFirst
                ? nil : "\(clause.variable.rawValue) is asked only by \"name\" in \(clause.variable.rawValue)"
        }
        guard clause.comparison == .compatible || clause.comparison == .arbitrary else { return nil }
        guard clause.variable.isVersion else {
            return
                "'\(clause.comparison.rawValue)' compares versions, and \(clause.variable.rawValue) is none"
        }
        if clause.literalFirst || clause.comparison == .arbitrary { return nil }
        return (try? VersionSpecifier(clause.comparison.rawValue + clause.literal)) == nil
            ? "'\(clause.comparison.rawValue)' does not go with '\(clause.literal)'" : nil
    }

    private mutating func comparison() throws(WheelError) -> Marker.Comparison {
        if take(word: "in") { return .within }
        if take(word: "not") {
            skipSpace()
            guard take(word: "in") else { throw refusal("'in' is expected after 'not'") }
            return .notWithin
        }
        for comparison in Marker.Comparison.allCases where take(comparison.rawValue) { return comparison }
        throw refusal("a comparison (<= < != == >= > ~= === in, not in) is expected")
    }

    private mutating func operand() throws(WheelError) -> Operand {
        if position < bytes.count,
            bytes[position] == UInt8(ascii: "'") || bytes[position] == UInt8(ascii: "\"")
        {
            let quote = bytes[position]
            guard let end = bytes[(position + 1)...].firstIndex(of: quote) else {
                throw refusal("a closing quote is expected")
            }
            let content = bytes[(position + 1)..<end]
            guard !content.contains(UInt8(ascii: "\\")), content.allSatisfy({ $0 >= 0x20 || $0 == 0x09 })
            else {
                throw refusal("a quoted text without backslashes and control characters is expected")
            }
            position = end + 1
            return .literal(String(decoding: content, as: UTF8.self))
        }
        var end = position
        while isWordByte(end) || end < bytes.count && bytes[end] == UInt8(ascii: ".") { end += 1 }
        let word = String(decoding: bytes[position..<end], as: UTF8.self)
        guard let variable = MarkerVariable(spelling: word) else {
            throw refusal("a marker variable such as python_version, or a quoted text, is expected")
        }
        position = end
        return .variable(variable)
    }
}
