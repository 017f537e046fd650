import Failures
import Install

extension JudgedTrust {
    /// Who signed, and what becomes of trust at the prefix.
    func lines(prefix: String) -> [String] {
        if isForgotten {
            return ["'\(prefix)' no longer remembers whom it trusted: any bundle may update it."]
        }
        guard let policy else { return [] }
        let names = signers.map { "\($0.principals.joined(separator: ",").printable) (\($0.fingerprint))" }
        let keys = (try? policy.policy().allowed.keys.count) ?? 0
        return [
            "Signed by \(names.joined(separator: ", ")).",
            "Updates of '\(prefix)' need \(policy.threshold == 1 ? "a signature by one" : "signatures by \(policy.threshold)") of the \(keys) \(keys == 1 ? "key" : "keys") that it trusts.",
        ]
    }
}
