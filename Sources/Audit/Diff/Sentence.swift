import Failures

/// Airlift's own words with text out of a bundle between them, which each format makes harmless in its way. What is
/// interpolated is foreign unless it says that it is not: `"comes from \(url), a \(own: word)"`.
public struct Sentence: Hashable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    public enum Part: Hashable, Sendable {
        case own(String)
        case foreign(String)

        public var text: String {
            switch self {
            case .own(let text), .foreign(let text): text
            }
        }
    }

    public private(set) var parts: [Part]

    public init(stringLiteral value: String) { parts = [.own(value)] }
    public init(stringInterpolation: Interpolation) { parts = stringInterpolation.parts }
    public init(foreign text: String) { parts = [.foreign(text)] }

    /// With the foreign text as it came.
    public var description: String { parts.map(\.text).joined() }

    /// With the foreign text as a terminal may show it.
    public var printable: String {
        parts.map { part in
            switch part {
            case .own(let text): text
            case .foreign(let text): text.printable
            }
        }.joined()
    }

    public static func + (a: Sentence, b: Sentence) -> Sentence {
        var sum = a
        sum.parts += b.parts
        return sum
    }

    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { parts.append(.own(literal)) }
        }

        public mutating func appendInterpolation(_ foreign: String) { parts.append(.foreign(foreign)) }
        public mutating func appendInterpolation(_ number: Int) { parts.append(.own("\(number)")) }
        public mutating func appendInterpolation(own: String) { parts.append(.own(own)) }
        public mutating func appendInterpolation(_ sentence: Sentence) { parts += sentence.parts }
    }
}
