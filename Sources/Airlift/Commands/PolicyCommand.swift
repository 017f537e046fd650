import ArgumentParser
import Audit
import Bundle
import Console
import Digests
import Failures
import Lock

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Judge a bundle, a lock or an installed environment by a policy.",
        discussion: """
            Examples:
              airlift policy --policy company.toml payroll-2026.11.21-linux-64.sh
              airlift policy bundles/payroll                   its lock, by its spec
              airlift policy --json --policy company.toml /opt/payroll

            Without --policy the bundle or spec is judged by its own: that says whether it
            keeps its word, not whether it keeps yours. docs/policy.md lists the rules.

            Exit code 0 when nothing is violated, 8 when something is.
            """)

    @Argument(
        help: "A bundle, manifest, lock, spec's directory or installed environment.", completion: .file())
    var subject: String

    @Option(help: "A TOML file with the keys of [policy].", completion: .file(extensions: ["toml"]))
    var policy: String?

    @Option(help: "Which platform of a lock with several.")
    var platform: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let input = try AuditInput.open(subject)
        let loaded = try policy.map(LoadedPolicy.read) ?? own(input)
        let date = Clock.today
        var document = PolicyDocument(
            loaded.policy, title: try input.subject.packageSet(platform: platform).title,
            try loaded.policy.judge(policySubject(input), on: date), on: date)
        if loaded.policy.asksForSigners {
            if let bundle = input.bundle {
                document.violations += loaded.signerViolation(bundle).map { [$0] } ?? []
            } else {
                document.notJudged.append(PolicyRule.signers.rawValue)
            }
        }
        if case .manifest(let manifest, _) = input.subject { document.recorded = manifest.policy }
        if output.json { try putDocument(document) }
        for line in document.lines { output.tell(line) }
        if !document.violations.isEmpty { throw ExitCode(FailureKind.refused.rawValue) }
    }

    private func policySubject(_ input: AuditInput) throws -> PolicySubject {
        switch input.subject {
        case .manifest(let manifest, _): return PolicySubject(manifest)
        case .lock(let lock, _):
            let wanted = platform ?? lock.platforms.first?.name ?? ""
            guard let platform = lock[platform: wanted] else {
                throw ValidationError("the lock has no platform '\(wanted)'")
            }
            return PolicySubject(platform)
        }
    }

    /// The policy that the subject brings.
    private func own(_ input: AuditInput) throws -> LoadedPolicy {
        if let bundle = input.bundle {
            let path = "airlift/spec.toml"
            let spec = try EnvironmentSpec.read(bundle.contents(of: path), file: "\(subject):\(path)")
            if let policy = spec.policy {
                return try LoadedPolicy(policy, file: "\(subject):\(path)", directory: nil)
            }
        } else if case .document = input.source, let project = try? Project.open(subject),
            let loaded = try LoadedPolicy.of(project)
        {
            return loaded
        }
        throw CommandError(.usage, "'\(subject)' has no policy of its own; name one with --policy FILE")
    }
}
