import Audit
import Bundle
import Console
import Glibc
import Install
import Trust

/// Judges the signatures of a bundle before it is used, and tells of them.
struct SignatureJudge {
    /// nil where nobody was named.
    let policy: TrustPolicy?
    /// Signatures that lie beside the bundle.
    let further: [DetachedSignature]
    private let now = Int64(time(nil))

    init(policy: TrustPolicy?, further: [DetachedSignature] = []) {
        self.policy = policy
        self.further = further
    }

    /// For `BundleReader.open`.
    func authentication(_ path: String) -> BundleReader.Authentication? {
        guard let policy else { return nil }
        return { manifest, signatures in
            let own = signatures.map { DetachedSignature(name: $0.path, bytes: $0.bytes) }
            _ = try policy.require(manifest, own + further, at: now, subject: path)
        }
    }

    /// Every signature of a bundle: whether it is correct and, where somebody was named, whether it counts.
    func summaries(_ bundle: BundleReader) -> [SignatureSummary] {
        let signatures = bundle.detachedSignatures + further
        let verdict = policy?.judge(bundle.manifestBytes, signatures, at: now)
        return SignatureReport(signatures, manifest: bundle.manifestBytes, verdict).signatures.map { row in
            SignatureSummary(
                name: row.name, fingerprint: row.fingerprint, algorithm: row.algorithm, correct: row.correct,
                trusted: verdict.map { _ in row.principals != nil }, principals: row.principals,
                fault: row.fault)
        }
    }
}

extension TrustOptions {
    func judge() throws -> SignatureJudge {
        SignatureJudge(policy: try policy(), further: try detached())
    }
}
