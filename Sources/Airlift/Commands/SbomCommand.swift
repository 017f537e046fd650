import ArgumentParser
import Console
import Digests

struct SbomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sbom",
        abstract: "Print the bill of materials: CycloneDX 1.6 or SPDX 2.3.",
        discussion: """
            Examples:
              airlift sbom payroll-2026.11.21-linux-64.sh
              airlift sbom --format spdx --output payroll.spdx.json payroll-2026.11.21-linux-64.sh
              airlift sbom bundles/payroll    of a lock: without licences
              airlift sbom /opt/payroll       of an installed environment

            A bundle holds both documents since it was cut; the one that is printed was
            compared with the manifest. The same without Airlift:

              unzip -p payroll-2026.11.21-linux-64.sh airlift/sbom.cdx.json
            """)

    @Argument(
        help: "A bundle, manifest, lock, spec's directory or installed environment.", completion: .file())
    var subject: String

    @Option(help: "cyclonedx or spdx.")
    var format = SbomStep.Format.cyclonedx

    @Option(
        name: .customLong("output"),
        help: ArgumentHelp("The file to write, instead of standard output.", valueName: "file"),
        completion: .file())
    var destination: String?

    @Option(help: "The platform, of a lock that has several.")
    var platform: String?

    @OptionGroup(title: "Signatures") var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let input = try AuditInput.open(subject, trust.judge())
        let document = try SbomStep(input: input, platform: platform).document(format)
        // What is asked for is a JSON document itself.
        guard let destination else { return put(document) }
        try OutputFile.write(document, to: destination)
        try output.document(
            "sbom",
            Document(
                file: destination, format: format.rawValue, sha256: SHA256.hash(document).hex,
                size: document.count))
        output.tell("Wrote \(destination).")
    }

    /// Of what was written to a file.
    private struct Document: Encodable {
        let file: String
        let format: String
        let sha256: String
        let size: Int
    }
}

extension SbomStep.Format: ExpressibleByArgument {}
