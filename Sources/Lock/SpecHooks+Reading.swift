extension SpecHooks {
    static func read(_ node: TOMLNode?, _ reader: inout SpecReader) -> SpecHooks {
        var hooks = SpecHooks()
        let table = reader.fields(node, "hooks", known: keys.map(\.name) + ["timeout"])
        let usual = timeout(table["timeout"], "[hooks] timeout", &reader) ?? defaultTimeout
        for (name, list) in keys {
            guard let node = table[name] else { continue }
            guard case .array(let elements) = node.value else {
                reader.fail(
                    node.line,
                    "[hooks] \(name) must be an array of commands, such as [\"bin/python -m payroll.check\"], not \(node.found)"
                )
                continue
            }
            hooks[keyPath: list] = elements.compactMap {
                hook($0, "each command of [hooks] \(name)", timeout: usual, &reader)
            }
        }
        return hooks
    }

    /// A command line, its words, or a table with either and a timeout of its own.
    private static func hook(
        _ node: TOMLNode, _ name: String, timeout usual: Int, _ reader: inout SpecReader
    ) -> Hook? {
        var seconds = usual
        var command = node
        if case .table = node.value {
            let table = reader.fields(node, "hooks", known: ["command", "timeout"])
            guard let inner = table["command"] else {
                reader.fail(node.line, "\(name) needs a command; add command = \"…\"")
                return nil
            }
            if let own = table["timeout"] {
                guard let read = timeout(own, "timeout of \(name)", &reader) else { return nil }
                seconds = read
            }
            command = inner
        }
        guard let words = words(command, name, &reader), isSound(words, node.line, name, &reader) else {
            return nil
        }
        return Hook(command: words, timeout: seconds, line: node.line)
    }

    private static func words(
        _ node: TOMLNode, _ name: String, _ reader: inout SpecReader
    ) -> [String]? {
        switch node.value {
        case .string(let text):
            do throws(CommandWords.Fault) { return try CommandWords.split(text) } catch {
                reader.fail(node.line, "\(name) is split into words as a shell does, and \(error.reason)")
                return nil
            }
        case .array(let elements):
            // An argument may be empty.
            let words = elements.compactMap { element -> String? in
                if case .string(let text) = element.value { return text }
                reader.fail(element.line, "each word of \(name) must be a string, not \(element.found)")
                return nil
            }
            return words.count == elements.count ? words : nil
        default:
            reader.fail(node.line, "\(name) must be a string or an array of words, not \(node.found)")
            return nil
        }
    }

    private static func isSound(
        _ words: [String], _ line: Int, _ name: String, _ reader: inout SpecReader
    ) -> Bool {
        guard let program = words.first, !program.isEmpty, ![".", ".."].contains(program) else {
            reader.fail(line, "\(name) must name a program")
            return false
        }
        if words.contains(where: { $0.utf8.contains(0) }) {
            reader.fail(line, "\(name) must not hold a NUL")
            return false
        }
        guard program.contains("/"), !program.hasPrefix("/") else { return true }
        return reader.relativePath(Located(program, line: line), "the program of \(name)") != nil
    }

    private static func timeout(_ node: TOMLNode?, _ name: String, _ reader: inout SpecReader) -> Int? {
        guard let node else { return nil }
        guard case .integer(let seconds) = node.value, (1...longestTimeout).contains(seconds) else {
            reader.fail(
                node.line, "\(name) must be seconds from 1 to \(longestTimeout), not \(node.found)")
            return nil
        }
        return seconds
    }
}
