/// What a policy said against a bundle that was cut all the same (`--report-only`).
public struct PolicyReport: Codable, Hashable, Sendable {
    /// The day for which ages were reckoned: `2026-11-21`.
    public var evaluated: String
    public var violations: [PolicyViolation]

    public init(evaluated: String, violations: [PolicyViolation]) {
        self.evaluated = evaluated
        self.violations = violations
    }
}

/// One thing that a policy does not allow.
public struct PolicyViolation: Codable, Hashable, Sendable {
    /// The key of the policy, such as `deny`.
    public var rule: String
    /// The name of the package; nil where the whole bundle is meant.
    public var package: String?
    /// What was found and what is allowed, in words.
    public var detail: String

    public init(rule: String, package: String? = nil, detail: String) {
        self.rule = rule
        self.package = package
        self.detail = detail
    }
}
