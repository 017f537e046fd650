import TestSupport

/// What a program says of its commands (--experimental-dump-help).
struct Commands {
    struct Leaf {
        /// `wheel`, `check`.
        let path: [String]
        /// The long ones, without hyphens.
        let options: Set<String>
    }

    /// Commands without commands of their own.
    let leaves: [Leaf]
    /// Those that have some, the program itself left out.
    let groups: [[String]]

    static func of(_ program: String) throws -> Commands {
        let dump = try JSONValue(run([program, "--experimental-dump-help"]).bytes)
        var leaves: [Leaf] = []
        var groups: [[String]] = []
        func visit(_ command: JSONValue, _ path: [String]) {
            guard case .list(let commands)? = command["subcommands"] else {
                return leaves.append(Leaf(path: path, options: longOptions(command)))
            }
            if !path.isEmpty { groups.append(path) }
            for command in commands {
                guard case .text(let name)? = command["commandName"], name != "help" else { continue }
                visit(command, path + [name])
            }
        }
        visit(dump["command"] ?? .null, [])
        return Commands(leaves: leaves, groups: groups)
    }

    private static func longOptions(_ command: JSONValue) -> Set<String> {
        guard case .list(let arguments)? = command["arguments"] else { return [] }
        var options: Set<String> = []
        for argument in arguments {
            guard case .list(let names)? = argument["names"] else { continue }
            for name in names where name["kind"] == "long" {
                if case .text(let word)? = name["name"] { options.insert(word) }
            }
        }
        return options
    }
}
