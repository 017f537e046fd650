import ArgumentParser
import Console
import Digests
import Failures
import Lock

struct LockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Choose and pin every archive: write conda-lock.yml beside the spec.",
        discussion: """
            Examples:
              airlift lock bundles/payroll
              airlift lock --check bundles/payroll   exit code 1 when it is out of date

            The same spec and the same index give the same bytes. conda-lock and
            micromamba read the file.
            """)

    @OptionGroup var source: ProjectArgument
    @OptionGroup var network: NetworkOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Write nothing; exit code 1 when the lock differs from what the spec asks for.")
    var check = false

    func run() throws {
        let project = try source.open()
        let result = try LockStep(project: project, fetcher: network.fetcher(for: project), output: output)
            .run(
                recapture: !check)
        let text = result.lockfile.text
        let changed: Bool
        if check {
            changed = try project.lockfile()?.text != text
        } else {
            changed = try project.write(text, to: Project.lockName)
        }
        try output.document(
            "lock",
            Document(
                changed: changed, lock: project.lockPath,
                platforms: result.lockfile.platforms.map {
                    .init(name: $0.name, archives: $0.archives.count)
                }))
        let counts = result.lockfile.platforms.map { "\($0.archives.count) archives for \($0.name)" }.joined(
            separator: ", ")
        if check, changed {
            output.tell("\(project.lockPath) is out of date; run: airlift lock \(project.path)")
            throw ExitCode(FailureKind.difference.rawValue)
        }
        output.tell("\(project.lockPath): \(counts)\(changed ? "" : " (unchanged)").")
    }

    private struct Document: Encodable {
        struct Platform: Encodable {
            let name: String
            let archives: Int
        }

        let changed: Bool
        let lock: String
        let platforms: [Platform]
    }
}
