import ArgumentParser
import Console
import Digests
import Install

struct ExtractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Write what the bundle carries as plain files, verified on the way.",
        discussion: """
            Examples:
              sh payroll-2026.11.21-linux-64.sh extract --to payroll-parts
              sh payroll-2026.11.21-linux-64.sh extract --to parts airlift/manifest.json
            """)

    @Option(
        help: "The bundle; not needed when the bundle itself was run.", completion: .file(extensions: ["sh"]))
    var bundle: String?

    @Option(help: "The directory to write into.", completion: .directory)
    var to: String

    @Argument(help: "Entries or file names of archives (default: everything).")
    var names: [String] = []

    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        trust.warnOfOwnStub(output)
        let reader = try trust.open(BundleArgument.path(bundle)).reader
        let written = try Extraction.run(reader, names: names, to: to)
        try output.document("extract", ["entries": written])
        output.tell("Wrote \(written.count) entries to \(to).")
    }
}
