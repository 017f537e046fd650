import Bundle
import Digests
import Lock
import Trust

extension Policy {
    /// Whether the policy asks for signatures.
    public var asksForSigners: Bool { spec.signers != nil }

    /// What is missing of the signatures that the policy asks for; nil where they are there or not asked for.
    /// - Parameters:
    ///   - manifest: the exact bytes.
    ///   - allowedSigners: the file that the policy names, where it names one.
    ///   - unixSeconds: the current time, for keys that are valid for some time only.
    public func signerViolation(
        _ manifest: [UInt8], _ signatures: [DetachedSignature], allowedSigners: AllowedSigners?,
        at unixSeconds: Int64
    ) -> PolicyViolation? {
        let threshold = spec.threshold ?? 1
        func violation(_ detail: String) -> PolicyViolation {
            PolicyViolation(rule: PolicyRule.signers.rawValue, detail: detail)
        }
        let wanted = threshold == 1 ? "1 signature is" : "signatures by \(threshold) keys are"
        do {
            let signers: AllowedSigners?
            switch spec.signers {
            case nil: return nil
            case .file: signers = allowedSigners
            case .fingerprints(let listed):
                signers = try Self.signers(Set(listed.map(\.value)), among: signatures, file: file)
            }
            guard let signers else {
                return violation("none of its signatures is by a listed key, and \(wanted) asked for")
            }
            let verdict = try TrustPolicy(allowed: signers)
                .judge(manifest, signatures, at: unixSeconds)
            guard verdict.accepted.count < threshold else { return nil }
            let reasons = verdict.rejected.map { "; \($0.name): \($0.reason)" }.joined()
            return violation(
                "\(verdict.accepted.count) of its signatures count, and \(wanted) asked for\(reasons)")
        } catch {
            return violation("its signatures cannot be judged: \(error)")
        }
    }

    /// The keys in the signatures whose fingerprints are listed: a fingerprint stands for its key, and whether
    /// the key signed is judged by the same rules as with a file.
    private static func signers(
        _ fingerprints: Set<String>, among signatures: [DetachedSignature], file: String
    ) throws -> AllowedSigners? {
        let keys = signatures.compactMap { try? SSHSignature.read($0.bytes, name: $0.name).publicKey }
            .filter { fingerprints.contains($0.fingerprint) }
        guard !keys.isEmpty else { return nil }
        let lines = Set(keys).map { "policy \($0.algorithm) \(base64($0.blob))\n" }.sorted()
        return try AllowedSigners.read(Array(lines.joined().utf8), file: file)
    }

    /// With its own alphabet and padding (RFC 4648, section 4).
    private static func base64(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes).replacing("-", with: "+").replacing("_", with: "/")
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }
}
