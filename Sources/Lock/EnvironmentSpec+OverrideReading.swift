/// `[[override]]`.
extension EnvironmentSpec {
    static func overrides(_ node: TOMLNode?, _ reader: inout SpecReader) -> [SpecOverride] {
        guard let node else { return [] }
        guard case .array(let tables) = node.value else {
            reader.fail(node.line, "override must be a list of tables, each headed by [[override]]")
            return []
        }
        var overrides: [SpecOverride] = []
        for table in tables {
            guard let next = override(table, &reader) else { continue }
            if let fault = contradiction(next, among: overrides) {
                reader.fail(next.line, fault)
            } else {
                overrides.append(next)
            }
        }
        return overrides
    }

    private static func override(_ node: TOMLNode, _ reader: inout SpecReader) -> SpecOverride? {
        let table = reader.fields(node, "override", known: ["package", "rule", "over", "reason"])
        guard case .table = node.value else { return nil }
        func required(_ key: String, _ hint: String) -> Located<String>? {
            if table[key] == nil { reader.fail(node.line, "[[override]] has no \(key); add \(hint)") }
            return reader.string(table[key], "[[override]] \(key)")
        }
        let package = required("package", "package = \"the conda package's name\"")
        let rule = required("rule", "rule = \"paths\" or rule = \"clobber\"")
        let reason = required("reason", "reason = \"why\", which the manifest will record")
        let name = package.flatMap { reader.condaName($0, "[[override]] package") }
        if let reason, reason.value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            reader.fail(reason.line, "[[override]] reason must be one line without control characters")
        }
        let over = reader.string(table["over"], "[[override]] over")
        switch rule?.value {
        case "paths":
            if let over {
                reader.fail(over.line, "[[override]] over belongs to rule = \"clobber\"; remove it")
            }
            guard let name, let reason else { return nil }
            return SpecOverride(package: name, rule: .paths, reason: reason.value, line: node.line)
        case "clobber":
            if table["over"] == nil {
                reader.fail(
                    node.line,
                    "[[override]] with rule = \"clobber\" does not say over which package; add over = \"…\"")
            }
            let other = over.flatMap { reader.condaName($0, "[[override]] over") }
            guard let name, let other, let reason else { return nil }
            return SpecOverride(
                package: name, rule: .clobber(over: other), reason: reason.value, line: node.line)
        case let text?:
            reader.fail(
                rule?.line,
                "[[override]] rule must be \"paths\" or \"clobber\", not \"\(text)\""
                    + Suggestion.text(for: text, among: ["paths", "clobber"]))
            return nil
        case nil: return nil
        }
    }

    private static func contradiction(_ next: SpecOverride, among known: [SpecOverride]) -> String? {
        if case .clobber(next.package) = next.rule {
            return "[[override]] lets '\(next.package)' win over itself; name another package in over"
        }
        for other in known {
            if other.package == next.package, other.rule == next.rule {
                return
                    "[[override]] says this of '\(next.package)' twice (first on line \(other.line)); remove one"
            }
            if case .clobber(next.package) = other.rule, case .clobber(other.package) = next.rule {
                return
                    "[[override]] lets '\(next.package)' win over '\(other.package)', and line \(other.line) "
                    + "says the opposite; keep one"
            }
        }
        return nil
    }
}
