/// Which build numbers will do: a number, one with an operator, or a glob or regular expression of its digits.
public struct BuildNumberSpec: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case equal(Int), notEqual(Int), less(Int), atMost(Int), more(Int), atLeast(Int)
        case like(MatchSpecPattern)
    }

    private let form: Form

    /// - Throws: `CondaError` for anything else, two conditions among it.
    public init(_ text: some StringProtocol) throws(CondaError) {
        let bytes = Array(text.utf8)[...].trimmed
        let operators: [(StaticString, (Int) -> Form)] = [
            ("==", Form.equal), ("!=", Form.notEqual), ("<=", Form.atMost), (">=", Form.atLeast),
            ("=", Form.equal), ("<", Form.less), (">", Form.more),
        ]
        let sign = operators.first { bytes.starts(with: $0.0) }
        let rest = bytes.dropFirst(sign?.0.utf8CodeUnitCount ?? 0).trimmed
        if sign == nil, rest.contains(UInt8(ascii: "*")) || rest.first == UInt8(ascii: "^") {
            form = .like(try MatchSpecPattern(rest.text))
            return
        }
        guard !rest.isEmpty, rest.allSatisfy(\.isDigit), let number = Int(rest.text) else {
            throw CondaError(
                .matchSpec, text,
                "a build number is a number, with one of == != >= > <= < before it if need be")
        }
        form = (sign?.1 ?? Form.equal)(number)
    }

    public func matches(_ number: Int) -> Bool {
        switch form {
        case .equal(let bound): number == bound
        case .notEqual(let bound): number != bound
        case .less(let bound): number < bound
        case .atMost(let bound): number <= bound
        case .more(let bound): number > bound
        case .atLeast(let bound): number >= bound
        case .like(let pattern): pattern.matches(String(number))
        }
    }
}

extension BuildNumberSpec: CustomStringConvertible {
    public var description: String {
        switch form {
        case .equal(let bound): "\(bound)"
        case .notEqual(let bound): "!=\(bound)"
        case .less(let bound): "<\(bound)"
        case .atMost(let bound): "<=\(bound)"
        case .more(let bound): ">\(bound)"
        case .atLeast(let bound): ">=\(bound)"
        case .like(let pattern): pattern.text
        }
    }
}
