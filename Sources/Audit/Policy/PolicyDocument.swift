import Bundle
import Lock

/// What `airlift policy` says. Its keys are stable, and `airlift_policy` counts up when their meaning changes.
public struct PolicyDocument: Encodable, Sendable {
    public static let formatVersion = 1

    public var formatVersion = Self.formatVersion
    /// What was judged.
    public var title: String
    /// Where the policy stands.
    public var policy: String
    /// The day for which ages were reckoned.
    public var evaluated: String
    public var violations: [PolicyViolation]
    public var excepted: [Excepted]
    /// Rules of the policy for which the subject does not say enough.
    public var notJudged: [String]
    /// What the manifest says of the policy that it was cut by.
    public var recorded: PolicyReport?

    public struct Excepted: Encodable, Sendable {
        public var rule: String
        public var package: String?
        public var detail: String
        public var reason: String
    }

    enum CodingKeys: String, CodingKey {
        case title, policy, evaluated, violations, excepted, recorded
        case formatVersion = "airlift_policy"
        case notJudged = "not_judged"
    }

    public init(_ policy: Policy, title: String, _ verdict: PolicyVerdict, on date: CalendarDate) {
        self.title = title
        self.policy = policy.file
        evaluated = date.text
        violations = verdict.violations
        excepted = verdict.excepted.map {
            Excepted(
                rule: $0.violation.rule, package: $0.violation.package, detail: $0.violation.detail,
                reason: $0.exception.reason)
        }
        notJudged = verdict.notJudged.map(\.rawValue)
    }

    public var lines: [String] {
        var lines = [TextTable.printable("\(title), by the policy of \(policy), on \(evaluated)"), ""]
        if !violations.isEmpty { lines += Self.table(violations) + [""] }
        for excepted in excepted {
            lines.append(
                TextTable.printable(
                    "excepted: \(excepted.package ?? "the bundle") from \(excepted.rule) (\(excepted.detail)): \(excepted.reason)"
                ))
        }
        if !notJudged.isEmpty {
            lines.append(
                "NOT JUDGED, for this kind of subject does not tell (a bundle tells all): \(notJudged.joined(separator: ", "))"
            )
        }
        if let recorded {
            lines.append(
                TextTable.printable(
                    "it was cut by --report-only on \(recorded.evaluated), against \(Self.count(recorded.violations.count)) of a policy"
                ))
        }
        lines.append(
            violations.isEmpty
                ? "Nothing \(notJudged.isEmpty ? "" : "else ")is violated."
                : "\(Self.count(violations.count)).")
        return lines
    }

    private static func table(_ violations: [PolicyViolation]) -> [String] {
        var table = TextTable([("rule", .left), ("package", .left), ("violation", .left)])
        for violation in violations {
            table.add([violation.rule, violation.package ?? "", violation.detail])
        }
        return table.lines
    }

    private static func count(_ number: Int) -> String {
        number == 1 ? "1 violation" : "\(number) violations"
    }
}
