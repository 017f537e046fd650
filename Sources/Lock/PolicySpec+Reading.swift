import Failures

extension PolicySpec {
    /// Reads a policy's own file (TOML 1.0): the keys of `[policy]` at its top, or below `[policy]`.
    /// - Parameter file: how errors name it.
    /// - Throws: all problems at once, each a ``LockError`` with its line.
    public static func read(_ bytes: [UInt8], file: String) throws(FailureList) -> PolicySpec {
        var reader = SpecReader(file: file)
        let root: TOMLNode
        do throws(LockError) { root = try TOMLNode.read(bytes, file: file) } catch {
            throw FailureList([error])
        }
        var policy: PolicySpec
        if case .table(let fields) = root.value, fields.count == 1, let inner = fields["policy"] {
            policy = read(inner, "policy", &reader)
        } else {
            policy = read(root, "", &reader)
        }
        guard reader.problems.isEmpty else {
            throw FailureList(
                reader.problems.sorted { ($0.line ?? 0, $0.reason) < ($1.line ?? 0, $1.reason) })
        }
        return policy
    }

    private static let keys = PolicyRule.allCases.map(\.rawValue) + ["threshold", "exception"]

    /// - Parameter name: of the table, for errors.
    static func read(_ node: TOMLNode, _ name: String, _ reader: inout SpecReader) -> PolicySpec {
        let table = reader.fields(node, name, known: keys)
        let place = name.isEmpty ? "" : "[\(name)] "
        func key(_ rule: PolicyRule) -> (node: TOMLNode?, name: String) {
            (table[rule.rawValue], place + rule.rawValue)
        }
        var policy = PolicySpec()
        policy.allow = licenses(key(.allow), &reader)
        policy.deny = licenses(key(.deny), &reader)
        let unknown = key(.unknownLicense)
        if let text = reader.string(unknown.node, unknown.name) {
            policy.unknownLicense = UnknownLicense(rawValue: text.value)
            if policy.unknownLicense == nil {
                reader.fail(
                    text.line, "\(unknown.name) must be \"refuse\" or \"allow\", not \"\(text.value)\"")
            }
        }
        policy.channels = places(key(.channels), &reader)
        policy.indexes = places(key(.indexes), &reader)
        policy.maxArchiveSize = size(key(.maxArchiveSize), &reader)
        policy.maxBundleSize = size(key(.maxBundleSize), &reader)
        policy.minAge = days(key(.minAge), &reader)
        policy.maxAge = days(key(.maxAge), &reader)
        if let low = policy.minAge, let high = policy.maxAge, low > high {
            reader.fail(
                key(.minAge).node?.line,
                "\(key(.minAge).name) is longer than \(key(.maxAge).name), so that no release fits")
        }
        policy.allowsSdists = flag(key(.sdists), &reader)
        policy.allowsLinkScripts = flag(key(.linkScripts), &reader)
        policy.allowsHooks = flag(key(.hooks), &reader)
        policy.allowsInstallHooks = flag(key(.installHooks), &reader)
        policy.signers = signers(key(.signers), &reader)
        policy.threshold = threshold(table["threshold"], place + "threshold", policy.signers, &reader)
        policy.exceptions = exceptions(table["exception"], name, &reader)
        return policy
    }

    private typealias Key = (node: TOMLNode?, name: String)

    private static func licenses(_ key: Key, _ reader: inout SpecReader) -> [Located<String>] {
        guard let node = key.node else { return [] }
        let values = reader.strings(node, key.name)
        refuseEmpty(node, key.name, "name a licence, or leave the key out", &reader)
        return values
    }

    private static func places(_ key: Key, _ reader: inout SpecReader) -> [String]? {
        guard let node = key.node else { return nil }
        return reader.unique(reader.strings(node, key.name), key.name)
    }

    private static func refuseEmpty(
        _ node: TOMLNode, _ name: String, _ advice: String, _ reader: inout SpecReader
    ) {
        if case .array(let elements) = node.value, elements.isEmpty {
            reader.fail(node.line, "\(name) is empty; \(advice)")
        }
    }

