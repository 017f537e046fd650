import ArgumentParser
import Bundle
import Console
import Digests

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the archives that the bundle carries.",
        discussion: "Example:\n  sh payroll-2026.11.21-linux-64.sh list")

    @OptionGroup var source: BundleArgument
    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        trust.warnOfOwnStub(quiet: output.quiet)
        let archives = try trust.open(source.path).reader.manifest.archives
        if output.json {
            put(try CanonicalJSON.encode(archives))
            return
        }
        var table = TextTable([
            (title: "name", alignment: .left), (title: "version", alignment: .left),
            (title: "build", alignment: .left), (title: "kind", alignment: .left),
            (title: "subdir", alignment: .left),
            (title: "size", alignment: .right), (title: "", alignment: .left),
        ])
        for archive in archives.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            table.add([
                archive.name, archive.version, archive.build ?? "", archive.kind.rawValue,
                archive.subdir ?? "", ByteCount.text(archive.size),
                archive.requested ? "requested" : "",
            ])
        }
        for line in table.lines { put(line) }
    }
}
