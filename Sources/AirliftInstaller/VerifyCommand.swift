import ArgumentParser
import Bundle
import Console
import Digests

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every byte of the bundle against its manifest.",
        discussion: """
            Examples:
              sh payroll-2026.11.21-linux-64.sh verify
              airlift-installer verify payroll-2026.11.21-linux-64.sh

            This finds damage. Whether the manifest is the one that was sent, only its
            digest, compared with one that came another way, can tell.
            """)

    @OptionGroup var source: BundleArgument
    @OptionGroup var output: OutputOptions

    func run() throws {
        let bundle = try source.open()
        let bar = ProgressBar("Verifying", total: bundle.layout.fileSize, hidden: output.quiet)
        defer { bar.finish() }
        try bundle.verify { bar.advance($0) }
        bar.finish()
        if output.json {
            put(
                try CanonicalJSON.encode(
                    Document(bundle: bundle.digest.hex, entries: bundle.layout.members.count, intact: true)))
        } else if !output.quiet {
            put(
                "\(bundle.path) is undamaged: \(bundle.layout.members.count) entries, bundle digest \(bundle.digest.hex)."
            )
        }
    }

    private struct Document: Encodable {
        let bundle: String
        let entries: Int
        let intact: Bool
    }
}
