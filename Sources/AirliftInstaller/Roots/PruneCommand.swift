import ArgumentParser
import Console
import Install

struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Remove old releases.",
        discussion: """
            Examples:
              /opt/payroll/.airlift/airlift prune            keep three
              /opt/payroll/.airlift/airlift prune --keep 2   the current one and one to go back to

            The current release stays, and besides it the one that rollback goes to and
            then the latest, until there are as many as --keep says. Releases that were
            never current and are later than the current one stay too: they wait for their
            turn. So does what a running process uses, which is told.
            """)

    @Option(help: ArgumentHelp("How many releases stay, the current one among them.", valueName: "number"))
    var keep = 3

    @Flag(help: "Only say what would be removed.")
    var dryRun = false

    @OptionGroup var root: RootArgument
    @OptionGroup var removal: RemovalOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard keep >= 1 else {
            throw ValidationError("--keep takes a number from 1 on: the current release always stays")
        }
    }

    func run() throws {
        let root = try root.open()
        let pruning = ReleasePruning(keeping: keep, removal.removal)
        if dryRun {
            let plan = try pruning.plan(root)
            try output.document("prune", DryRun(kept: plan.damaged, removed: plan.surplus))
            for version in plan.surplus { output.tell("Would remove the release \(version).") }
            if plan.surplus.isEmpty { output.tell("There is nothing to remove in \(root.path).") }
            return
        }
        let outcome = try change.change(root, output) { try pruning.run($0) }
        try output.document("prune", outcome)
        for version in outcome.removed { output.tell("Removed the release \(version).") }
        if outcome.removed.isEmpty { output.tell("No release was removed from \(root.path).") }
        for kept in outcome.kept { output.notice("\(kept.version) stays: \(kept.reason)") }
        if let blindness = outcome.blindness { output.notice(blindness) }
    }

    private struct DryRun: Encodable {
        let dryRun = true
        let kept: [ReleasePruning.Kept]
        let removed: [String]

        enum CodingKeys: String, CodingKey {
            case kept, removed
            case dryRun = "dry_run"
        }
    }
}
