import ArgumentParser
import Console
import Install

struct ActivateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "Make a release the current one.",
        discussion: """
            Example:
              /opt/payroll/.airlift/airlift activate 2026.11.21

            The pre-activate hooks of its bundle run first: where one fails, nothing is
            switched. Where a post-activate hook fails, what was current before is current
            again. Programs that run already go on with the release that they were
            started with.
            """)

    @Argument(
        help: "Version of the release; 'releases' lists them.", completion: .custom(Completions.releases))
    var version: String

    @OptionGroup var root: RootArgument
    @OptionGroup var hooks: HookOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let root = try root.open()
        let outcome = try change.change(root, output) { lock in
            try root.activate(version, hooks.request(.activated), lock)
        }
        let report = SwitchReport(outcome, root)
        try output.document("activate", report)
        report.tell(output)
    }
}
