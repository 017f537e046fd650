import Bundle
import Files
import Trust

/// Whom an installation trusts.
public enum InstallTrust: Sendable {
    /// Those whom the environment at the prefix was installed with; nobody is asked for where it remembers none.
    /// - signatures: further ones than those in the bundle.
    case remembered(signatures: [DetachedSignature] = [])
    /// Those whom somebody named. They are remembered from now on, whoever was before.
    case given(TrustPolicy, signatures: [DetachedSignature] = [])
    /// Nobody, and the environment forgets whom it trusted.
    case forgotten
}

/// What became of trust before an installation.
public struct JudgedTrust: Sendable, Equatable {
    /// What the environment is to remember; nil for nobody.
    public let policy: RememberedTrust?
    /// The keys that signed and count, each once.
    public let signers: [Signer]
    /// Trust that was remembered and is no more.
    public let isForgotten: Bool
    /// The list of signers is not the one that the environment has.
    let isNewList: Bool

    /// What lies in the environment beside its record, by path.
    var files: [(String, [UInt8])] { policy.map { [(RememberedTrust.path, $0.allowedSigners)] } ?? [] }

    /// Whether a record of the same environment says something else than it would now.
    func changes(_ record: InstallRecord, _ bundle: BundleReader) -> Bool {
        var after = record
        put(into: &after, bundle)
        return after != record || isNewList
    }

    /// Who signed is kept where the record is of another bundle with the same environment in it.
    func put(into record: inout InstallRecord, _ bundle: BundleReader) {
        record.trust = policy.map { .init(threshold: $0.threshold) }
        guard record.bundle == bundle.digest else { return }
        record.signers =
            policy == nil
            ? nil : signers.map { .init(fingerprint: $0.fingerprint, principals: $0.principals) }
    }

    static let nobody = JudgedTrust(policy: nil, signers: [], isForgotten: false, isNewList: false)
}

extension InstallTrust {
    /// - Parameters:
    ///   - place: what remembers.
    ///   - now: RFC 3339, UTC.
    /// - Throws: `TrustError` where the bundle's signatures do not suffice.
    func judge(_ bundle: BundleReader, at place: TrustPlace, now: String) throws -> JudgedTrust {
        let policy: TrustPolicy
        let further: [DetachedSignature]
        var isNewList = false
        switch self {
        case .forgotten:
            return JudgedTrust(
                policy: nil, signers: [], isForgotten: try place.remembersSomebody(), isNewList: false)
        case .given(let given, let signatures):
            (policy, further) = (given, signatures)
            // A list that is gone or malformed is one that the new one replaces.
            isNewList = (try? place.remembered())?.allowedSigners != given.allowed.bytes
        case .remembered(let signatures):
            guard let remembered = try place.remembered() else {
                guard signatures.isEmpty else {
                    throw InstallError(
                        .usage,
                        "'\(place.path)' remembers nobody whose signature would count; name those to trust with --trust FILE"
                    )
                }
                return .nobody
            }
            (policy, further) = (try remembered.policy(), signatures)
        }
        guard let time = UTCTime.seconds(now) else {
            throw InstallError(.fault, "'\(now)' is no time such as 2026-11-21T12:00:00Z")
        }
        let signers = try policy.require(
            bundle.manifestBytes, bundle.detachedSignatures + further, at: time, subject: bundle.path)
        return JudgedTrust(
            policy: RememberedTrust(policy), signers: signers, isForgotten: false, isNewList: isNewList)
    }
}

extension BundleReader {
    /// Those in the bundle, under the names of their entries.
    public var detachedSignatures: [DetachedSignature] {
        signatures.map { DetachedSignature(name: $0.path, bytes: $0.bytes) }
    }
}