    private static func flag(_ key: Key, _ reader: inout SpecReader) -> Bool {
        guard let node = key.node else { return true }
        guard case .boolean(let flag) = node.value else {
            reader.fail(node.line, "\(key.name) must be true or false, not \(node.found)")
            return true
        }
        return flag
    }

    private static func signers(_ key: Key, _ reader: inout SpecReader) -> Signers? {
        guard let node = key.node else { return nil }
        if case .string = node.value {
            return reader.string(node, key.name).map { .file($0) }
        }
        guard case .array = node.value else {
            reader.fail(
                node.line,
                "\(key.name) must be an array of fingerprints or the path of an allowed_signers file, not \(node.found)"
            )
            return nil
        }
        let values = reader.strings(node, key.name)
        refuseEmpty(node, key.name, "name a fingerprint, or leave the key out", &reader)
        for value in values where !isFingerprint(value.value) {
            reader.fail(
                value.line,
                "each element of \(key.name) must be a fingerprint as `ssh-keygen -l` prints it, \"SHA256:\" and 43 characters, not \"\(value.value)\"; an allowed_signers file is named without brackets: \(key.name) = \"FILE\""
            )
        }
        _ = reader.unique(values, key.name)
        return .fingerprints(values)
    }

    /// SHA-256 in base64 without padding.
    private static func isFingerprint(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst(7)
        return text.hasPrefix("SHA256:") && digits.count == 43
            && digits.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }

    private static func threshold(
        _ node: TOMLNode?, _ name: String, _ signers: Signers?, _ reader: inout SpecReader
    ) -> Int? {
        guard let node else { return nil }
        guard case .integer(let number) = node.value, (1...1_000).contains(number) else {
            reader.fail(node.line, "\(name) must be a number of keys from 1 on, not \(node.found)")
            return nil
        }
        switch signers {
        case nil: reader.fail(node.line, "\(name) belongs to signers, and there are none")
        case .fingerprints(let keys) where keys.count < number:
            reader.fail(node.line, "\(name) asks for \(number) keys, and signers names \(keys.count)")
        default: break
        }
        return number
    }

    private static func exceptions(_ node: TOMLNode?, _ name: String, _ reader: inout SpecReader)
        -> [Exception]
    {
        let title = name.isEmpty ? "exception" : "\(name).exception"
        guard let node else { return [] }
        guard case .array(let tables) = node.value else {
            reader.fail(node.line, "\(title) must be a list of tables, each headed by [[\(title)]]")
            return []
        }
        var exceptions: [Exception] = []
        for table in tables {
            guard let next = exception(table, title, &reader) else { continue }
            if let first = exceptions.first(where: { $0.package == next.package && $0.rule == next.rule }) {
                reader.fail(
                    next.line,
                    "[[\(title)]] says this of '\(next.package)' twice (first on line \(first.line)); remove one"
                )
            } else {
                exceptions.append(next)
            }
        }
        return exceptions
    }

    private static func exception(_ node: TOMLNode, _ title: String, _ reader: inout SpecReader)
        -> Exception?
    {
        let table = reader.fields(node, title, known: ["package", "rule", "reason"])
        guard case .table = node.value else { return nil }
        func required(_ key: String) -> Located<String>? {
            if table[key] == nil { reader.fail(node.line, "[[\(title)]] has no \(key); add \(key) = \"…\"") }
            return reader.string(table[key], "[[\(title)]] \(key)")
        }
        let package = required("package")
        let rule = required("rule")
        let reason = required("reason")
        let rules = PolicyRule.allCases.filter(\.isOfPackages).map(\.rawValue)
        let known = rule.flatMap { PolicyRule(rawValue: $0.value) }
        if let rule, known?.isOfPackages != true {
            reader.fail(
                rule.line,
                "[[\(title)]] rule must be one of \(rules.joined(separator: ", ")), not \"\(rule.value)\""
                    + Suggestion.text(for: rule.value, among: rules))
        }
        if let reason, reason.value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            reader.fail(reason.line, "[[\(title)]] reason must be one line without control characters")
        }
        guard let package, let known, let reason else { return nil }
        return Exception(package: package.value, rule: known, reason: reason.value, line: node.line)
    }
}
