/// What a signature says of itself, for who looks without trusting anybody.
public struct SignatureDescription: Hashable, Sendable {
    /// Of the entry or the file.
    public let name: String
    /// `SHA256:…` of the key in it; nil where it cannot be read, as with all that follow.
    public let fingerprint: String?
    /// The kind of the key.
    public let algorithm: String?
    public let namespace: String?
    /// Whether the key in it signed these bytes for `Trust.namespace`. Anybody can make such a signature: it says
    /// nothing about whose key that is.
    public let isCorrect: Bool
    /// Why it is not correct.
    public let fault: String?
}

extension SSHSignature {
    /// Describes signatures of some bytes, each by itself and in the order given.
    public static func describe(
        _ signatures: [DetachedSignature], of message: [UInt8]
    ) -> [SignatureDescription] {
        var hashed = HashedMessage(message)
        return signatures.map { describe($0, &hashed) }
    }

    private static func describe(
        _ detached: DetachedSignature, _ message: inout HashedMessage
    ) -> SignatureDescription {
        let signature: SSHSignature
        do {
            signature = try SSHSignature(blob: Armor.decode(detached.bytes), name: detached.name)
        } catch {
            return SignatureDescription(
                name: detached.name, fingerprint: nil, algorithm: nil, namespace: nil, isCorrect: false,
                fault: error.reason)
        }
        var fault: String?
        do { try signature.verify(&message, namespace: Trust.namespace) } catch { fault = error.reason }
        return SignatureDescription(
            name: detached.name, fingerprint: signature.publicKey.fingerprint,
            algorithm: signature.publicKey.algorithm, namespace: signature.namespace,
            isCorrect: fault == nil, fault: fault)
    }
}
