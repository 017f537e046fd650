/// Whose signatures count, and how many of them it takes.
public struct TrustPolicy: Sendable {
    public let allowed: AllowedSigners
    /// Distinct keys, 1 or more.
    public let threshold: Int
    private let lines: [SSHPublicKey: [AllowedSigner]]

    /// - Throws: `TrustError` for a threshold below 1, and for one that the listed keys can never reach.
    public init(allowed: AllowedSigners, threshold: Int = 1) throws(TrustError) {
        guard threshold >= 1 else {
            throw TrustError(
                allowed.file,
                "a threshold of \(threshold) would accept what nobody signed; it must be 1 or more",
                kind: .usage)
        }
        let count = Set(allowed.keys.map(\.material.secret)).count
        guard threshold <= count else {
            throw TrustError(
                allowed.file,
                "\(threshold) signers are asked for, and the file lists \(count) distinct \(count == 1 ? "key" : "keys")",
                kind: .usage)
        }
        self.allowed = allowed
        self.lines = Dictionary(grouping: allowed.signers, by: \.key)
        self.threshold = threshold
    }

    /// Which of the signatures are of this message, for `Trust.namespace`, by listed keys that are valid now. A key counts
    /// once, however often it signed.
    /// - Parameter unixSeconds: the current time.
    public func judge(
        _ message: [UInt8], _ signatures: [DetachedSignature], at unixSeconds: Int64
    ) -> TrustVerdict {
        var hashed = HashedMessage(message)
        var accepted: [Signer] = []
        var counted: Set<[UInt8]> = []
        var rejected: [TrustVerdict.Rejection] = []
        for signature in signatures {
            do {
                let (signer, secret) = try signer(of: signature, &hashed, at: unixSeconds, counted)
                counted.insert(secret)
                accepted.append(signer)
            } catch {
                rejected.append(.init(name: signature.name, reason: error.reason))
            }
        }
        return TrustVerdict(accepted: accepted, rejected: rejected, threshold: threshold)
    }

    /// As `judge`, for who needs the signers or an error.
    /// - Parameter subject: what was signed, for the message.
    /// - Throws: `TrustError` below the threshold, with the reason of each signature that does not count.
    public func require(
        _ message: [UInt8], _ signatures: [DetachedSignature], at unixSeconds: Int64, subject: String
    ) throws(TrustError) -> [Signer] {
        try require(judge(message, signatures, at: unixSeconds), subject: subject)
    }

    /// The signers of a verdict that `judge` gave; who needs both does not compute signatures twice.
    /// - Throws: as above.
    @discardableResult
    public func require(_ verdict: TrustVerdict, subject: String) throws(TrustError) -> [Signer] {
        guard verdict.isSatisfied else { throw TrustError(subject, verdict.shortfall(allowed.file)) }
        return verdict.accepted
    }

    /// What is cheap comes first: only signatures by listed keys, each once, are ever computed.
    private func signer(
        of detached: DetachedSignature, _ message: inout HashedMessage, at unixSeconds: Int64,
        _ counted: Set<[UInt8]>
    ) throws(Malformed) -> (Signer, secret: [UInt8]) {
        let signature = try SSHSignature(blob: Armor.decode(detached.bytes), name: detached.name)
        let key = signature.publicKey
        guard let lines = lines[key] else {
            throw Malformed("the key \(key.fingerprint) is not listed in '\(allowed.file)'")
        }
        let secret = key.material.secret
        guard !counted.contains(secret) else {
            throw Malformed("the key \(key.fingerprint) is counted already")
        }
        var permitting: [AllowedSigner] = []
        var refusals: [String] = []
        for line in lines {
            if let refusal = line.refusal(of: signature, at: unixSeconds) {
                refusals.append("\(allowed.file):\(line.line): \(refusal)")
            } else {
                permitting.append(line)
            }
        }
        guard let first = permitting.first else { throw Malformed(refusals.joined(separator: "; ")) }
        try signature.verify(&message, namespace: Trust.namespace)
        var seen: Set<String> = []
        return (
            Signer(
                fingerprint: key.fingerprint, algorithm: key.algorithm,
                principals: permitting.flatMap(\.principals).filter { seen.insert($0).inserted },
                comment: first.comment), secret
        )
    }
}

extension TrustVerdict {
    /// In a message: whoever hands a file over could fill the screen with signatures that mean nothing.
    private static let reasonsShown = 10

    /// Why the threshold is missed, in one sentence.
    func shortfall(_ file: String) -> String {
        let shown = rejected.prefix(Self.reasonsShown).map { "'\($0.name)': \($0.reason)" }
        let hidden = rejected.count - shown.count
        let reasons = (shown + (hidden > 0 ? ["and \(hidden) more"] : [])).joined(separator: "; ")
        let found =
            switch (accepted.count, rejected.count) {
            case (0, 0): "it has no signature"
            case (0, 1): "its only signature does not count"
            case (0, _): "none of its \(rejected.count) signatures counts"
            default:
                "\(accepted.count) \(accepted.count == 1 ? "counts" : "count"), by \(accepted.map(\.fingerprint).joined(separator: " and "))"
            }
        let needed = threshold == 1 ? "a signature by a key" : "signatures by \(threshold) distinct keys"
        return "\(needed) listed in '\(file)' \(threshold == 1 ? "is" : "are") needed, and \(found)"
            + (reasons.isEmpty ? "" : " (\(reasons))")
    }
}
