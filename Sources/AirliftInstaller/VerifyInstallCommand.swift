import ArgumentParser
import Bundle
import Console
import Digests
import Failures
import Install
import Workers

struct VerifyInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-install",
        abstract: "Say whether an installed environment, or a root, is still what was installed.",
        discussion: """
            Examples:
              airlift-installer verify-install /opt/payroll
              airlift-installer verify-install /opt/payroll --bundle payroll-2026.11.21-linux-64.sh

            Every file is compared with Airlift's list and with what its package's own
            record says (conda-meta, RECORD), the prefix taken out of it. Whoever changed
            a file and all of these records as well is found with --bundle, which believes
            none of them. Of a root, all releases are compared, the link that makes one
            current, and the kept installer.

            Exit code 1 when a file is missing, changed or added, the environment was
            moved, or its link scripts have not ended. 'repair' puts it right.
            """)

    @Argument(
        help: "The environment or the root; the program that a root keeps takes its own.",
        completion: .directory)
    var place: String?

    @Option(
        help: ArgumentHelp("Compare with the bundle that it was installed from.", valueName: "file"),
        completion: .file(extensions: ["sh"]))
    var bundle: String?

    @Option(
        help: ArgumentHelp("Of a root, compare this release alone.", valueName: "version"),
        completion: .custom(Completions.releases))
    var release: String?

    @Option(name: .shortAndLong, help: "Threads (default: one a processor).")
    var jobs: Int?

    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1 on") }
        if bundle == nil, trust.trust != nil || !trust.signatureFiles.isEmpty {
            throw ValidationError("--trust and --signature judge the bundle that --bundle names")
        }
    }

    func run() throws {
        let place = try InstalledPlace(place, release: release)
        let reader = try bundle.map { try place.open($0, trust, output) }
        let bar = ProgressBar("Verifying", total: 0, hidden: output.quiet)
        defer { bar.finish() }
        switch place {
        case .prefix(let path):
            let report = try verify(path, reader, bar)
            bar.finish()
            try output.document("verify-install", report)
            render(report, below: "")
            if !report.isIntact { throw ExitCode(FailureKind.difference.rawValue) }
        case .root(let path, let release):
            let report = try RootVerification.run(
                path, version: release, against: reader, jobs: jobs ?? availableProcessors
            ) { version, step in step.show(on: bar, "Verifying \(version)") }
            bar.finish()
            try output.document("verify-root", report)
            for change in report.changed {
                output.tell("\(Style.red("changed")): \(change.path.printable): \(change.what.printable)")
            }
            for release in report.releases { render(release, below: "releases/\(release.version)/") }
            if !report.isIntact { throw ExitCode(FailureKind.difference.rawValue) }
        }
    }

    private func verify(
        _ path: String, _ reader: BundleReader?, _ bar: ProgressBar
    ) throws -> PrefixVerification {
        let jobs = jobs ?? availableProcessors
        guard let reader else {
            return try PrefixVerification.run(path, jobs: jobs) { $0.show(on: bar, "Verifying") }
        }
        return try PrefixVerification.run(path, against: reader, jobs: jobs) {
            $0.show(on: bar, "Verifying")
        }
    }

    private func render(_ report: PrefixVerification, below place: String) {
        func line(_ word: String, _ path: String, _ what: String = "") {
            output.tell("\(word): \(place)\(path.printable)\(what.isEmpty ? "" : ": \(what.printable)")")
        }
        if let from = report.movedFrom {
            output.tell(
                "\(Style.red("moved")): the scripts of \(report.prefix.printable) name \(from.printable)")
        }
        if report.isUnfinished {
            output.tell(
                "\(Style.red("unfinished")): the link scripts of \(report.prefix.printable) were cut off, or are running"
            )
        }
        for path in report.missing { line(Style.red("missing"), path) }
        for change in report.changed { line(Style.red("changed"), change.path, change.what) }
        for path in report.unrecorded { line(Style.yellow("added"), path) }
        for (count, what) in [
            (report.caches.count, "compiled modules were written by Python since"),
            (
                report.scripted.count,
                "files are as they were installed, and not as their packages say: scripts ran"
            ),
            (
                report.remembered.count,
                "files name the prefix by themselves, and were compared with what was written alone"
            ),
        ] where count > 0 {
            output.tell("note: \(count) \(what)")
        }
        if report.isIntact {
            let with = report.bundle == nil ? "" : " with the bundle"
            output.tell(
                "\(report.prefix.printable) is \(report.name.printable) \(report.version.printable), unchanged: \(report.files) files compared\(with)."
            )
        }
    }
}

extension PrefixVerification.Progress {
    func show(on bar: ProgressBar, _ title: String) {
        switch self {
        case .found(let bytes): bar.restart(title, total: bytes, unit: .bytes)
        case .read(let bytes): bar.advance(bytes)
        }
    }
}
