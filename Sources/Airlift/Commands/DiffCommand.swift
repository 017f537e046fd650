import ArgumentParser
import Audit
import Console
import Digests
import Failures

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what changed between two bundles, locks or installed environments.",
        discussion: """
            Examples:
              airlift diff payroll-2026.10.03-linux-64.sh payroll-2026.11.21-linux-64.sh
              airlift diff /opt/payroll payroll-2026.11.21-linux-64.sh
              airlift diff bundles/payroll payroll-2026.11.21-linux-64.sh

            The second says what an update would change, the third whether a bundle
            matches the lock.

            Exit code 0 when nothing differs, 1 when something does.
            """)

    @Argument(help: "The older one.", completion: .file())
    var from: String

    @Argument(help: "The newer one.", completion: .file())
    var to: String

    @Option(help: "Which platform of a lock with several.")
    var platform: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let before = try AuditInput.read(from)
        let after = try AuditInput.read(to)
        let diff = ManifestDiff(
            from: try before.packageSet(platform: platform ?? Self.only(after)),
            to: try after.packageSet(platform: platform ?? Self.only(before)))
        if output.json {
            put(try CanonicalJSON.encode(diff))
        } else if !output.quiet {
            for line in diff.lines { put(line) }
        }
        if !diff.isSame { throw ExitCode(FailureKind.difference.rawValue) }
    }

    /// A bundle has one platform, and tells which one of the other side's is meant.
    private static func only(_ subject: AuditSubject) -> String? {
        subject.platforms.count == 1 ? subject.platforms[0] : nil
    }
}
