import Digests

/// A public key as SSH encodes it (RFC 4253, section 6.6; RFC 5656; RFC 8709; OpenSSH's PROTOCOL.u2f).
public struct SSHPublicKey: Sendable {
    /// The name of its kind, such as `ssh-ed25519`.
    public let algorithm: String
    /// The encoded key; the same key never has two encodings, others are refused.
    public let blob: [UInt8]
    let kind: KeyAlgorithm
    let material: KeyMaterial

    /// - Throws: `TrustError` for a kind that is not supported, for an RSA key under 2,048 bits, for numbers that are no
    ///   key, and for bytes that are missing or left over.
    public init(blob: [UInt8]) throws(TrustError) {
        do {
            try self.init(reading: blob)
        } catch {
            throw TrustError("public key", error.reason)
        }
    }

    init(reading blob: [UInt8]) throws(Malformed) {
        var reader = WireReader(blob)
        let name = try reader.name("the kind of the key")
        guard let kind = KeyAlgorithm(rawValue: name) else { throw Self.unsupported(name) }
        material = try KeyMaterial.read(kind, &reader)
        try reader.end(of: "the key")
        self.kind = kind
        self.algorithm = kind.rawValue
        self.blob = blob
    }

    static func unsupported(_ name: String) -> Malformed {
        if name.contains("-cert-") {
            return Malformed("'\(name)' is a certificate, and only plain keys are read; list the key itself")
        }
        return Malformed("keys of the kind '\(name)' are not supported; use one of \(KeyAlgorithm.names)")
    }

    /// As ssh-keygen shows it: `SHA256:` and the digest of `blob` in base 64 without padding.
    public var fingerprint: String { "SHA256:" + StrictBase64.encodeUnpadded(SHA2.sha256(blob)) }

    /// The name of this key's signature in a bundle, below `airlift/signatures/`: the fingerprint in characters that
    /// a path may have, `SHA256-….sig`.
    public var entryName: String { "SHA256-" + Base64URL.encode(SHA2.sha256(blob)) + ".sig" }
}

extension SSHPublicKey: Hashable {
    public static func == (a: SSHPublicKey, b: SSHPublicKey) -> Bool { a.blob == b.blob }
    public func hash(into hasher: inout Hasher) { hasher.combine(blob) }
}
