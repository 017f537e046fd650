/// Takes typed values out of a TOML table and collects what is wrong with them: the steps that every key of
/// a spec goes through.
struct SpecReader {
    let file: String
    private(set) var problems: [LockError] = []

    init(file: String) { self.file = file }

    mutating func fail(_ line: Int?, _ reason: String) {
        problems.append(LockError(file: file, line: line, reason: reason))
    }

    /// The fields of a table; keys other than the known ones are problems.
    mutating func fields(_ node: TOMLNode?, _ name: String, known: [String]) -> [String: TOMLNode] {
        guard let node else { return [:] }
        guard case .table(let fields) = node.value else {
            fail(node.line, "\(name) must be a table, not \(node.found)")
            return [:]
        }
        for (key, value) in fields where !known.contains(key) {
            let place = name.isEmpty ? "" : " in [\(name)]"
            fail(
                value.line,
                "unknown key '\(key)'\(place)"
                    + (Suggestion.nearest(to: key, among: known).map { "; did you mean '\($0)'?" }
                        ?? "; known are \(known.sorted().joined(separator: ", "))"))
        }
        return fields
    }

    mutating func string(_ node: TOMLNode?, _ name: String) -> Located<String>? {
        guard let node else { return nil }
        guard case .string(let text) = node.value else {
            fail(node.line, "\(name) must be a string, not \(node.found)")
            return nil
        }
        guard !text.isEmpty else {
            fail(node.line, "\(name) must not be empty; give a value or leave the key out")
            return nil
        }
        return Located(text, line: node.line)
    }

    mutating func strings(_ node: TOMLNode?, _ name: String) -> [Located<String>] {
        guard let node else { return [] }
        guard case .array(let elements) = node.value else {
            fail(node.line, "\(name) must be an array of strings, not \(node.found)")
            return []
        }
        return elements.compactMap { string($0, "each element of \(name)") }
    }

    /// A conda package's name, normalized.
    mutating func condaName(_ text: Located<String>, _ name: String) -> String? {
        if let known = CondaName.normalized(text.value) { return known }
        fail(
            text.line,
            "\(name) must name a conda package (letters, digits, '.', '-' and '_'), not '\(text.value)'")
        return nil
    }

    /// A path below some directory: no `..`, nothing empty, no control character.
    mutating func relativePath(_ path: Located<String>, _ name: String, upwards: Bool = false) -> String? {
        let components = path.value.split(separator: "/", omittingEmptySubsequences: false)
        let reason: String? =
            if path.value.hasPrefix("/") {
                "it is absolute"
            } else if path.value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
                "it contains a control character"
            } else if components.contains("") {
                "it has an empty component"
            } else if !upwards && components.contains(where: { $0 == "." || $0 == ".." }) {
                "it has a '.' or '..' component"
            } else {
                nil
            }
        guard let reason else { return path.value }
        fail(path.line, "\(name) '\(path.value)' is no relative path: \(reason)")
        return nil
    }

    /// The first of two equal values is kept, the second is a problem.
    mutating func unique(_ values: [Located<String>], _ name: String) -> [String] {
        var seen: [String: Int] = [:]
        for value in values {
            if let first = seen[value.value] {
                let shown = CleanLocation.of(value.value)
                fail(value.line, "\(name) names '\(shown)' twice (first on line \(first)); remove one")
            } else {
                seen[value.value] = value.line
            }
        }
        var result: [String] = []
        for value in values where !result.contains(value.value) { result.append(value.value) }
        return result
    }
}
