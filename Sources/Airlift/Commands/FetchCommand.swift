import ArgumentParser
import Bundle
import Console
import Digests
import Fetch

struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Bring every locked archive into the store, verified.",
        discussion: "Example:\n  airlift fetch bundles/payroll")

    @OptionGroup var source: ProjectArgument
    @OptionGroup var network: NetworkOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Only this platform of the lock.")
    var platform: String?

    func run() throws {
        let project = try source.open()
        guard let lock = try project.lockfile() else {
            throw CommandError(
                .usage, "'\(project.lockPath)' is not there yet; run: airlift lock \(project.path)")
        }
        let platforms = lock.platforms.filter { platform == nil || $0.name == platform }
        guard !platforms.isEmpty else {
            throw CommandError(
                .usage,
                "the lock has no platform '\(platform ?? "")'; it has \(lock.platforms.map(\.name).joined(separator: ", "))"
            )
        }
        let results = try FetchStep(
            project: project, fetcher: network.fetcher(for: project), quiet: output.quiet
        )
        .run(platforms.flatMap(\.archives))
        let fetched = results.filter { $0.origin != .store }
        try output.document(
            "fetch",
            [
                "archives": results.map {
                    Document(
                        filename: $0.request.label, path: $0.path, sha256: $0.sha256.hex, size: $0.size,
                        fetched: $0.origin != .store)
                }
            ])
        output.tell(
            "\(results.count) archives are in the store (\(ByteCount.text(results.reduce(0) { $0 + $1.size }))), \(fetched.count) of them fetched now (\(ByteCount.text(fetched.reduce(0) { $0 + $1.size })))."
        )
    }

    private struct Document: Encodable {
        let filename: String
        let path: String
        let sha256: String
        let size: UInt64
        /// Now; else it was in the store.
        let fetched: Bool
    }
}
