extension SSHSignature {
    /// Whether the key signed these bytes.
    func holds(for bytes: [UInt8]) -> Bool {
        switch (publicKey.material, proof) {
        case (.ed25519(let point, let application), .ed25519(let signature)):
            return Hogweed.verifyEd25519(point, wrapped(bytes, application), signature)
        case (.ecdsa(let curve, let x, let y, let application), .ecdsa(let r, let s)):
            let digest = curve.digest(wrapped(bytes, application))
            guard r.count <= curve.width, s.count <= curve.width else { return false }
            return Hogweed.verifyECDSA(curve, x: x, y: y, digest: digest, r: r, s: s)
        case (.rsa(let modulus, let exponent), .rsa(let hash, let number)):
            let digest = hash == .sha256 ? SHA2.sha256(bytes) : SHA2.sha512(bytes)
            return Hogweed.verifyRSA(
                modulus: modulus, exponent: exponent, digest: digest, signature: number)
        default:
            return false
        }
    }

    /// What a hardware key signs: PROTOCOL.u2f, section "SSH U2F signatures".
    private func wrapped(_ bytes: [UInt8], _ application: [UInt8]?) -> [UInt8] {
        guard let application, let securityKey else { return bytes }
        var writer = WireWriter()
        writer.raw(SHA2.sha256(application))
        writer.raw([securityKey.flags])
        writer.uint32(securityKey.counter)
        writer.raw(SHA2.sha256(bytes))
        return writer.bytes
    }
}
