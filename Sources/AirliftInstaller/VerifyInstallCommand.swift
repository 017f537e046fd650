import ArgumentParser
import Console
import Digests
import Failures
import Install

struct VerifyInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-install",
        abstract: "Compare an installed environment with its record, file by file.",
        discussion: """
            Example:
              sh payroll-2026.11.21-linux-64.sh verify-install /opt/payroll

            Exit code 1 when a file is missing, changed or added, the environment was
            moved, or its link scripts have not ended.
            """)

    @Argument(help: "The installed environment.", completion: .directory)
    var prefix: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let bar = ProgressBar("Verifying", total: 0, hidden: true)
        defer { bar.finish() }
        let report = try PrefixVerification.run(TargetOptions.absolute(prefix))
        try output.document("verify-install", report)
        render(report)
        if !report.isIntact { throw ExitCode(FailureKind.difference.rawValue) }
    }

    private func render(_ report: PrefixVerification) {
        if let from = report.movedFrom { output.tell("\(Style.red("moved")): its scripts name \(from)") }
        if report.isUnfinished {
            output.tell("\(Style.red("unfinished")): its link scripts were cut off, or are running")
        }
        for path in report.missing { output.tell("\(Style.red("missing")): \(path)") }
        for change in report.changed {
            output.tell("\(Style.red("changed")): \(change.path): \(change.what)")
        }
        for path in report.unrecorded { output.tell("\(Style.yellow("added")): \(path)") }
        if !report.caches.isEmpty {
            output.tell("note: \(report.caches.count) compiled modules were written by Python since")
        }
        if report.isIntact {
            output.tell(
                "\(report.prefix) is \(report.name) \(report.version), unchanged: \(report.files) files compared."
            )
        }
    }
}
