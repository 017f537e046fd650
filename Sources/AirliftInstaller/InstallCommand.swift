import ArgumentParser
import Bundle
import Console
import Digests
import Failures
import Glibc
import Install
import Workers

struct InstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install the environment (what happens when no other command is named).",
        discussion: """
            Examples:
              sh payroll-2026.11.21-linux-64.sh -b -p /opt/payroll
              sh payroll-2026.12.01-linux-64.sh -b -u -p /opt/payroll   update it
              airlift-installer install payroll-2026.11.21-linux-64.sh -p /opt/payroll
              sh payroll-2026.11.21-linux-64.sh -b -p /opt/payroll --link-scripts openjdk
              airlift-installer install payroll-2026.11.21-linux-64.sh -p /opt/payroll --trust allowed_signers

            Nothing is changed before everything was unpacked and checked; then one rename
            puts it in place.

            With --trust, nothing of the bundle is used unless enough of the signers in
            that file signed it. The environment remembers them: bundles that update it
            need their signatures too, unless --trust names others or --forget-trust is
            given.
            """)

    @OptionGroup var source: BundleArgument
    @OptionGroup var target: TargetOptions
    @OptionGroup var trust: TrustOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .shortAndLong, help: "Ask nothing; a licence counts as accepted.")
    var batch = false

    func run() throws {
        let bundle = try target.open(source.path, trust, output)
        let prefix = try target.release.root ?? target.prefix ?? askForPrefix(bundle.manifest)
        let plan = try InstallPlan.make(bundle, target.request(prefix: prefix, trust))
        try plan.check()
        tell(of: plan)
        if plan.isNeeded { try acceptLicense(bundle) }
        let bar = ProgressBar(
            "Unpacking", total: bundle.manifest.archives.reduce(0) { $0 + $1.size }, hidden: output.quiet)
        let outcome: InstallOutcome
        do {
            outcome = try plan.apply { progress in
                switch progress {
                case .unpacked(let bytes): bar.advance(bytes)
                case .compiling(let count): bar.restart("Compiling", total: UInt64(count), unit: .items)
                case .compiled: bar.advance(1)
                case .synchronizing: bar.restart("Writing to disk", total: 1, unit: .items)
                case .linkScript(let package):
                    bar.restart("Link script of \(package)", total: 1, unit: .items)
                case .hook(let words):
                    bar.restart("Hook \(words.printable)", total: 1, unit: .items)
                }
            }
        } catch {
            bar.finish()
            throw error
        }
        bar.finish()
        try report(outcome, plan.trust)
    }

    /// What is about to be done.
    private func tell(of plan: InstallPlan) {
        let (bundle, manifest) = (plan.bundle, plan.bundle.manifest)
        output.detail("bundle \(bundle.path.printable), digest \(bundle.digest)")
        output.detail(
            "\(manifest.name) \(manifest.version), serial \(manifest.serial), environment \(manifest.environment)"
        )
        output.detail(
            "into \(plan.request.prefix): \(manifest.archives.count) archives, \(plan.claims.pathCount) files"
        )
        for check in plan.requirements {
            output.detail("\(check.name) should be \(check.needed), found \(check.found)")
        }
    }

    private func report(_ outcome: InstallOutcome, _ trust: JudgedTrust) throws {
        let record = outcome.record
        try output.document("install", InstallDocument(outcome))
        if let root = outcome.root { return reportRelease(outcome, trust, root: root) }
        guard outcome.changed else {
            output.tell(
                "\(record.name) \(record.version) is installed at \(record.prefix) already; \(outcome.trustChanged ? "only whom it trusts" : "nothing") was changed."
            )
            if outcome.trustChanged { trust.lines(prefix: record.prefix).forEach { output.tell($0) } }
            return
        }
        let size = "\(outcome.files) files, \(ByteCount.text(outcome.bytes))"
        let what = Style.bold("\(record.name) \(record.version)")
        output.tell(
            outcome.destination.map { "Wrote \(what) for \(record.prefix) below \($0.printable): \(size)." }
                ?? "Installed \(what) at \(record.prefix): \(size).")
        if let replaced = outcome.replaced { output.tell("What was there is kept at \(replaced).") }
        trust.lines(prefix: record.prefix).forEach { output.tell($0) }
        for notice in outcome.notices { output.tell("Note: \(notice).") }
        for script in outcome.linkScripts {
            output.tell(
                "Ran the \(script.action.rawValue) script of \(script.package); what it wrote is in \(record.prefix)/\(script.log)."
            )
            for line in script.messages.split(separator: "\n") { output.tell("  \(line)") }
        }
        for hook in outcome.hooks {
            output.tell("Ran the \(hook.kind.rawValue) hook '\(hook.words.printable)'.")
            for line in hook.output { output.detail("  \(line)") }
        }
        guard outcome.destination == nil else { return }
        output.tell("Activate it with: . \(record.prefix)/\(outcome.activation)")
    }

    private func askForPrefix(_ manifest: Manifest) throws -> String {
        guard !batch, Terminal.inputIsTerminal, Terminal.errorIsTerminal else {
            return try target.chosenPrefix(manifest)
        }
        let proposal = manifest.install.defaultPrefix
        say("\(manifest.name) \(manifest.version)\(manifest.summary.isEmpty ? "" : ": " + manifest.summary)")
        Prompt.write("Install into which directory? \(proposal.map { "[\($0)] " } ?? "")")
        let answer = try Prompt.answer()
        // No shell stands between the person and this question.
        if answer.hasPrefix("~/"), let home = getenv("HOME") {
            return String(cString: home) + answer.dropFirst()
        }
        if !answer.isEmpty { return answer }
        return try target.chosenPrefix(manifest)
    }

    private func acceptLicense(_ bundle: BundleReader) throws {
        guard let path = bundle.manifest.install.license, !batch else { return }
        guard Terminal.inputIsTerminal else {
            throw InstallError(
                .usage,
                "this bundle has a licence to accept, and there is no terminal to ask on; give -b to accept it (read it with: extract --to DIR \(path))"
            )
        }
        say(String(decoding: try bundle.contents(of: path), as: UTF8.self))
        Prompt.write("Do you accept this licence? [yes/no] ")
        let answer = try Prompt.answer().lowercased()
        guard answer == "yes" || answer == "y" else {
            throw InstallError(.refused, "the licence was not accepted, so nothing was installed")
        }
    }
}

