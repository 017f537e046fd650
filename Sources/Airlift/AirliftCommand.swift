import ArgumentParser
import Bundle
import Console

@main
struct AirliftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "airlift",
        abstract: "Carries Python environments across an air gap.",
        discussion: """
            Release engineers:
              airlift init bundles/payroll    write a first spec
              airlift lock bundles/payroll    choose and pin every archive
              airlift cut bundles/payroll     fetch, verify, write one self-installing file
              airlift sign BUNDLE --key FILE  sign it, as many as have to

            Auditors:
              airlift inspect payroll-2026.11.21-linux-64.sh
              airlift diff payroll-2026.10.03-linux-64.sh payroll-2026.11.21-linux-64.sh
              airlift sbom payroll-2026.11.21-linux-64.sh
              airlift licenses --output NOTICES.txt payroll-2026.11.21-linux-64.sh
              airlift policy --policy company.toml payroll-2026.11.21-linux-64.sh
              airlift verify --trust allowed_signers payroll-2026.11.21-linux-64.sh

            Exit codes: 0 done, 1 a difference was found, 2 usage, 3 damaged or malformed
            input, 4 signature or trust, 5 host requirements, 6 target in the way, 7 input
            or output, 8 no solution or refused, 9 network, 70 a fault of Airlift's own,
            128+n stopped by signal n.
            """,
        version: Generator.version,
        subcommands: [
            InitCommand.self, LockCommand.self, FetchCommand.self, CutCommand.self, InspectCommand.self,
            DiffCommand.self, SbomCommand.self, LicensesCommand.self, PolicyCommand.self, SignCommand.self,
            VerifyCommand.self, IndexCommand.self, RebuildCommand.self, PythonCommand.self, WheelCommand.self,
        ])

    static func main() {
        CommandLineTool.run(Self.self, name: "airlift", arguments: Array(CommandLine.arguments.dropFirst()))
    }
}
