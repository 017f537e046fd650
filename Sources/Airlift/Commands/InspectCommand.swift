import ArgumentParser
import Audit
import Console
import Digests

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Say what is inside a bundle, a lock or an installed environment.",
        discussion: """
            Examples:
              airlift inspect payroll-2026.11.21-linux-64.sh
              airlift inspect bundles/payroll                  its lock
              airlift inspect --json /opt/payroll              an installed environment
            """)

    @Argument(
        help: "A bundle, manifest, lock, spec's directory or installed environment.", completion: .file())
    var subject: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        switch try AuditInput.read(subject) {
        case .manifest(let manifest, let digest):
            let summary = ManifestSummary(manifest, digest: digest)
            if output.json {
                put(try CanonicalJSON.encode(summary))
            } else {
                summary.lines.forEach { put($0) }
            }
        case .lock(let lock, _):
            let summary = LockSummary(lock)
            if output.json {
                put(try CanonicalJSON.encode(summary))
            } else {
                summary.lines.forEach { put($0) }
            }
        }
    }
}
