/// Reads a version constraint from left to right.
struct VersionSpecParser {
    private let text: String
    private let bytes: [UInt8]
    private var position = 0
    private static let deepest = 32

    init(_ text: some StringProtocol) throws(CondaError) {
        self.text = String(text)
        bytes = try Self.withoutSpaces(Array(text.utf8)[...].trimmed, self.text)
    }

    /// White space means nothing (CEP 29), except that it must not make one version of two.
    private static func withoutSpaces(_ bytes: ArraySlice<UInt8>, _ text: String) throws(CondaError)
        -> [UInt8]
    {
        guard bytes.contains(where: \.isSpace) else { return Array(bytes) }
        var kept: [UInt8] = []
        var isAfterSpace = false
        for byte in bytes {
            guard !byte.isSpace else {
                isAfterSpace = true
                continue
            }
            if isAfterSpace, isLiteral(byte), let last = kept.last, isLiteral(last) {
                throw CondaError(
                    .versionSpec, text,
                    "two versions stand side by side; put ',' (and) or '|' (or) between them")
            }
            isAfterSpace = false
            kept.append(byte)
        }
        return kept
    }

    private static func isLiteral(_ byte: UInt8) -> Bool {
        byte.isDigit || byte.isLetter || "._+-*".utf8.contains(byte)
    }

    private func refuse(_ reason: String) -> CondaError { CondaError(.versionSpec, text, reason) }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func specification() throws(CondaError) -> VersionSpec.Node {
        guard !bytes.isEmpty else { throw refuse("it is empty; '*' stands for any version") }
        let node = try alternatives(depth: 0)
        guard position == bytes.count else { throw refuse("a ')' closes nothing") }
        return node
    }

    private mutating func alternatives(depth: Int) throws(CondaError) -> VersionSpec.Node {
        guard depth < Self.deepest else {
            throw refuse("it has more than \(Self.deepest) parentheses in parentheses")
        }
        var nodes: [VersionSpec.Node] = []
        repeat {
            let node = try conjunction(depth: depth)
            if case .any(let inner) = node { nodes += inner } else { nodes.append(node) }
        } while take(UInt8(ascii: "|"))
        return nodes.count == 1 ? nodes[0] : .any(nodes)
    }

    private mutating func conjunction(depth: Int) throws(CondaError) -> VersionSpec.Node {
        var nodes: [VersionSpec.Node] = []
        repeat {
            let node = try term(depth: depth)
            if case .all(let inner) = node { nodes += inner } else { nodes.append(node) }
        } while take(UInt8(ascii: ","))
        return nodes.count == 1 ? nodes[0] : .all(nodes)
    }

    private mutating func term(depth: Int) throws(CondaError) -> VersionSpec.Node {
        if take(UInt8(ascii: "(")) {
            let node = try alternatives(depth: depth + 1)
            guard take(UInt8(ascii: ")")) else { throw refuse("a '(' is not closed") }
            guard position == bytes.count || Self.ends(bytes[position]) else {
                throw refuse("',' or '|' is missing after a ')'")
            }
            return node
        }
        let start = position
        if position < bytes.count, bytes[position] == UInt8(ascii: "^") {
            guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "$")) else {
                throw refuse("a regular expression begins with '^' and ends with '$'")
            }
            position = end + 1
        }
        while position < bytes.count, !Self.ends(bytes[position]), bytes[position] != UInt8(ascii: "(") {
            position += 1
        }
        guard position == bytes.count || bytes[position] != UInt8(ascii: "(") else {
            throw refuse("',' or '|' is missing before a '('")
        }
        return .clause(try clause(bytes[start..<position]))
    }

    private static func ends(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: ")")
    }
}

extension VersionSpecParser {
    private enum Operator: CaseIterable {
        case equal, notEqual, atMost, atLeast, compatible, fuzzy, less, more

        /// Longer ones first.
        var word: StaticString {
            switch self {
            case .equal: "=="
            case .notEqual: "!="
            case .atMost: "<="
            case .atLeast: ">="
            case .compatible: "~="
            case .fuzzy: "="
            case .less: "<"
            case .more: ">"
            }
        }
    }

