import ArgumentParser
import Console

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

    @Option(help: "The file to write, instead of standard output.", completion: .file())
    var output: String?

    @Option(help: "The platform, of a lock that has several.")
    var platform: String?

    @OptionGroup(title: "Signatures") var trust: TrustOptions

    func run() throws {
        let input = try AuditInput.open(subject, trust.judge())
        let document = try SbomStep(input: input, platform: platform).document(format)
        guard let output else { return put(document) }
        try OutputFile.write(document, to: output)
    }
}

extension SbomStep.Format: ExpressibleByArgument {}
