/// What a spec says about conda packages: `[lock]`, `[conda]` and `[[override]]`.
extension EnvironmentSpec {
    static func foreignSource(_ node: TOMLNode?, _ reader: inout SpecReader) -> ForeignSource? {
        guard let node else { return nil }
        let table = reader.fields(node, "lock", known: ["from", "environment"])
        let environment = reader.string(table["environment"], "[lock] environment")
        guard let from = reader.string(table["from"], "[lock] from") else {
            if table["from"] == nil, case .table = node.value {
                reader.fail(
                    node.line, "[lock] names no file; add from = \"pixi.lock\", or remove the table")
            }
            return nil
        }
        guard let path = reader.relativePath(from, "[lock] from", upwards: true) else { return nil }
        return ForeignSource(path: path, environment: environment?.value, line: from.line)
    }

    static func conda(_ node: TOMLNode?, into spec: inout EnvironmentSpec, _ reader: inout SpecReader) {
        let table = reader.fields(
            node, "conda", known: ["channels", "channel_alias", "dependencies", "link_scripts"])
        let channels = reader.strings(table["channels"], "[conda] channels")
        let alias = reader.string(table["channel_alias"], "[conda] channel_alias")
        if let alias, !alias.value.contains("://") {
            reader.fail(
                alias.line,
                "[conda] channel_alias must be a URL, such as \"https://mirror.example\", not '\(alias.value)'"
            )
        }
        spec.channels = reader.unique(channels, "[conda] channels")
        spec.channelAlias = alias?.value
        spec.condaDependencies = reader.strings(table["dependencies"], "[conda] dependencies")
        if let first = spec.condaDependencies.first(where: { !namesItsPlace($0.value) }), channels.isEmpty {
            reader.fail(
                first.line,
                "[conda] dependencies asks for '\(CleanLocation.of(first.value))', and there is no channel to "
                    + "take it from; add channels = [\"https://…\"]")
        }
        let scripts = reader.strings(table["link_scripts"], "[conda] link_scripts")
        let names = scripts.compactMap { script in
            reader.condaName(script, "[conda] link_scripts").map { Located($0, line: script.line) }
        }
        spec.linkScripts = reader.unique(names, "[conda] link_scripts").sorted()
    }

    /// Whether the match spec says by itself where the package is: `channel::name`, a URL, `[channel=…]`.
    private static func namesItsPlace(_ dependency: String) -> Bool {
        ["::", "://", "channel=", "url="].contains { dependency.contains($0) }
    }

    /// Rules between `[python]`, `[conda]` and `[lock]`.
    static func checkPython(_ top: [String: TOMLNode], _ reader: inout SpecReader) {
        guard case .table(let python) = top["python"]?.value, let conda = python["conda"] else { return }
        if case .table(let table) = top["conda"]?.value, table["dependencies"] != nil { return }
        if top["lock"] != nil { return }
        reader.fail(
            conda.line,
            "[python] conda takes Python from the conda packages, and the spec names none; add [conda] "
                + "dependencies with python=…=… and what it needs, or [lock] from")
    }
}
