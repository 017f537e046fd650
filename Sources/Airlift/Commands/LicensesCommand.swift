import ArgumentParser
import Audit
import Bundle
import Console
import Digests
import Wheels

struct LicensesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "licenses",
        abstract: "List the licences of every package, and show or collect their texts.",
        discussion: """
            Examples:
              airlift licenses payroll-2026.11.21-linux-64.sh
              airlift licenses payroll-2026.11.21-linux-64.sh flask   its texts
              airlift licenses --output NOTICES.txt payroll-2026.11.21-linux-64.sh
              airlift licenses bundles/payroll                 of the fetched archives

            Texts come out of the archives, each compared with its SHA-256 first. A licence
            in quotation marks is free text that names none exactly.
            """)

    @Argument(
        help: "A bundle, manifest, lock, spec's directory or installed environment.", completion: .file())
    var subject: String

    @Argument(help: "Packages whose texts are shown.")
    var names: [String] = []

    @Flag(help: "Show the texts of all packages.")
    var texts = false

    @Option(
        name: .customLong("output"),
        help: ArgumentHelp("Write one file with every text, each once.", valueName: "file"),
        completion: .file())
    var destination: String?

    @Option(help: "Which platform of a lock with several.")
    var platform: String?

    @Option(
        help:
            "The store of fetched archives, for locks (default: $AIRLIFT_CACHE, or airlift in the user's cache directory).",
        completion: .directory)
    var cache: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let report = try LicenseStep(
            input: AuditInput.open(subject), platform: platform, cache: cache, quiet: output.quiet
        ).run()
        let shown = try chosen(report)
        if let destination {
            try OutputFile.write(Array(shown.notices.utf8), to: destination)
            output.tell(
                "\(destination): \(shown.differentTexts) texts of \(shown.packages.count) packages.")
            if !output.json { return noteMissing(shown) }
        }
        if output.json {
            try putDocument(shown)
        } else {
            for line in texts || !names.isEmpty ? shown.textLines : shown.lines { output.show(line) }
            noteMissing(shown)
        }
    }

    private func chosen(_ report: LicenseReport) throws -> LicenseReport {
        guard !names.isEmpty else { return report }
        func normalized(_ name: String) -> String {
            (try? ProjectName(name))?.normalized ?? name.lowercased()
        }
        let known = Set(report.packages.map { normalized($0.package.name) })
        let strays = names.filter { !known.contains(normalized($0)) }
        guard strays.isEmpty else {
            throw ValidationError(
                "'\(subject)' has no package \(strays.map { "'\($0)'" }.joined(separator: ", "))")
        }
        let wanted = Set(names.map(normalized))
        return LicenseReport(
            title: report.title,
            packages: report.packages.filter { wanted.contains(normalized($0.package.name)) })
    }

    /// What was not at hand is not the same as what is not there.
    private func noteMissing(_ report: LicenseReport) {
        let missing = report.packages.filter { $0.texts == nil }.map(\.package.name)
        guard let first = missing.first else { return }
        let more = missing.count > 1 ? " and \(missing.count - 1) more" : ""
        output.notice(
            "the archive of '\(first.printable)'\(more) is not at hand, and its texts with it: name the bundle, or run `airlift fetch` first"
        )
    }
}
