import Archives
import ArgumentParser
import Audit
import Bundle
import Console
import Digests
import Failures
import Fetch
import Files
import Glibc
import Lock

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Cut a bundle again from its own spec and lock, and compare to the byte.",
        discussion: """
            Examples:
              airlift rebuild --check payroll-2026.11.21-linux-64.sh
              airlift rebuild --check --installer ./airlift-installer-linux-64 payroll-….sh
              airlift rebuild --check --offline payroll-….sh          nothing is fetched
              airlift rebuild --output again.sh payroll-….sh

            Spec and lock come from inside the bundle. Whatever the lock names by URL is
            fetched again into a fresh store, read, and cut by the same code that `airlift
            cut` runs. Taken from the bundle, and said so: a captured interpreter, local
            wheels and packages, [files], and the installer. Whoever wants to check the
            installer too builds it from source and names it with --installer.

            With --cache, archives that this store has are taken from it. With --offline,
            they come from the user's store, and from the bundle where the store lacks
            them: then only what Airlift made of them is checked.

            Signatures are set aside; with --trust, a bundle that nobody trusted signed is
            not even read. Exit code 0: every byte is the same; 1: it is not, and each
            difference is named with what follows from it.

            A bundle that carries byte code (bytecode = "bundle") has it compiled again by
            its own interpreter: that alone runs something of the bundle. The addresses
            asked are those of its lock; passwords for them come from ~/.netrc, and never
            from variables that its spec names. Work is done below $TMPDIR.
            """)

    @Argument(help: "The bundle.", completion: .file(extensions: ["sh"]))
    var bundle: String

    @Flag(help: "Compare the bundle with what cutting again gives.")
    var check = false

    @Option(
        help: "The static installer that the bundle should carry (default: the one in it, unchecked).",
        completion: .file())
    var installer: String?

    @Option(
        name: .customLong("output"), help: "Keep what cutting again gives as this file.",
        completion: .file(extensions: ["sh"]))
    var destination: String?

    @OptionGroup var trust: TrustOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard check || destination != nil else {
            throw ValidationError("say what for: --check compares, --output FILE keeps the new bundle")
        }
    }

    func run() throws {
        let reader = try trust.open(bundle).reader
        try verify(reader)
        let report = try Directory.withTemporary("rebuild") { scratch in
            do { return try rebuild(reader, in: scratch) } catch let obstacle as RebuildObstacle {
                return RebuildReport(reader, differences: obstacle.differences)
            }
        }
        if output.json { try putDocument(report) }
        report.remarks.forEach { output.notice($0) }
        report.lines(checked: check, kept: destination).forEach { output.tell($0) }
        if check || report.rebuilt == nil, !report.equal { throw ExitCode(FailureKind.difference.rawValue) }
    }

    /// What is compared must be what the manifest says.
    private func verify(_ reader: BundleReader) throws {
        let bar = ProgressBar("Verifying", total: reader.layout.fileSize, hidden: output.quiet)
        defer { bar.finish() }
        try reader.verify { bar.advance($0) }
    }

    private func rebuild(_ reader: BundleReader, in scratch: Directory) throws -> RebuildReport {
        let carried = try CarriedProject.read(reader, in: scratch)
        let store = try ArchiveStore(path: "\(scratch.path)/store")
        let step = RebuildStep(
            reader: reader, project: carried.project, platform: carried.platform,
            lockBytes: Array(carried.lockfile.text.utf8),
            fetcher: network.fetcher(for: carried.project, store: store), own: try ownStore(),
            installer: try installer.map { try InstallerFile.read($0, platform: reader.manifest.platform) }
                ?? reader.contents(of: reader.manifest.installerPath, limit: 1 << 30),
            output: output)
        let result = try step.run(in: scratch)
        let rebuilt = try BundleReader.open(result.path)
        var report = RebuildReport(reader, differences: result.differences)
        report.rebuilt = rebuilt.digest.hex
        report.archives = result.archives
        report.remarks = carried.remarks + result.remarks
        report.specIsCompared = carried.specIsCompared
        report.installer = installer == nil ? .bundle : .named
        if check {
            report.differences += try RebuildComparison(reader, rebuilt).differences()
            report.equal = report.differences.isEmpty
        }
        if let destination { try keep(result.path, as: destination) }
        return report
    }

    /// The store that the user named or, offline, has; none is made.
    private func ownStore() throws -> ArchiveStore? {
        guard network.offline || network.cache != nil, let path = network.storePath,
            access(path, F_OK) == 0
        else { return nil }
        return try ArchiveStore(path: path)
    }

    private func keep(_ path: String, as destination: String) throws {
        let parts = destination.split(separator: "/", omittingEmptySubsequences: false)
        let parent = parts.dropLast().joined(separator: "/")
        let directory = try Directory.open(parts.count == 1 ? "." : parent.isEmpty ? "/" : parent)
        try directory.copy(
            FileRegion(path: path), to: RelativePath(String(parts.last ?? "")), permissions: 0o755)
    }
}
