import Audit
import Bundle
import Failures
import Lock

/// What the policy in a bundle's own spec says of it, for the day for which it was judged when it was cut.
struct RebuildPolicy {
    let project: Project
    /// What the bundle's manifest says (`--report-only`).
    let stated: PolicyReport?

    private static let ages: Set<String> = [PolicyRule.minAge.rawValue, PolicyRule.maxAge.rawValue]

    /// - Parameters:
    ///   - entries: bytes of the entries beside the archives.
    ///   - today: where the bundle does not say for which day it was judged. Then ages are left out: whatever was
    ///     young enough that day is older now.
    /// - Returns: what the manifest is to say, and how much of it follows from no policy in the bundle.
    func judge(
        _ manifest: Manifest, entries: UInt64, today: CalendarDate
    ) throws -> (report: PolicyReport?, further: Int) {
        let day = stated.flatMap { CalendarDate(rfc3339: $0.evaluated) }
        var found: [PolicyViolation] = []
        if let spec = project.spec.policy {
            let verdict = try Policy(spec, file: project.specPath)
                .judge(PolicySubject(manifest, entries: entries), on: day ?? today)
            found = verdict.violations.filter { day != nil || !Self.ages.contains($0.rule) }
        }
        // Those of a further policy, of `--policy FILE`, come after the spec's.
        let further = (stated?.violations ?? []).filter { !found.contains($0) }
        let all = found + further
        let report = PolicyReport(evaluated: stated?.evaluated ?? today.text, violations: all)
        return (all.isEmpty ? nil : report, further.count)
    }
}