enum Prompt {
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress!, $0.count) }
    }

    /// A line from standard input; empty at its end. Swift's own `readLine` waits on after a signal.
    static func answer() throws -> String {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = read(0, &byte, 1)
            try Interruption.check()
            if count < 0, errno == EINTR { continue }
            guard count > 0, byte != UInt8(ascii: "\n") else { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }
}

/// What `install --json` prints.
private struct InstallDocument: Encodable {
    let activation: String
    let bundle: String
    let bytes: UInt64
    let changed: Bool
    let destdir: String?
    let environment: String
    let files: Int
    let hooks: [HookResult]
    let linkScripts: [LinkScriptResult]
    let name: String
    let notices: [String]
    let prefix: String
    let replaced: String?
    let root: String?
    let serial: Int
    let sharing: SharingTally?
    let signers: [InstallRecord.Signer]?
    let switched: ActivationOutcome?
    let trust: InstallRecord.Trust?
    let version: String

    enum CodingKeys: String, CodingKey {
        case activation, bundle, bytes, changed, destdir, environment, files, hooks, name, notices, prefix,
            replaced, root, serial, sharing
        case signers, switched, trust, version
        case linkScripts = "link_scripts"
    }

    init(_ outcome: InstallOutcome) {
        let record = outcome.record
        activation = outcome.activation
        bundle = record.bundle.hex
        bytes = outcome.bytes
        changed = outcome.changed
        destdir = outcome.destination
        environment = record.environment.hex
        files = outcome.files
        hooks = outcome.hooks
        linkScripts = outcome.linkScripts
        name = record.name
        notices = outcome.notices
        prefix = record.prefix
        replaced = outcome.replaced
        root = outcome.root
        serial = record.serial
        sharing = outcome.sharing
        signers = record.signers
        switched = outcome.switched
        trust = outcome.root == nil ? record.trust : outcome.trust.map { .init(threshold: $0.threshold) }
        version = record.version
    }
}
