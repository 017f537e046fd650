import ArgumentParser
import Bundle
import Console
import Digests
import Install

struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what the bundle is: name, version, digests, requirements, sizes.",
        discussion: "Example:\n  sh payroll-2026.11.21-linux-64.sh info --json")

    @OptionGroup var source: BundleArgument
    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        trust.warnOfOwnStub(output)
        let bundle = try trust.open(source.path).reader
        if output.json {
            put(bundle.manifestBytes)
            return
        }
        let more = try LinkScript.all(of: bundle.manifest, .manifest).map {
            BundleOverview.Row("link script", $0.words)
        }
        let overview = BundleOverview(
            bundle.manifest, digest: bundle.digest, fileSize: bundle.layout.fileSize,
            more: more + Self.menus(bundle.manifest))
        for line in overview.lines { output.show(line) }
    }

    private static func menus(_ manifest: Manifest) -> [BundleOverview.Row] {
        manifest.archives.flatMap { archive in
            (archive.menus ?? []).map { .init("menu", "\($0) of \(archive.filename), which is not made") }
        }
    }
}

extension LinkScript {
    /// Which script it is and what becomes of it.
    var words: String {
        let fate =
            switch fate {
            case .runs: "runs when the environment is in place"
            case .runsAtRemoval: "runs when the environment is removed"
            case .skipped: "does not run, unless --link-scripts \(package) is given"
            case .never: "never runs"
            }
        return "\(action.rawValue) of \(distribution) (\(path)): \(fate)"
    }
}
