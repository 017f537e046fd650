import ArgumentParser
import Console
import Digests
import Install

struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove an installed environment.",
        discussion: """
            Examples:
              sh payroll-2026.11.21-linux-64.sh uninstall -p /opt/payroll
              sh payroll-2026.11.21-linux-64.sh uninstall -p /opt/payroll -s

            Conda packages whose link scripts were allowed to run when the environment was
            installed have their pre-unlink scripts run first.
            """)

    @Option(name: .shortAndLong, help: "The installed environment.", completion: .directory)
    var prefix: String

    @Flag(
        name: .shortAndLong,
        help: "Also remove files that Airlift did not install, and go on where a script fails.")
    var force = false

    @Flag(name: .customShort("s"), help: "Run no pre-unlink script.")
    var skipScripts = false

    @Option(help: ArgumentHelp("How long each script may take (default: 300).", valueName: "seconds"))
    var linkScriptTimeout: Int?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let linkScriptTimeout, !(1...86_400).contains(linkScriptTimeout) {
            throw ValidationError("--link-script-timeout takes seconds from 1 to 86400")
        }
    }

    func run() throws {
        let record = try Uninstallation.run(
            TargetOptions.absolute(prefix), force: force, linkScripts: !skipScripts,
            limit: linkScriptTimeout ?? 300, environment: TargetOptions.environment)
        try output.document(
            "uninstall", ["name": record.name, "prefix": record.prefix, "version": record.version])
        output.tell("Removed \(record.name) \(record.version) from \(record.prefix).")
    }
}
