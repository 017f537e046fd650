/// An environment marker (PEP 508): whether a requirement applies to a target.
public struct Marker: Hashable, Sendable, CustomStringConvertible {
    public enum Comparison: String, Sendable, CaseIterable {
        case arbitrary = "==="
        case compatible = "~="
        case equal = "=="
        case notEqual = "!="
        case atMost = "<="
        case atLeast = ">="
        case below = "<"
        case above = ">"
        case within = "in"
        case notWithin = "not in"
    }

    /// `variable comparison "literal"`, or the other way round.
    public struct Clause: Hashable, Sendable {
        public let variable: MarkerVariable
        public let comparison: Comparison
        public let literal: String
        /// `"literal" comparison variable`.
        public let literalFirst: Bool
    }

    /// Groups hold two expressions or more, and none of their own kind.
    public indirect enum Expression: Hashable, Sendable {
        case clause(Clause)
        case all([Expression])
        case any([Expression])
    }

    public let expression: Expression

    public init(_ text: some StringProtocol) throws(WheelError) {
        var parser = MarkerParser(text)
        expression = try parser.wholeMarker()
    }

    public init(_ expression: Expression) { self.expression = expression }

    /// Both must hold.
    public func and(_ other: Marker) -> Marker {
        Marker(Expression.grouped([expression, other.expression], all: true))
    }

    /// Whether it asks for an extra.
    public var asksForExtra: Bool { Self.asksForExtra(expression) }

    /// One spelling for one meaning of the parts: double quotes, single spaces, normalised extras, and
    /// parentheses only where `or` stands inside `and`.
    public var description: String { Self.text(expression) }

    private static func asksForExtra(_ expression: Expression) -> Bool {
        switch expression {
        case .clause(let clause): clause.variable.holdsNames
        case .all(let parts), .any(let parts): parts.contains(where: asksForExtra)
        }
    }

    private static func text(_ expression: Expression) -> String {
        switch expression {
        case .clause(let clause): return clause.description
        case .any(let parts): return parts.map(text).joined(separator: " or ")
        case .all(let parts):
            return parts.map { part in
                if case .any = part { return "(\(text(part)))" }
                return text(part)
            }.joined(separator: " and ")
        }
    }
}

extension Marker.Clause: CustomStringConvertible {
    public var description: String {
        let quoted = literal.utf8.contains(UInt8(ascii: "\"")) ? "'\(literal)'" : "\"\(literal)\""
        return literalFirst
            ? "\(quoted) \(comparison.rawValue) \(variable.rawValue)"
            : "\(variable.rawValue) \(comparison.rawValue) \(quoted)"
    }
}

extension Marker.Expression {
    /// The parts joined, with groups of the same kind opened up.
    static func grouped(_ parts: [Marker.Expression], all: Bool) -> Marker.Expression {
        var flat: [Marker.Expression] = []
        for part in parts {
            switch part {
            case .all(let inner) where all: flat += inner
            case .any(let inner) where !all: flat += inner
            default: flat.append(part)
            }
        }
        return flat.count == 1 ? flat[0] : all ? .all(flat) : .any(flat)
    }
}
