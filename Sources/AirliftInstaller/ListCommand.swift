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
        trust.warnOfOwnStub(output)
        let archives = try trust.open(source.path).reader.manifest.archives
        try output.document("list", ["archives": archives])
        let sorted = archives.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for line in ArchiveTable(sorted.map(ArchiveTable.Row.init)).lines { output.show(line) }
    }
}
