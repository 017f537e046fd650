import ArgumentParser
import Bundle
import Console
import Failures
import Files
import Install
import Workers

struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Put the files of an installed environment, or of a root's releases, right again.",
        discussion: """
            Examples:
              airlift-installer repair /opt/payroll --bundle payroll-2026.11.21-linux-64.sh
              sh payroll-2026.11.21-linux-64.sh repair /opt/payroll
              /opt/payroll/.airlift/airlift repair

            The bundle must be the very one that it was installed from; install
            --keep-bundle keeps it, and then none has to be named. Only what is different
            is written, each file beside its place and then renamed there. State is left
            alone, and so is what nobody recorded, unless --remove-extra is given.

            Exit code 1 when something could not be put right.
            """)

    @Argument(
        help: "The environment or the root; the program that a root keeps takes its own.",
        completion: .directory)
    var place: String?

    @Option(
        help: ArgumentHelp(
            "The bundle that it was installed from (default: the one that was run, or the one that was kept).",
            valueName: "file"), completion: .file(extensions: ["sh"]))
    var bundle: String?

    @Option(
        help: ArgumentHelp("Of a root, repair this release alone.", valueName: "version"),
        completion: .custom(Completions.releases))
    var release: String?

    @Flag(help: "Remove files that nobody recorded.")
    var removeExtra = false

    @Flag(name: .customLong("bytecode"), help: "Compile anew all byte code that was compiled on this host.")
    var recompiles = false

    @Flag(
        name: .customLong("no-sync"), help: "Do not wait for the disk: a power cut may undo the repair.")
    var noSync = false

    @Option(name: .shortAndLong, help: "Threads and compiling processes (default: one a processor).")
    var jobs: Int?

    @OptionGroup var change: ChangeOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1 on") }
    }

    private var request: RepairRequest {
        var request = RepairRequest()
        request.removesExtra = removeExtra
        request.recompiles = recompiles
        request.synchronize = !noSync
        request.wait = change.wait
        request.jobs = jobs ?? request.jobs
        return request
    }

    func run() throws {
        let place = try InstalledPlace(place, release: release)
        let bar = ProgressBar("Comparing", total: 0, hidden: output.quiet)
        defer { bar.finish() }
        let outcomes: [RepairOutcome]
        switch place {
        case .prefix(let path): outcomes = [try repair(path, place, bar)]
        case .root(let path, let release): outcomes = try repair(path, release, place, bar)
        }
        bar.finish()
        try output.document("repair", RepairDocument(repaired: outcomes))
        outcomes.forEach(render)
        if outcomes.contains(where: { !$0.isWhole }) { throw ExitCode(FailureKind.difference.rawValue) }
    }

    private func repair(_ path: String, _ place: InstalledPlace, _ bar: ProgressBar) throws -> RepairOutcome {
        guard let record = try InstallRecord.read(Directory.open(path)) else {
            throw InstallError(
                .damaged,
                "'\(path)' has no Airlift record (\(InstallRecord.path)), so nobody knows what it should be")
        }
        guard let source = try bundle ?? KeptBundles.find(record, in: path) ?? Invocation.bundle else {
            throw missing(record)
        }
        return try Repair.run(path, from: place.open(source, trust, output), request) { $0.show(on: bar) }
    }

    private func repair(
        _ path: String, _ release: String?, _ place: InstalledPlace, _ bar: ProgressBar
    ) throws -> [RepairOutcome] {
        let root = try ReleaseRoot.open(path)
        let named = try (bundle ?? Invocation.bundle).map { try place.open($0, trust, output) }
        return try change.change(root, output) { lock in
            let all = try root.releases()
            var chosen = all.compactMap(\.record).filter { release == nil || $0.version == release }
            if let release, chosen.isEmpty {
                throw InstallError(
                    .targetInTheWay,
                    "there is no release \(release.printable) in '\(path)' with a record that can be read")
            }
            // A bundle that was named is for those that were installed from it.
            if release == nil, let named {
                chosen = chosen.filter { $0.bundle == named.digest }
                guard !chosen.isEmpty else {
                    throw InstallError(
                        .targetInTheWay,
                        "no release in '\(path)' was installed from '\(named.path)' (bundle digest \(named.digest)); give the bundle of one that is there"
                    )
                }
            }
            return try chosen.map { record in
                let kept = try named == nil ? KeptBundles.find(record, in: path) : nil
                guard let reader = try named ?? kept.map({ try place.open($0, trust, output) }) else {
                    throw missing(record)
                }
                return try Repair.run(release: record.version, from: reader, request, lock) {
                    $0.show(on: bar)
                }
            }
        }
    }

    private func missing(_ record: InstallRecord) -> InstallError {
        InstallError(
            .usage,
            "the bundle of \(record.name) \(record.version) (bundle digest \(record.bundle)) was not kept when it was installed; name it with --bundle"
        )
    }

    private func render(_ outcome: RepairOutcome) {
        for change in outcome.restored {
            output.tell(
                "\(Style.green("restored")): \(change.path.printable) (it was: \(change.what.printable))")
        }
        for path in outcome.compiled { output.tell("\(Style.green("compiled")): \(path.printable)") }
        for path in outcome.removed { output.tell("\(Style.yellow("removed")): \(path.printable)") }
        for shared in outcome.shared {
            output.tell(
                shared.fault.map {
                    "\(Style.red("not repaired")): \(shared.path.printable) of \(shared.version.printable), which was the same file: \($0.printable)"
                }
                    ?? "\(Style.green("restored")): \(shared.path.printable) of \(shared.version.printable), which was the same file"
            )
        }
        for change in outcome.failed {
            output.tell("\(Style.red("not repaired")): \(change.path.printable): \(change.what.printable)")
        }
        for path in outcome.left {
            output.tell("\(Style.yellow("left")): \(path.printable), which nobody recorded")
        }
        let name = "\(outcome.prefix.printable) (\(outcome.name.printable) \(outcome.version.printable))"
        guard outcome.isWhole else { return }
        output.tell(
            outcome.changed
                ? "\(name) is as it was installed again: \(outcome.restored.count) restored, \(outcome.compiled.count) compiled, \(outcome.removed.count) removed."
                : "\(name) is as it was installed; nothing was changed.")
    }
}

private struct RepairDocument: Encodable {
    let repaired: [RepairOutcome]
}

extension RepairProgress {
    func show(on bar: ProgressBar) {
        switch self {
        case .comparing(let bytes): bar.restart("Comparing", total: bytes, unit: .bytes)
        case .read(let bytes): bar.advance(bytes)
        case .restoring(let count): bar.restart("Restoring", total: UInt64(count), unit: .items)
        case .restored: bar.advance(1)
        }
    }
}
