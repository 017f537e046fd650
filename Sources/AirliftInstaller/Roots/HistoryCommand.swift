import ArgumentParser
import Bundle
import Console
import Failures
import Install

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Tell what was done here, by whom, and what ran on a given day.",
        discussion: """
            Examples:
              /opt/payroll/.airlift/airlift history
              /opt/payroll/.airlift/airlift history --on 2026-11-21

            Days and times are UTC. The log is ROOT/.airlift/log, one line of JSON for each
            thing that was done.
            """)

    @Option(help: ArgumentHelp("Tell which releases were current on this day.", valueName: "yyyy-mm-dd"))
    var on: String?

    @OptionGroup var root: RootArgument
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let on, !ReleaseHistory.isDay(on) {
            throw ValidationError("--on takes a day of the calendar such as 2026-11-21, and not '\(on)'")
        }
    }

    func run() throws {
        let root = try root.open()
        let entries = try root.log.entries()
        if let on {
            let periods = ReleaseHistory(entries).on(on)
            try output.document("history", Day(on: on, periods: periods, root: root.path))
            render(periods, on, root)
        } else {
            try output.document("history", All(entries: entries, root: root.path))
            render(entries)
        }
    }

    private func render(_ periods: [ReleaseHistory.Period], _ day: String, _ root: ReleaseRoot) {
        if periods.isEmpty { output.show("No release of \(root.path) was current on \(day).") }
        for period in periods {
            let environment = period.environment.map { " (environment \($0.hex.prefix(12)))" } ?? ""
            output.show(
                "\(period.version.printable)\(environment): current from \(period.from) \(period.until.map { "until \($0)" } ?? "on")"
            )
        }
    }

    private func render(_ entries: [ActivationLog.Entry]) {
        var table = TextTable([
            ("TIME", .left), ("WHAT", .left), ("RELEASE", .left), ("BEFORE", .left), ("BY", .left),
            ("HOST", .left), ("NOTE", .left),
        ])
        for entry in entries {
            table.add([
                entry.time, entry.event.rawValue, entry.version ?? "", entry.from ?? "", entry.by.words,
                entry.host, entry.note ?? "",
            ])
        }
        for line in table.lines { output.show(line) }
    }

    private struct Day: Encodable {
        let on: String
        let periods: [ReleaseHistory.Period]
        let root: String
    }

    private struct All: Encodable {
        let entries: [ActivationLog.Entry]
        let root: String
    }
}

extension ActingUser {
    /// `ada (as root)`, `deploy`, `uid 1001`.
    var words: String {
        let own = user ?? "uid \(uid)"
        return sudoUser.map { "\($0) (as \(own))" } ?? own
    }
}
