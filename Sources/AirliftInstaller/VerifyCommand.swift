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
              airlift-installer verify --trust allowed_signers payroll-2026.11.21-linux-64.sh

            This finds damage. Whether the manifest is the one that was sent, its
            signatures tell where --trust says whose keys count, or else its digest,
            compared with one that came another way.
            """)

    @OptionGroup var source: BundleArgument
    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        trust.warnOfOwnStub(output)
        let judged = try trust.open(source.path, judgesByItself: true)
        let bundle = judged.reader
        let bar = ProgressBar("Verifying", total: bundle.layout.fileSize, hidden: output.quiet)
        defer { bar.finish() }
        try bundle.verify { bar.advance($0) }
        bar.finish()
        let report = SignatureReport(judged)
        try output.document(
            "verify",
            Document(
                bundle: bundle.digest.hex, entries: bundle.layout.members.count, intact: true,
                signatures: report.signatures, trust: report.trust))
        output.tell(
            "\(bundle.path) is undamaged: \(bundle.layout.members.count) entries, bundle digest \(bundle.digest.hex)."
        )
        for line in report.lines { output.tell(line) }
    }

    private struct Document: Encodable {
        let bundle: String
        let entries: Int
        let intact: Bool
        let signatures: [SignatureReport.Row]
        let trust: SignatureReport.Judged?
    }
}
