import ArgumentParser
import Audit
import Bundle
import Console
import Digests

struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index",
        abstract: "Write what is inside a bundle as a conda channel and a wheel index.",
        discussion: """
            Examples:
              airlift index payroll-2026.11.21-linux-64.sh /srv/payroll
              airlift index --trust allowed_signers payroll-….sh /srv/payroll
              airlift index --url https://files.example.org/payroll payroll-….sh /srv/payroll

            Other installers then work from it offline, from the directory or from any
            static HTTP server (python3 -m http.server):

              conda create --offline -p PREFIX --file /srv/payroll/explicit.txt
              pip --python PREFIX/bin/python install --no-deps --no-index \\
                --find-links /srv/payroll/wheels --require-hashes -r /srv/payroll/requirements.txt
              uv pip install --offline --no-deps --default-index file:///srv/payroll/simple \\
                --require-hashes -r /srv/payroll/requirements.txt

            Written are conda/<subdir>/ (repodata.json, .zst and the packages; the channel
            is DIR/conda), simple/ (PEP 503 pages with PEP 691 JSON beside them), wheels/,
            python/ (a carried interpreter), explicit.txt, requirements.txt and README.txt
            with these commands. Every byte is checked against the bundle's manifest while
            it is copied; with --trust, nothing of it is read unless those who are trusted
            signed it. A directory that is not empty is refused, unless this command made
            it: then it becomes what the bundle has now.
            """)

    @Argument(help: "The bundle.", completion: .file(extensions: ["sh"]))
    var bundle: String

    @Argument(help: "The directory, created where it is missing.", completion: .directory)
    var directory: String

    @Option(help: "The address that explicit.txt names the packages by (default: file URL of the directory).")
    var url: String?

    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try trust.open(bundle).reader
        let index = try OfflineIndex(reader, in: directory, base: url)
        let bar = ProgressBar(
            "Copying", total: reader.manifest.archives.reduce(0) { $0 + $1.size }, hidden: output.quiet)
        defer { bar.finish() }
        let summary = try index.write { bar.advance($0) }
        bar.finish()
        if output.json {
            try putDocument(
                Document(
                    version: 1, bundle: reader.digest.hex, directory: directory, base: index.base,
                    conda: summary.condaPackages, wheels: summary.wheels,
                    interpreters: summary.interpreters, subdirs: summary.subdirs))
        }
        output.tell(
            "\(Style.bold(directory)): \(summary.condaPackages) conda packages, \(summary.wheels) wheels, \(summary.interpreters) interpreters of \(bundle), each compared with its manifest. Install with:"
        )
        for (_, line) in OfflineIndex.commands(reader.manifest, place: directory, url: index.localURL) {
            output.tell("  " + line)
        }
    }

    private struct Document: Encodable {
        let version: Int
        let bundle: String
        let directory: String
        let base: String
        let conda: Int
        let wheels: Int
        let interpreters: Int
        let subdirs: [String]

        enum CodingKeys: String, CodingKey {
            case bundle, directory, base, conda, wheels, interpreters, subdirs
            case version = "airlift_index"
        }
    }
}
