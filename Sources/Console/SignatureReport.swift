import Bundle
import Failures
import Trust

/// What there is to say of a bundle's signatures: for people, and as a part of JSON documents.
public struct SignatureReport: Encodable, Sendable {
    public let signatures: [Row]
    /// nil where nobody was named whose signature would count.
    public let trust: Judged?

    public struct Row: Encodable, Sendable {
        /// Of the entry or the file.
        public let name: String
        /// nil where the signature cannot be read.
        public let fingerprint: String?
        public let algorithm: String?
        /// Whether the key in it signed this very manifest: anybody's key can.
        public let correct: Bool
        /// Why it is not correct, or does not count.
        public let fault: String?
        /// As the list of signers names the key's owner; nil where it does not count.
        public let principals: [String]?
    }

    public struct Judged: Encodable, Sendable {
        /// Distinct keys that count.
        public let signers: Int
        public let threshold: Int
    }

    public init(_ bundle: JudgedBundle) {
        self.init(bundle.signatures, manifest: bundle.reader.manifestBytes, bundle.verdict)
    }

    public init(_ signatures: [DetachedSignature], manifest: [UInt8], _ verdict: TrustVerdict?) {
        let rejected = Dictionary(
            (verdict?.rejected ?? []).map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first })
        self.signatures = SSHSignature.describe(signatures, of: manifest).map { row in
            let signer =
                rejected[row.name] == nil
                ? verdict?.accepted.first { $0.fingerprint == row.fingerprint } : nil
            return Row(
                name: row.name, fingerprint: row.fingerprint, algorithm: row.algorithm,
                correct: row.isCorrect, fault: rejected[row.name] ?? row.fault,
                principals: signer?.principals)
        }
        trust = verdict.map { Judged(signers: $0.accepted.count, threshold: $0.threshold) }
    }

    /// Lines for people.
    public var lines: [String] {
        guard !signatures.isEmpty else { return ["It is not signed."] }
        var lines = signatures.map { row in
            if let principals = row.principals {
                return
                    "Signed by \(principals.joined(separator: ",").printable) (\(row.fingerprint ?? ""))."
            }
            guard row.correct, let fingerprint = row.fingerprint, let algorithm = row.algorithm else {
                return
                    "\(Style.red("The signature '\(row.name.printable)' does not hold")): \((row.fault ?? "").printable)."
            }
            if trust != nil {
                return "The signature by \(fingerprint) does not count: \((row.fault ?? "").printable)."
            }
            return "Signed by the key \(fingerprint) (\(algorithm))."
        }
        if let trust {
            lines.append(
                "\(trust.signers) trusted \(trust.signers == 1 ? "key" : "keys") signed it, \(trust.threshold) \(trust.threshold == 1 ? "is" : "are") needed."
            )
        } else {
            lines.append(
                "Whose keys these are was not checked: name those whom you trust with --trust FILE.")
        }
        return lines
    }
}
