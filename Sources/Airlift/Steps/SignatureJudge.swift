import ArgumentParser
import Audit
import Bundle
import Failures
import Files
import Glibc
import Trust

/// Whose signatures an auditor trusts, if anybody's.
struct SignatureOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whose signatures count: an allowed_signers file (ssh-keygen(1)).", valueName: "file"),
        completion: .file())
    var trust: String?

    @Option(help: ArgumentHelp("How many distinct keys must have signed (default: 1).", valueName: "number"))
    var threshold: Int?

    func validate() throws {
        if trust == nil, threshold != nil { throw ValidationError("--threshold goes with --trust") }
    }

    func judge() throws -> SignatureJudge {
        guard let trust else { return SignatureJudge(policy: nil) }
        let file = try OpenFile.read(trust)
        let size = try file.status().size
        guard size <= 4 << 20 else { throw FileError("read", trust, code: EFBIG) }
        let allowed = try AllowedSigners.read(file.bytes(at: 0, count: Int(size)), file: trust)
        return SignatureJudge(policy: try TrustPolicy(allowed: allowed, threshold: threshold ?? 1))
    }
}

/// Judges the signatures of a bundle before it is used, and tells of them.
struct SignatureJudge {
    /// nil where nobody was named.
    let policy: TrustPolicy?
    private let now = Int64(time(nil))

    init(policy: TrustPolicy?) { self.policy = policy }

    /// For `BundleReader.open`.
    func authentication(_ path: String) -> BundleReader.Authentication? {
        guard let policy else { return nil }
        return { manifest, signatures in
            _ = try policy.require(manifest, signatures.map(\.detached), at: now, subject: path)
        }
    }

    /// Every signature of a bundle: whether it is correct and, where somebody was named, whether it counts.
    func summaries(_ bundle: BundleReader) -> [SignatureSummary] {
        let detached = bundle.signatures.map(\.detached)
        let verdict = policy?.judge(bundle.manifestBytes, detached, at: now)
        let refusals = Dictionary(
            (verdict?.rejected ?? []).map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first })
        return SSHSignature.describe(detached, of: bundle.manifestBytes).map { signature in
            let signer = verdict?.accepted.first { $0.fingerprint == signature.fingerprint }
            let refusal = refusals[signature.name]
            return SignatureSummary(
                entry: signature.name, fingerprint: signature.fingerprint, algorithm: signature.algorithm,
                correct: signature.isCorrect, trusted: verdict.map { _ in signer != nil && refusal == nil },
                principals: refusal == nil ? signer?.principals : nil, fault: signature.fault ?? refusal)
        }
    }
}

extension BundleSignature {
    fileprivate var detached: DetachedSignature { DetachedSignature(name: name, bytes: bytes) }
}
