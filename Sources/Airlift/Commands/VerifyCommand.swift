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

            Nothing of the bundle is run. With --digest, the bundle digest that came
            another way (by mail, from the one who cut it) must be the one found: then the
            bundle is the one that was sent.
            """)

    @Argument(help: "The bundle.", completion: .file(extensions: ["sh"]))
    var bundle: String

    @Option(help: "The bundle digest to expect: 64 hexadecimal digits.")
    var digest: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try BundleReader.open(bundle)
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
        if output.json {
            put(
                try CanonicalJSON.encode(
                    Document(bundle: reader.digest.hex, entries: reader.layout.members.count, intact: true)))
        }
        output.tell(
            "\(bundle) is undamaged: \(reader.layout.members.count) entries, bundle digest \(reader.digest).")
    }

    private struct Document: Encodable {
        let bundle: String
        let entries: Int
        let intact: Bool
    }
}
