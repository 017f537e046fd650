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
            they come from the user's store, and from the bundle where the store lacks them:
            then only what Airlift made of them is checked.

            Signatures are set aside. Exit code 0: every byte is the same; 1: it is not, and
            each difference is named with what follows from it. A bundle that carries byte
            code (bytecode = "bundle") has it compiled again by its own interpreter: that
            alone runs something of the bundle. Work is done below $TMPDIR.
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

    @OptionGroup var network: NetworkOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard check || destination != nil else {
            throw ValidationError("say what for: --check compares, --output FILE keeps the new bundle")
        }
    }

    func run() throws {
        let reader = try BundleReader.open(bundle)
        try verify(reader)
        let report = try Scratch.with("rebuild") { scratch in
            do { return try rebuild(reader, in: scratch) } catch let obstacle as RebuildObstacle {
                return Report(reader, differences: obstacle.differences)
            }
        }
        if output.json { put(try CanonicalJSON.encode(report)) }
        tell(report, reader)
        if check || report.rebuilt == nil, !report.equal { throw ExitCode(FailureKind.difference.rawValue) }
    }

    /// What is compared must be what the manifest says.
    private func verify(_ reader: BundleReader) throws {
        let bar = ProgressBar("Verifying", total: reader.layout.fileSize, hidden: output.quiet)
        defer { bar.finish() }
        try reader.verify { bar.advance($0) }
    }

    private func rebuild(_ reader: BundleReader, in scratch: Directory) throws -> Report {
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
        var report = Report(reader, differences: result.differences)
        report.rebuilt = rebuilt.digest.hex
        report.archives = result.archives
        report.remarks = carried.remarks + result.remarks
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

    // What is said

    private struct Report: Encodable {
        enum Source: String, Encodable { case bundle, named }

        let bundle: String
        let digest: String
        let generator: String
        let signatures: Int
        var equal = false
        var rebuilt: String?
        var installer: Source = .bundle
        var archives: [RebuildStep.Origin] = []
        var differences: [RebuildDifference]
        var remarks: [String] = []

        init(_ reader: BundleReader, differences: [RebuildDifference]) {
            bundle = reader.path
            digest = reader.digest.hex
            generator = reader.manifest.generator
            signatures = reader.layout.members.count {
                reader.expectedDigest(of: $0.name) == nil && $0.name != Manifest.path
            }
            self.differences = differences
        }

        enum CodingKeys: String, CodingKey {
            case bundle, digest, generator, signatures, equal, rebuilt, installer, archives, differences
            case remarks
            case version = "airlift_rebuild"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(1, forKey: .version)
            try container.encode(bundle, forKey: .bundle)
            try container.encode(digest, forKey: .digest)
            try container.encode(generator, forKey: .generator)
            try container.encode(signatures, forKey: .signatures)
            try container.encode(equal, forKey: .equal)
            try container.encodeIfPresent(rebuilt, forKey: .rebuilt)
            try container.encode(installer, forKey: .installer)
            try container.encode(archives, forKey: .archives)
            try container.encode(differences, forKey: .differences)
            try container.encode(remarks, forKey: .remarks)
        }
    }

    private func tell(_ report: Report, _ reader: BundleReader) {
        for remark in report.remarks { output.notice(remark) }
        func count(_ place: RebuildStep.Origin.Place) -> Int { report.archives.count { $0.from == place } }
        let taken = report.archives.filter { $0.from == .bundle }.map(\.filename)
        if report.rebuilt != nil {
            var words = "\(count(.network)) archives were fetched again"
            if count(.store) > 0 { words += ", \(count(.store)) taken from the store" }
            if !taken.isEmpty {
                let shown = taken.prefix(5).joined(separator: ", ") + (taken.count > 5 ? ", …" : "")
                words += ", \(taken.count) taken from the bundle (\(shown))"
            }
            output.tell("\(words).".printable)
            if installer == nil {
                output.tell(
                    "The installer was taken from the bundle and is not checked: build it from source and name it with --installer."
                )
            }
        }
        if let destination, report.rebuilt != nil { output.tell("Written to \(destination).") }
        guard check || report.rebuilt == nil else { return }
        guard report.equal else {
            output.tell(Style.red("\(bundle) is not what its spec and lock give:"))
            for difference in report.differences { output.tell("  " + difference.sentence) }
            return
        }
        let aside = report.signatures > 0 ? " Its \(report.signatures) signatures were set aside." : ""
        output.tell(
            "\(Style.green("\(bundle) is what its spec and lock give, to the byte.")) Bundle digest \(reader.digest).\(aside)"
        )
    }
}
