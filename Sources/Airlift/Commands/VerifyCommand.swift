import ArgumentParser
import Bundle
import Console
import Digests

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every byte of a bundle from outside, its stub included.",
        discussion: """
            Examples:
              airlift verify payroll-2026.11.21-linux-64.sh
              airlift verify --digest 6f0c… payroll-2026.11.21-linux-64.sh
              airlift verify --trust allowed_signers --threshold 2 payroll-2026.11.21-linux-64.sh

            Nothing of the bundle is run. With --trust, nothing of it is even read unless
            enough of the signers in the file signed it (exit code 4). Without, it is said
            whose keys signed, and nobody's key is checked. With --digest, the bundle
            digest that came another way (by mail, from the one who cut it) must be the
            one found: then the bundle is the one that was sent. With --bytecode, the
            interpreter in the bundle compiles the sources in it again, and the byte code
            that the bundle carries must be the same: this alone runs something of the
            bundle.
            """)

    @Argument(help: "The bundle.", completion: .file(extensions: ["sh"]))
    var bundle: String

    @Option(help: "The bundle digest to expect: 64 hexadecimal digits.")
    var digest: String?

    @Flag(help: "Compile the sources again and compare the byte code that the bundle carries.")
    var bytecode = false

    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let judged = try trust.open(bundle, judgesByItself: true)
        let reader = judged.reader
        let bar = ProgressBar("Verifying", total: reader.layout.fileSize, hidden: output.quiet)
        defer { bar.finish() }
        try reader.verify { bar.advance($0) }
        bar.finish()
        if let digest {
            guard let expected = SHA256Digest(hex: digest) else {
                throw ValidationError("--digest takes 64 hexadecimal digits")
            }
            guard expected == reader.digest else {
                throw CommandError(
                    .trust,
                    "'\(bundle)' is undamaged and not the one expected: its bundle digest is \(reader.digest), not \(expected)"
                )
            }
        }
        var compared: Int?
        if bytecode {
            let bar = ProgressBar("Compiling", total: 1, unit: .items, hidden: output.quiet)
            defer { bar.finish() }
            compared = try BytecodeVerification.run(reader, progress: bar.follow)
        }
        let report = SignatureReport(judged)
        try output.document(
            "verify",
            Document(
                bundle: reader.digest.hex, bytecode: compared, entries: reader.layout.members.count,
                intact: true, signatures: report.signatures, trust: report.trust))
        output.tell(
            "\(bundle) is undamaged: \(reader.layout.members.count) entries, bundle digest \(reader.digest).")
        for line in report.lines { output.tell(line) }
        if let compared {
            output.tell("The byte code of \(compared) archives is what their sources compile to.")
        }
    }

    private struct Document: Encodable {
        let bundle: String
        let bytecode: Int?
        let entries: Int
        let intact: Bool
        let signatures: [SignatureReport.Row]
        let trust: SignatureReport.Judged?
    }
}
