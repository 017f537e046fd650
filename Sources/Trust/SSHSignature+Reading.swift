extension SSHSignature {
    /// PROTOCOL.sshsig, section 1.
    init(blob: [UInt8], name: String) throws(Malformed) {
        var reader = WireReader(blob)
        guard try reader.take(Self.magic.count, "its magic") == Self.magic else {
            throw Malformed("it does not start with 'SSHSIG'")
        }
        let version = try reader.uint32("its version")
        guard version == 1 else { throw Malformed("its version is \(version), and only version 1 is known") }
        publicKey = try SSHPublicKey(reading: reader.string("its public key"))
        // The namespace is part of what is signed; one that two readers could take for two different ones is refused.
        namespace = try reader.name("its namespace")
        guard try reader.string("its reserved part").isEmpty else {
            throw Malformed("its reserved part is not empty")
        }
        let hash = try reader.name("its hash")
        guard let hashAlgorithm = HashAlgorithm(rawValue: hash) else {
            throw Malformed("its hash is '\(hash)', and only sha256 and sha512 are allowed")
        }
        self.hashAlgorithm = hashAlgorithm
        let inner = try reader.string("the signature itself")
        try reader.end(of: "the signature")
        var innerReader = WireReader(inner)
        (proof, securityKey) = try Self.proof(of: publicKey, &innerReader)
        try innerReader.end(of: "the signature itself")
        self.name = name
    }

    /// The signature as each kind of key encodes it, with its name in front.
    private static func proof(
        of key: SSHPublicKey, _ reader: inout WireReader
    ) throws(Malformed) -> (Proof, SecurityKeyUse?) {
        let name = try reader.name("the kind of the signature")
        if case .rsa(let modulus, _) = key.material {
            let hashes: [String: HashAlgorithm] = ["rsa-sha2-256": .sha256, "rsa-sha2-512": .sha512]
            guard let hash = hashes[name] else {
                throw Malformed(
                    "its kind is '\(name)', and an RSA key must sign as rsa-sha2-256 or rsa-sha2-512")
            }
            let number = try reader.string("the signature's number")
            // Shorter ones are made by agents that leave zero bytes away; OpenSSH takes them too.
            guard !number.isEmpty, number.count <= modulus.count else {
                throw Malformed("its number has \(number.count) bytes, and the key has \(modulus.count)")
            }
            return (.rsa(hash, number), nil)
        }
        guard name == key.kind.rawValue else {
            throw Malformed("its kind is '\(name)', and the key in it is '\(key.kind.rawValue)'")
        }
        let numbers = try reader.string("the signature's numbers")
        let use = key.kind.isSecurityKey ? try securityKeyUse(&reader) : nil
        if key.kind.curve != nil { return (try ecdsa(numbers), use) }
        guard numbers.count == 64 else {
            throw Malformed("its number has \(numbers.count) bytes instead of 64")
        }
        return (.ed25519(numbers), use)
    }

    private static func ecdsa(_ numbers: [UInt8]) throws(Malformed) -> Proof {
        var reader = WireReader(numbers)
        let r = try reader.positiveNumber("the signature's first number")
        let s = try reader.positiveNumber("the signature's second number")
        try reader.end(of: "the signature's numbers")
        return .ecdsa(r: r, s: s)
    }

    private static func securityKeyUse(_ reader: inout WireReader) throws(Malformed) -> SecurityKeyUse {
        let flags = try reader.byte("the flags of the hardware key")
        return SecurityKeyUse(flags: flags, counter: try reader.uint32("the counter of the hardware key"))
    }
}
