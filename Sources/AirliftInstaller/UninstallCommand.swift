import ArgumentParser
import Console
import Digests
import Install

struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall", abstract: "Remove an installed environment.",
        discussion: "Example:\n  sh payroll-2026.11.21-linux-64.sh uninstall -p /opt/payroll")

    @Option(name: .shortAndLong, help: "The installed environment.", completion: .directory)
    var prefix: String

    @Flag(name: .shortAndLong, help: "Also remove files that Airlift did not install.")
    var force = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let record = try Uninstallation.run(TargetOptions.absolute(prefix), force: force)
        if output.json {
            put(
                try CanonicalJSON.encode([
                    "name": record.name, "prefix": record.prefix, "version": record.version,
                ]))
        } else if !output.quiet {
            put("Removed \(record.name) \(record.version) from \(record.prefix).")
        }
    }
}
