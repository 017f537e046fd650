/// When a dependency counts (CEP 43, `when`): match specs joined by `and`, which binds tighter, and `or`, with
/// parentheses.
public indirect enum MatchSpecCondition: Hashable, Sendable {
    /// Met by a package of the environment or of the machine.
    case met(MatchSpec)
    case all([MatchSpecCondition])
    case any([MatchSpecCondition])

    /// - Throws: `CondaError` for what cannot be read, and for a condition within a condition.
    public init(_ text: String) throws(CondaError) {
        var reader = try Reader(text)
        self = try reader.condition()
    }

    /// - Parameter isMet: whether some package meets a spec.
    public func holds(_ isMet: (MatchSpec) -> Bool) -> Bool {
        switch self {
        case .met(let spec): isMet(spec)
        case .all(let conditions): conditions.allSatisfy { $0.holds(isMet) }
        case .any(let conditions): conditions.contains { $0.holds(isMet) }
        }
    }
}

extension MatchSpecCondition: CustomStringConvertible {
    public var description: String {
        switch self {
        case .met(let spec): spec.description
        case .any(let conditions): conditions.map(\.description).joined(separator: " or ")
        case .all(let conditions):
            conditions.map { if case .any = $0 { "(\($0))" } else { $0.description } }.joined(
                separator: " and ")
        }
    }
}

private struct Reader {
    private let text: String
    private var rest: ArraySlice<ArraySlice<UInt8>>
    private static let deepest = 16

    init(_ text: String) throws(CondaError) {
        self.text = text
        rest = Self.words(Array(text.utf8)[...])[...]
        guard !rest.isEmpty else { throw CondaError(.matchSpec, text, "the condition is empty") }
    }

    private func refuse(_ reason: String) -> CondaError { CondaError(.matchSpec, text, reason) }

    /// Specs whole, with their spaces; `and`, `or`, and the parentheses around a condition by themselves.
    private static func words(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var words: [ArraySlice<UInt8>] = []
        var rest = bytes
        while true {
            rest = rest.drop(while: \.isSpace)
            guard let first = rest.first else { return words }
            if first == UInt8(ascii: "(") || first == UInt8(ascii: ")") {
                words.append(rest.prefix(1))
                rest = rest.dropFirst()
                continue
            }
            let end = wordEnd(rest)
            let word = rest[..<end]
            let isJoined = words.last.map { !isOperator($0) } ?? false
            if !isOperator(word), isJoined, let last = words.popLast() {
                words.append(bytes[last.startIndex..<end])
            } else {
                words.append(word)
            }
            rest = rest[end...]
        }
    }

    private static func isOperator(_ word: ArraySlice<UInt8>) -> Bool {
        word.elementsEqual("and".utf8) || word.elementsEqual("or".utf8) || word.elementsEqual("(".utf8)
            || word.elementsEqual(")".utf8)
    }

    /// A space or a closing parenthesis ends a word, unless brackets, quotes or parentheses are open.
    private static func wordEnd(_ bytes: ArraySlice<UInt8>) -> Int {
        var brackets = 0
        var parentheses = 0
        var quote: UInt8?
        for (index, byte) in zip(bytes.indices, bytes) {
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
            case UInt8(ascii: "["): brackets += 1
            case UInt8(ascii: "]"): brackets -= 1
            case UInt8(ascii: "("): parentheses += 1
            case UInt8(ascii: ")"):
                if parentheses == 0, brackets <= 0 { return index }
                parentheses -= 1
            default: if byte.isSpace, brackets <= 0, parentheses <= 0 { return index }
            }
        }
        return bytes.endIndex
    }

    mutating func condition() throws(CondaError) -> MatchSpecCondition {
        let condition = try alternatives(depth: 0)
        guard rest.isEmpty else { throw refuse("'and' or 'or' is missing, or a ')' closes nothing") }
        return condition
    }

    private mutating func take(_ word: StaticString) -> Bool {
        guard let next = rest.first, next.count == word.utf8CodeUnitCount, next.starts(with: word) else {
            return false
        }
        rest = rest.dropFirst()
        return true
    }

    private mutating func alternatives(depth: Int) throws(CondaError) -> MatchSpecCondition {
        guard depth < Self.deepest else {
            throw refuse("it has more than \(Self.deepest) parentheses in parentheses")
        }
        var parts: [MatchSpecCondition] = []
        repeat {
            let part = try conjunction(depth: depth)
            if case .any(let inner) = part { parts += inner } else { parts.append(part) }
        } while take("or")
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction(depth: Int) throws(CondaError) -> MatchSpecCondition {
        var parts: [MatchSpecCondition] = []
        repeat {
            let part = try term(depth: depth)
            if case .all(let inner) = part { parts += inner } else { parts.append(part) }
        } while take("and")
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func term(depth: Int) throws(CondaError) -> MatchSpecCondition {
        if take("(") {
            let condition = try alternatives(depth: depth + 1)
            guard take(")") else { throw refuse("a '(' is not closed") }
            return condition
        }
        guard let word = rest.popFirst(), !Self.isOperator(word) else {
            throw refuse("a match spec is missing beside 'and', 'or' or a parenthesis")
        }
        let spec = try MatchSpec(word.text)
        guard spec.condition == nil else { throw refuse("a condition within a condition is not allowed") }
        return .met(spec)
    }
}
