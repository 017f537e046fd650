import Audit
import Bundle
import Console
import Failures
import Files
import Glibc
import Lock
import Trust

/// A policy as it was found, with the file of signers that it names.
struct LoadedPolicy {
    let policy: Policy
    let allowedSigners: AllowedSigners?

    /// - Parameter directory: what the path of a file of signers is relative to; nil where that is not at hand.
    init(_ spec: PolicySpec, file: String, directory: String?) throws {
        policy = try Policy(spec, file: file)
        guard case .file(let path)? = spec.signers else {
            allowedSigners = nil
            return
        }
        guard let directory else {
            throw CommandError(
                .usage,
                "the policy of '\(file)' names the file '\(path.value)' with its signers, which no bundle brings; give the policy with --policy FILE"
            )
        }
        let name = path.value.hasPrefix("/") ? path.value : "\(directory)/\(path.value)"
        allowedSigners = try AllowedSigners.read(Self.contents(name), file: name)
    }

    /// A TOML file with the keys of `[policy]`.
    static func read(_ file: String) throws -> LoadedPolicy {
        try LoadedPolicy(
            PolicySpec.read(contents(file), file: file), file: file, directory: Self.directory(of: file))
    }

    static func of(_ project: Project) throws -> LoadedPolicy? {
        try project.spec.policy.map {
            try LoadedPolicy($0, file: project.specPath, directory: project.path)
        }
    }

    private static func directory(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        let file = try OpenFile.read(path)
        let size = try file.status().size
        guard size <= 16 << 20 else { throw FileError("read", path, code: EFBIG) }
        return try file.bytes(at: 0, count: Int(size))
    }

    func signerViolation(_ reader: BundleReader) -> PolicyViolation? {
        policy.signerViolation(
            reader.manifestBytes,
            reader.signatures.map { DetachedSignature(name: $0.name, bytes: $0.bytes) },
            allowedSigners: allowedSigners, at: Int64(time(nil)))
    }
}

/// What the policies of a spec and of a file say while a bundle is cut. Both hold, and neither excepts anything
/// from the other.
struct PolicyStep {
    let policies: [LoadedPolicy]
    let reportsOnly: Bool
    let output: OutputOptions

    /// - Parameter file: of a further policy.
    init(_ project: Project, file: String?, reportsOnly: Bool, output: OutputOptions) throws {
        policies = try [LoadedPolicy.of(project), file.map(LoadedPolicy.read)].compactMap { $0 }
        self.reportsOnly = reportsOnly
        self.output = output
    }

    /// - Parameter entries: bytes of the entries beside the archives.
    /// - Returns: what the manifest is to say of it.
    /// - Throws: every violation, unless they are only reported.
    func judge(_ manifest: Manifest, entries: UInt64, on date: CalendarDate) throws -> PolicyReport? {
        var violations: [PolicyViolation] = []
        var errors: [CommandError] = []
        let subject = PolicySubject(manifest, entries: entries)
        for loaded in policies {
            let policy = loaded.policy
            let verdict = policy.judge(subject, on: date)
            for exception in verdict.unusedExceptions {
                output.notice(
                    "line \(exception.line) of '\(policy.file)' excepts '\(exception.package)' from \(exception.rule.rawValue), which decides nothing; remove it"
                )
            }
            for violation in verdict.violations where !violations.contains(violation) {
                violations.append(violation)
                errors.append(CommandError(.refused, Self.sentence(violation, policy.file)))
            }
        }
        guard !violations.isEmpty else { return nil }
        guard reportsOnly else {
            let count = violations.count == 1 ? "1 violation" : "\(violations.count) violations"
            throw FailureList(
                errors + [
                    CommandError(
                        .refused,
                        "\(count) of the policy, and nothing was cut; change what the spec asks for, except a package by [[policy.exception]] with its reason, or cut with --report-only"
                    )
                ])
        }
        for error in errors { output.notice(error.description.printable) }
        return PolicyReport(evaluated: date.text, violations: violations)
    }

    static func sentence(_ violation: PolicyViolation, _ file: String) -> String {
        let subject = violation.package.map { "'\($0)'" } ?? "the bundle"
        return "the policy of '\(file)' refuses \(subject) by \(violation.rule): \(violation.detail)"
    }

    /// Whether the bundle that was written has the signatures that the policies ask for.
    /// - Parameter isSigned: whether it was signed just now; where it was not, what is due is only noted.
    func checkSigners(of path: String, isSigned: Bool) throws {
        for loaded in policies where loaded.policy.asksForSigners {
            guard isSigned else {
                output.notice(
                    "the policy of '\(loaded.policy.file)' asks for signatures: sign the bundle, and see with `airlift policy` whether they suffice"
                )
                continue
            }
            guard let violation = loaded.signerViolation(try BundleReader.open(path)) else { continue }
            let sentence = Self.sentence(violation, loaded.policy.file)
            guard reportsOnly else {
                throw CommandError(.refused, "\(sentence); the bundle lies at '\(path)'")
            }
            output.notice(sentence)
        }
    }
}
