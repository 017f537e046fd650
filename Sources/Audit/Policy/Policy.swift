import Bundle
import Failures
import Lock

/// What a bundle may hold, ready to judge by: the policy of a spec or of a file with its licences understood.
public struct Policy: Sendable {
    public let spec: PolicySpec
    /// Where it stands, for messages.
    public let file: String
    let licenses: LicenseRules

    /// - Parameter file: where the policy stands.
    /// - Throws: every text in allow and deny that is no SPDX expression, each a `LockError` with its line.
    public init(_ spec: PolicySpec, file: String) throws(FailureList) {
        var faults: [any Failure] = []
        func read(_ texts: [Located<String>]) -> [SPDXExpression] {
            texts.compactMap { text in
                do throws(SPDXExpressionError) { return try SPDXExpression(text.value) } catch {
                    faults.append(LockError(file: file, line: text.line, reason: error.description))
                    return nil
                }
            }
        }
        let (allow, deny) = (read(spec.allow), read(spec.deny))
        guard faults.isEmpty else { throw FailureList(faults) }
        self.spec = spec
        self.file = file
        licenses = LicenseRules(allow: allow, deny: deny)
    }

    /// - Parameter date: the day for which ages are reckoned.
    public func judge(_ subject: PolicySubject, on date: CalendarDate) -> PolicyVerdict {
        var verdict = PolicyVerdict()
        for package in subject.packages {
            for violation in violations(of: package, in: subject, on: date) {
                judge(violation, of: package, &verdict)
            }
        }
        if let limit = spec.maxBundleSize, let bytes = subject.carriedBytes, bytes > limit {
            verdict.violations.append(
                PolicyViolation(
                    rule: PolicyRule.maxBundleSize.rawValue,
                    detail: "it carries \(Self.bytes(bytes)), and \(Self.bytes(limit)) are allowed"))
        }
        if !spec.allowsInstallHooks {
            verdict.violations += subject.hooks.all.map { kind, hook in
                PolicyViolation(
                    rule: PolicyRule.installHooks.rawValue,
                    detail: "it runs '\(hook.words)' as \(kind.rawValue) hook")
            }
        }
        verdict.unusedExceptions = spec.exceptions.filter { exception in
            !verdict.excepted.contains { $0.exception == exception }
        }
        if !subject.knowsContents {
            let unknown: [(PolicyRule, Bool)] = [
                (.allow, !spec.allow.isEmpty), (.deny, !spec.deny.isEmpty),
                (.unknownLicense, refusesUnknownLicenses), (.hooks, !spec.allowsHooks),
                (.linkScripts, !spec.allowsLinkScripts), (.installHooks, !spec.allowsInstallHooks),
            ]
            verdict.notJudged = unknown.filter(\.1).map(\.0)
            verdict.unusedExceptions.removeAll { verdict.notJudged.contains($0.rule) }
        }
        return verdict
    }

    /// One exception takes one violation away, and says so.
    private func judge(
        _ violation: PolicyViolation, of package: PackageSet.Package, _ verdict: inout PolicyVerdict
    ) {
        let exception = spec.exceptions.first {
            $0.rule.rawValue == violation.rule && $0.covers(package.name)
        }
        if let exception {
            verdict.excepted.append(.init(violation: violation, exception: exception))
        } else {
            verdict.violations.append(violation)
        }
    }

    var refusesUnknownLicenses: Bool {
        (spec.unknownLicense ?? (licenses.isEmpty ? .allow : .refuse)) == .refuse
    }

    static func bytes(_ count: UInt64) -> String { "\(count) bytes (\(ByteCount.text(count)))" }
}

/// What a policy says of one subject.
public struct PolicyVerdict: Sendable {
    public internal(set) var violations: [PolicyViolation] = []
    public internal(set) var excepted: [Excepted] = []
    /// Exceptions that decide nothing.
    public internal(set) var unusedExceptions: [PolicySpec.Exception] = []
    /// Rules of the policy for which the subject does not say enough.
    public internal(set) var notJudged: [PolicyRule] = []

    /// What an exception of the policy takes out.
    public struct Excepted: Sendable {
        public let violation: PolicyViolation
        public let exception: PolicySpec.Exception
    }
}
