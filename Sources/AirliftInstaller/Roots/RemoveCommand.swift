import ArgumentParser
import Console
import Install

struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a release that is not the current one.",
        discussion: """
            Example:
              /opt/payroll/.airlift/airlift remove 2026.10.03

            A release that a running process uses is not removed (exit code 6). Root sees
            all processes; for another user, those that could not be looked into are told.
            """)

    @Argument(
        help: "Version of the release; 'releases' lists them.", completion: .custom(Completions.releases))
    var version: String

    @OptionGroup var root: RootArgument
    @OptionGroup var removal: RemovalOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let root = try root.open()
        let outcome = try change.change(root, output) { try removal.removal.remove(version, $0) }
        try output.document("remove", outcome)
        output.tell("Removed the release \(outcome.version) from \(root.path).")
        if let blindness = outcome.blindness { output.notice(blindness) }
    }
}

/// How releases are removed.
struct RemovalOptions: ParsableArguments {
    @Flag(name: .customShort("s"), help: "Run no pre-unlink script of conda packages.")
    var skipScripts = false

    @Option(help: ArgumentHelp("How long each script may take (default: 300).", valueName: "seconds"))
    var linkScriptTimeout: Int?

    func validate() throws {
        if let linkScriptTimeout, !(1...86_400).contains(linkScriptTimeout) {
            throw ValidationError("--link-script-timeout takes seconds from 1 to 86400")
        }
    }

    var removal: ReleaseRemoval {
        var removal = ReleaseRemoval(environment: TargetOptions.environment)
        removal.linkScripts = !skipScripts
        removal.limit = linkScriptTimeout ?? removal.limit
        return removal
    }
}
