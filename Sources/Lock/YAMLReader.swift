import Failures
import Yams

/// Takes typed values out of a YAML document and collects what is wrong with them.
struct YAMLReader {
    let file: String
    private(set) var problems: [LockError] = []

    init(file: String) { self.file = file }

    mutating func fail(_ node: Node?, _ reason: String, kind: FailureKind = .damaged) {
        problems.append(LockError(file: file, line: node?.mark?.line, reason: reason, kind: kind))
    }

    /// The problems in the order of their lines; nil if there are none.
    var failures: FailureList? {
        if problems.isEmpty { return nil }
        return FailureList(problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }

    /// The root of the only document.
    static func root(_ bytes: [UInt8], file: String) throws(LockError) -> Node {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LockError(file: file, reason: "it is not UTF-8; lock again with airlift lock")
        }
        if let line = YAMLAliases.firstLine(in: bytes) {
            throw LockError(
                file: file, line: line,
                reason: "it has an alias of an anchor, which no lock has; write the value out")
        }
        do {
            guard let node = try compose(yaml: text) else {
                throw LockError(file: file, reason: "it is empty; lock again with airlift lock")
            }
            return node
        } catch let error as LockError {
            throw error
        } catch let error as YamlError {
            throw LockError(file: file, line: error.line, reason: "it is not valid YAML: \(error.problem)")
        } catch {
            throw LockError(file: file, reason: "it is not valid YAML: \(error)")
        }
    }

    /// The fields of a mapping; keys other than the known ones are problems.
    /// - Parameter known: nil takes any.
    mutating func fields(_ node: Node?, _ name: String, known: [String]?) -> [(key: String, value: Node)] {
        guard let node else { return [] }
        guard case .mapping(let mapping) = node else {
            fail(node, "\(name) must be a mapping, not \(node.found)")
            return []
        }
        var fields: [(key: String, value: Node)] = []
        for (key, value) in mapping {
            guard let text = string(key, "each key of \(name)") else { continue }
            if let known, !known.contains(text) {
                fail(key, "unknown key '\(text)' in \(name)" + Suggestion.text(for: text, among: known))
            }
            fields.append((text, value))
        }
        return fields
    }

    mutating func table(_ node: Node?, _ name: String, known: [String]?) -> [String: Node] {
        Dictionary(fields(node, name, known: known).map { ($0.key, $0.value) }) { first, _ in first }
    }

    mutating func required(_ table: [String: Node], _ key: String, of node: Node, _ name: String) -> Node? {
        if table[key] == nil { fail(node, "\(name) has no \(key)") }
        return table[key]
    }

    mutating func string(_ node: Node?, _ name: String) -> String? {
        guard let node else { return nil }
        guard case .scalar(let scalar) = node, scalar.isSurelyText || node.tag == Tag(.str) else {
            fail(node, "\(name) must be a string, not \(node.found); put it in quotes if it is one")
            return nil
        }
        return scalar.string
    }

    mutating func list(_ node: Node?, _ name: String) -> [Node] {
        guard let node else { return [] }
        guard case .sequence(let sequence) = node else {
            fail(node, "\(name) must be a list, not \(node.found)")
            return []
        }
        return Array(sequence)
    }
}

extension Node.Scalar {
    /// Whether it is a string by its quotes, or because no value of another type starts with its first byte.
    /// Looking for a type is by far the slowest part of reading a lock of thousands of packages.
    fileprivate var isSurelyText: Bool {
        guard tag == Tag.implicit else { return false }
        switch style {
        case .singleQuoted, .doubleQuoted, .literal, .folded: return true
        case .plain, .any:
            return string.utf8.first.map { Self.startsOfText.contains($0) } ?? false
        }
    }

    /// Letters with which none of yes, no, true, false, on, off, null starts; the others are compared whole.
    private static let startsOfText = Set("abcdeghijklmpqrsuvwxzABCDEGHIJKLMPQRSUVWXZ_/".utf8)
}

extension Node {
    /// What was written, for an error; never a password.
    var found: String {
        switch self {
        case .scalar(let scalar):
            scalar.string.isEmpty
                ? "nothing" : "'\(ForeignAddress.scrubbed(scalar.string).prefix(60).description.printable)'"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}

extension YamlError {
    fileprivate var line: Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: nil
        }
    }

    fileprivate var problem: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _),
            .reader(let problem, _, _, _):
            problem
        case .duplicatedKeysInMapping(let keys, _):
            "a mapping has the key \(keys.map { "'\($0)'" }.joined(separator: ", ")) more than once"
        default: "\(self)"
        }
    }
}
