import ArgumentParser
import Audit
import Bundle
import Console

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Say what is inside a bundle, a lock or an installed environment.",
        discussion: """
            Examples:
              airlift inspect payroll-2026.11.21-linux-64.sh
              airlift inspect bundles/payroll                       its lock
              airlift inspect /opt/payroll                          an installed environment,
                                                                    or the releases of a root
              airlift inspect B.sh --trust allowed_signers          whose signatures it has
              airlift inspect B.sh --tree --depth 2                 what needs what
              airlift inspect B.sh --tree --invert --name openssl   what needs openssl
              airlift inspect B.sh --why markupsafe                 why it is there
              airlift inspect B.sh --files certifi                  its files, with their hashes
              airlift inspect B.sh --license gpl --sort size        archives of some licences
              airlift inspect B.sh --hooks                          what runs without being called
              airlift inspect B.sh --csv > packages.csv             for a spreadsheet

            Names and versions are shown in ASCII, so that no letter of another script
            passes for one of ours; control characters are shown as \\u{1B}, in every form
            of output.

            Without --trust, signatures are only told: anybody can sign with a key of their
            own. With it, nothing else of the bundle is read before they suffice (exit 4).
            """)

    @Argument(
        help: "A bundle, manifest, lock, spec's directory, installed environment or root of releases.",
        completion: .file())
    var subject: String

    @OptionGroup(title: "Questions") var question: InspectQuestion
    @OptionGroup(title: "Which archives") var packages: PackageOptions
    @OptionGroup(title: "Signatures") var trust: TrustOptions

    @Option(help: "Which platform of a lock with several.")
    var platform: String?

    @Flag(help: "Comma-separated values (RFC 4180): the archives, or with --files the files.")
    var csv = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard csv else { return }
        if output.json { throw ValidationError("--csv and --json are two forms; ask for one") }
        if question.tree || question.why != nil {
            throw ValidationError("--csv is for archives and files; --tree and --why have --json")
        }
    }

    func run() throws {
        let judge = try trust.judge()
        let input = try AuditInput.open(subject, judge)
        if question.tree { return try InspectStep.tree(input, self) }
        if let name = question.why { return try InspectStep.why(input, name, self) }
        if let name = question.files { return try InspectStep.files(input, name, self) }
        if csv { return try InspectStep.table(input, self) }
        try InspectStep.summary(input, judge, self)
    }
}