    private func clause(_ clause: ArraySlice<UInt8>) throws(CondaError) -> VersionSpec.Clause {
        guard !clause.isEmpty else { throw refuse("a version is missing beside ',' or '|'") }
        let sign = Operator.allCases.first { clause.starts(with: $0.word) }
        let literal = clause.dropFirst(sign?.word.utf8CodeUnitCount ?? 0)
        guard let first = literal.first else { throw refuse("no version follows '\(clause.text)'") }
        guard !"=<>!~".utf8.contains(first) else {
            throw refuse("'\(clause.text)' does not begin with one of == = != >= > <= < ~=")
        }
        if first == UInt8(ascii: "^") || literal.last == UInt8(ascii: "$") {
            guard sign == nil else { throw refuse("no operator may stand before a regular expression") }
            guard first == UInt8(ascii: "^"), literal.last == UInt8(ascii: "$") else {
                throw refuse("a regular expression begins with '^' and ends with '$'")
            }
            return .like(try reading { () throws(CondaError) in try MatchSpecPattern(literal.text) })
        }
        let stem = literal.dropLast(while: UInt8(ascii: "*"))
        if stem.isEmpty {
            switch sign {
            case nil, .equal, .fuzzy, .atLeast: return .anything
            default: throw refuse("'\(clause.text)' is met by no version")
            }
        }
        if stem.contains(UInt8(ascii: "*")) { return try glob(sign, literal) }
        guard stem.count < literal.count else {
            return try bound(sign, reading { () throws(CondaError) in try CondaVersion(stem.text) })
        }
        return try series(sign, stem.dropLast(while: UInt8(ascii: ".")), of: clause)
    }

    private func glob(_ sign: Operator?, _ literal: ArraySlice<UInt8>) throws(CondaError)
        -> VersionSpec.Clause
    {
        let isPlain = literal.allSatisfy { Self.isLiteral($0) || $0 == UInt8(ascii: "!") }
        guard isPlain else { throw refuse("'\(literal.text)' is no version with asterisks") }
        switch sign {
        case nil, .equal: return .like(try MatchSpecPattern(literal.text))
        case .notEqual: return .unlike(try MatchSpecPattern(literal.text))
        case .fuzzy:
            return .like(try MatchSpecPattern(literal.text + (literal.last == UInt8(ascii: "*") ? "" : "*")))
        default: throw refuse("'\(literal.text)' cannot be compared, since an asterisk stands within it")
        }
    }

    private func bound(_ sign: Operator?, _ version: CondaVersion) throws(CondaError) -> VersionSpec.Clause {
        switch sign {
        case nil, .equal: .equal(version)
        case .notEqual: .notEqual(version)
        case .less: .less(version)
        case .atMost: .atMost(version)
        case .more: .more(version)
        case .atLeast: .atLeast(version)
        case .fuzzy: .within(try CondaVersionPrefix(version))
        case .compatible:
            .compatible(
                version,
                try reading { () throws(CondaError) in try CondaVersionPrefix(compatibleWith: version) })
        }
    }

    /// A literal with an asterisk at its end; conda ignores that one beside an operator of order.
    private func series(
        _ sign: Operator?, _ stem: ArraySlice<UInt8>, of clause: ArraySlice<UInt8>
    ) throws(CondaError) -> VersionSpec.Clause {
        let version = try reading { () throws(CondaError) in try CondaVersion(stem.text) }
        switch sign {
        case nil, .equal, .fuzzy: return .within(try CondaVersionPrefix(version))
        case .notEqual: return .outside(try CondaVersionPrefix(version))
        case .compatible: throw refuse("'\(clause.text)' has both '~=' and an asterisk; leave one out")
        case .less, .atMost, .more, .atLeast: return try bound(sign, version)
        }
    }

    /// What is wrong with one version is wrong with the whole text.
    private func reading<Value>(_ read: () throws(CondaError) -> Value) throws(CondaError) -> Value {
        do throws(CondaError) { return try read() } catch {
            throw error.text == text ? refuse(error.reason) : refuse("'\(error.text)': \(error.reason)")
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate func dropLast(while byte: UInt8) -> ArraySlice<UInt8> {
        var slice = self
        while slice.last == byte { slice.removeLast() }
        return slice
    }
}
