/// A signature of some bytes in OpenSSH's format SSHSIG, version 1 (PROTOCOL.sshsig), as `ssh-keygen -Y sign` writes it.
public struct SSHSignature: Sendable {
    /// Of the entry or the file, for messages.
    public let name: String
    public let publicKey: SSHPublicKey
    /// What it was made for.
    public let namespace: String
    public let hashAlgorithm: HashAlgorithm
    /// What a hardware key says about how it was used; nil for any other key.
    public let securityKey: SecurityKeyUse?
    let proof: Proof

    /// What a key in hardware signs beside the message (OpenSSH's PROTOCOL.u2f).
    public struct SecurityKeyUse: Hashable, Sendable {
        public let flags: UInt8
        /// Goes up with each signature.
        public let counter: UInt32

        /// Somebody touched it.
        public var isUserPresent: Bool { flags & 0x01 != 0 }
        /// It knew who touched it, by a PIN or a fingerprint.
        public var isUserVerified: Bool { flags & 0x04 != 0 }
    }

    /// The numbers of the signature.
    enum Proof: Sendable {
        case ed25519([UInt8])
        case ecdsa(r: [UInt8], s: [UInt8])
        case rsa(HashAlgorithm, [UInt8])
    }

    /// Reads armored text. Everything in it is used: what is before, between or after its parts is refused.
    /// - Parameter name: of the entry or the file, for messages.
    /// - Throws: `TrustError` for what is malformed or not supported.
    public static func read(_ bytes: [UInt8], name: String) throws(TrustError) -> SSHSignature {
        do {
            return try SSHSignature(blob: Armor.decode(bytes), name: name)
        } catch {
            throw TrustError(name, "the signature cannot be read: \(error.reason)")
        }
    }

    /// Whether this is a signature of these bytes by the key in it. It says nothing about whose key that is, and
    /// nothing about the presence of a person at a hardware key: see `TrustPolicy`.
    /// - Throws: `TrustError` where it is not, or was made for another namespace.
    public func verify(_ message: [UInt8], namespace: String) throws(TrustError) {
        var hashed = HashedMessage(message)
        do {
            try verify(&hashed, namespace: namespace)
        } catch {
            throw TrustError(name, error.reason)
        }
    }

    func verify(_ message: inout HashedMessage, namespace expected: String) throws(Malformed) {
        guard namespace == expected else {
            throw Malformed("the signature was made for '\(namespace)' and not for '\(expected)'")
        }
        guard holds(for: signedBytes(message.digest(hashAlgorithm))) else {
            throw Malformed("the signature is not one of these bytes by the key \(publicKey.fingerprint)")
        }
    }

    /// What the key signed: PROTOCOL.sshsig, section 2.
    private func signedBytes(_ digest: [UInt8]) -> [UInt8] {
        var writer = WireWriter()
        writer.raw(Self.magic)
        writer.string(Array(namespace.utf8))
        writer.string([])
        writer.string(Array(hashAlgorithm.rawValue.utf8))
        writer.string(digest)
        return writer.bytes
    }

    static let magic = Array("SSHSIG".utf8)
}
