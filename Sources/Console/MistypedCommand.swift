import ArgumentParser
import Failures
import Glibc

/// A word that stands where a command is named, and names none.
enum MistypedCommand {
    /// - Throws: `ValidationError`, with the command that was probably meant.
    static func check(_ arguments: [String], of root: any ParsableCommand.Type) throws {
        var command = root
        for word in arguments {
            let commands = command.configuration.subcommands
            guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
            if let next = commands.first(where: { names(of: $0).contains(word) }) {
                command = next
                continue
            }
            // Where a command may be left out, the word may be what it works on.
            let isOptional = command.configuration.defaultSubcommand != nil
            if isOptional, word.contains("/") || word.hasSuffix(".sh") || access(word, F_OK) == 0 { return }
            let what =
                isOptional
                ? "there is neither a command nor a file '\(word.printable)'"
                : "there is no command '\(word.printable)'"
            let known = commands.filter { $0.configuration.shouldDisplay }.flatMap { names(of: $0) }
            guard let meant = nearest(to: word, among: known) else {
                throw ValidationError(
                    "\(what); the commands are \(known.sorted().joined(separator: ", "))")
            }
            throw ValidationError("\(what); did you mean '\(meant)'?")
        }
    }

    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }

    /// The name that is fewest slips away, and no more than a third of its letters.
    static func nearest(to word: String, among names: [String]) -> String? {
        let scored = names.map { (name: $0, slips: slips(word, $0)) }
        guard let best = scored.min(by: { ($0.slips, $0.name) < ($1.slips, $1.name) }) else { return nil }
        if best.slips <= max(1, best.name.count / 3) { return best.name }
        let begun = names.filter { word.count > 1 && $0.hasPrefix(word) }
        return begun.count == 1 ? begun[0] : nil
    }

    /// Letters that were left out, added, taken for another or changed places (optimal string alignment).
    static func slips(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.lowercased().utf8.prefix(64)), Array(b.utf8))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
