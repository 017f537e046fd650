import Conda
import Digests
import Failures
import Yams

/// What the readers of the two YAML formats share: fields that may be missing or null, and unknown keys that are
/// passed over, as other tools add their own.
struct ForeignYAML {
    var yaml: YAMLReader

    init(file: String) { yaml = YAMLReader(file: file) }

    mutating func fail(_ node: Node?, _ reason: String, kind: FailureKind = .damaged) {
        yaml.fail(node, reason, kind: kind)
    }

    /// The fields of a mapping, without those that are null; a null is an empty one.
    mutating func table(_ node: Node?, _ name: String) -> [String: Node] {
        guard let node, !node.isNull else { return [:] }
        return yaml.table(node, name, known: nil).filter { !$0.value.isNull }
    }

    mutating func list(_ node: Node?, _ name: String) -> [Node] {
        guard let node, !node.isNull else { return [] }
        return yaml.list(node, name)
    }

    mutating func text(_ fields: [String: Node], _ key: String) -> String? {
        fields[key].flatMap { yaml.string($0, key) }
    }

    mutating func required(_ fields: [String: Node], _ key: String, of node: Node, _ name: String) -> String?
    {
        yaml.string(yaml.required(fields, key, of: node, name), key)
    }

    mutating func texts(_ node: Node?, _ name: String) -> [String] {
        list(node, name).compactMap { yaml.string($0, "each of \(name)") }
    }

    mutating func flag(_ fields: [String: Node], _ key: String) -> Bool {
        guard let node = fields[key] else { return false }
        guard let value = node.bool, node.tag == Tag(.bool) else {
            fail(node, "\(key) must be true or false, not \(node.found)")
            return false
        }
        return value
    }

    /// A list of strings, or a mapping from names to the rest of each.
    mutating func dependencies(_ node: Node?, _ name: String) -> [String] {
        guard case .mapping = node else { return texts(node, name) }
        return yaml.fields(node, name, known: nil).compactMap { key, value in
            guard let rest = yaml.string(value, "the dependency '\(key)'") else { return nil }
            return rest.isEmpty || rest == "*" ? key : "\(key) \(rest)"
        }
    }

    /// Channels are strings, or mappings with a `url`.
    mutating func channels(_ node: Node?) -> [String] {
        list(node, "channels").compactMap { channel in
            var text: String?
            if case .mapping = channel {
                let fields = table(channel, "each channel")
                text = required(fields, "url", of: channel, "a channel")
            } else {
                text = yaml.string(channel, "each channel")
            }
            return text.map { ForeignAddress($0).text }
        }
    }

    /// Puts the fields that both formats call alike into a draft.
    mutating func describe(_ draft: inout ForeignDraft, _ fields: [String: Node]) {
        draft.name = text(fields, "name")
        draft.version = text(fields, "version")
        draft.build = text(fields, "build").flatMap { $0.isEmpty ? nil : $0 }
        draft.subdir = text(fields, "subdir").flatMap { $0.isEmpty ? nil : $0 }
        draft.size = number(fields, "size").flatMap { UInt64(exactly: $0) }
        draft.buildNumber = number(fields, "build_number").flatMap { Int(exactly: $0) }
        draft.timestamp = number(fields, "timestamp")
        draft.license = text(fields, "license")
        draft.constrains = texts(fields["constrains"], "constrains")
        draft.noarch = noarch(fields)
    }

    mutating func hashes(_ draft: inout ForeignDraft, _ fields: [String: Node]) {
        if let text = text(fields, "sha256") {
            draft.sha256 = SHA256Digest(hex: text)
            if draft.sha256 == nil {
                fail(fields["sha256"], "sha256 must be 64 hexadecimal digits, not '\(text.prefix(80))'")
            }
        }
        if let text = text(fields, "md5") {
            guard let bytes = Hex.decode(text), bytes.count == MD5.byteCount else {
                fail(fields["md5"], "md5 must be 32 hexadecimal digits, not '\(text.prefix(80))'")
                return
            }
            draft.md5 = Hex.encode(bytes)
        }
    }

    private mutating func number(_ fields: [String: Node], _ key: String) -> Int64? {
        guard let node = fields[key] else { return nil }
        guard let scalar = node.scalar, let number = Int64(scalar.string), number >= 0 else {
            fail(node, "\(key) must be a number, not \(node.found)")
            return nil
        }
        return number
    }

    private mutating func noarch(_ fields: [String: Node]) -> PackageRecord.Noarch? {
        guard let node = fields["noarch"] else { return nil }
        if node.tag == Tag(.bool) { return node.bool == true ? .generic : nil }
        guard let text = yaml.string(node, "noarch"), text != "none" else { return nil }
        guard let noarch = PackageRecord.Noarch(rawValue: text) else {
            fail(node, "noarch must be python or generic, not \(node.found)")
            return nil
        }
        return noarch
    }

    /// The draft as an entry; what is wrong with it is reported at the node.
    mutating func entry(_ draft: ForeignDraft, _ node: Node) -> ForeignLock.Entry? {
        do throws(ForeignDraft.Problems) { return try draft.entry() } catch {
            for reason in error.reasons { fail(node, "in the package of this line, \(reason)") }
            return nil
        }
    }

    /// All problems by their lines, with no password of an address in them.
    var failures: FailureList? {
        if yaml.problems.isEmpty { return nil }
        return FailureList(
            yaml.problems.map { problem in
                LockError(
                    file: problem.file, line: problem.line,
                    reason: ForeignAddress.sentence(problem.reason), kind: problem.kind)
            }.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }
}

extension Node {
    var isNull: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    var line: Int { mark?.line ?? 0 }
}
