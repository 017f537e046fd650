import ArgumentParser
import Audit
import Console
import Digests
import Failures

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what changed between two bundles, locks or installed environments.",
        discussion: """
            Examples:
              airlift diff payroll-2026.10.03-linux-64.sh payroll-2026.11.21-linux-64.sh
              airlift diff /opt/payroll payroll-2026.11.21-linux-64.sh
              airlift diff bundles/payroll payroll-2026.11.21-linux-64.sh
              airlift diff --files --markdown OLD.sh NEW.sh > change.md
              airlift diff --fail-on downgrade,new-hook,other-bytes OLD.sh NEW.sh
              airlift diff --fail-on "license:GPL-3.0-only OR AGPL-3.0-only" OLD.sh NEW.sh

            Each side is a bundle, a manifest, a lock, a spec's directory, an
            installed environment or a root (its current release). The second example
            says what an update would change, the third whether a bundle matches the
            lock.

            What security hangs on is told first: one release with other bytes,
            downgrades, a wheel that became a conda package, another channel or index,
            start-up hooks, native libraries, rules that are departed from, signatures
            that are gone.

            --files opens the archives of packages that are new or have other bytes,
            checks them against their SHA-256, and compares what is in them. An
            environment on disk is compared as it was installed; verify-install says
            whether it still is.

            With --trust, neither bundle is read before enough of those who are trusted
            signed it (exit 4); leave it out to see what an unsigned one would change.

            Rules of --fail-on:
              other-bytes         the same release with another SHA-256
              downgrade           a lower version
              kind                a wheel became a conda package, or the reverse
              channel             other bytes from another channel or index, or a new
                                  package from where nothing came before
              new-hook            what runs without being called is new, or was
                                  changed (reads files)
              new-native-library  a native library or program is new (reads files)
              override            a new departure from a rule
              policy              a new violation, noted by cut --report-only
              signer              a key that signed the older side did not sign the
                                  newer one
              unsigned            no signature of the newer side is correct; whose they
                                  are, only --trust tells
              license             a licence changed, or a new package brings one that
                                  was not there
              license:EXPRESSION  a new or changed package leaves no choice but a
                                  licence of the SPDX expression
              license:unknown     the licence of a new or changed package is unclear
              any                 the two are not the same

            Exit code 0 when nothing differs, 1 when something does. With --fail-on:
            8 when a rule is hit, else 0.
            """)

    @Argument(help: "The older one.", completion: .file())
    var from: String

    @Argument(help: "The newer one.", completion: .file())
    var to: String

    @Option(help: "Which platform of a lock with several.")
    var platform: String?

    @Flag(help: "Compare the files of packages too, their start-up hooks and native libraries.")
    var files = false

    @Flag(help: "Markdown for a change request.")
    var markdown = false

    @Option(
        name: .customLong("fail-on"),
        help: ArgumentHelp(
            "Exit code 8 where one of these rules is hit, else 0; may be repeated.", valueName: "rule,…"))
    var failOn: [String] = []

    @OptionGroup var signatures: TrustOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if markdown, output.json { throw ValidationError("--markdown and --json are two formats; name one") }
    }

    func run() throws {
        let rules = try failOn.flatMap { try DiffRule.list($0) }
        let judge = try signatures.judge()
        let (before, after) = try AuditInput.pair(from, to, judge)
        let old = try DiffSide(before, platform: platform ?? Self.only(after.subject), judge)
        let new = try DiffSide(after, platform: platform ?? Self.only(before.subject), judge)
        var diff = ManifestDiff(from: old.set, to: new.set)
        if files || rules.contains(where: \.needsFiles) { try compareFiles(&diff, old, new) }
        if !rules.isEmpty { try diff.judge(rules, from: old.set, to: new.set) }
        try show(diff)
        guard let failed = diff.failed else {
            if !diff.isSame { throw ExitCode(FailureKind.difference.rawValue) }
            return
        }
        for rule in failed {
            for reason in rule.reasons { output.complain("\(rule.rule): \(reason)") }
        }
        if !failed.isEmpty { throw ExitCode(FailureKind.refused.rawValue) }
    }

    private func compareFiles(_ diff: inout ManifestDiff, _ old: DiffSide, _ new: DiffSide) throws {
        let (source, other) = (try old.files(), try new.files())
        let bar = ProgressBar("Comparing", total: diff.bytesToRead(source, other), hidden: output.quiet)
        defer { bar.finish() }
        try diff.compareFiles(from: old.set, in: source, to: new.set, in: other) { bar.advance($0) }
    }

    private func show(_ diff: ManifestDiff) throws {
        if output.json { return try putDocument(diff) }
        if markdown { return put(Array(diff.markdown.utf8)) }
        for line in diff.styledLines { output.show(line.colored) }
    }

    /// A bundle has one platform, and tells which one of the other side's is meant.
    private static func only(_ subject: AuditSubject) -> String? {
        subject.platforms.count == 1 ? subject.platforms[0] : nil
    }
}

extension ManifestDiff.Line {
    fileprivate var colored: String {
        switch tone {
        case .plain: text
        case .heading: Style.bold(text)
        case .alarm: Style.red(text)
        case .added: Style.green(text)
        case .removed, .changed: Style.yellow(text)
        }
    }
}
