/// The numbers of a public key.
enum KeyMaterial: Sendable {
    /// - application: of a hardware key, which signs for one (`ssh:` unless somebody chose otherwise).
    case ed25519(point: [UInt8], application: [UInt8]?)
    case ecdsa(Curve, x: [UInt8], y: [UInt8], application: [UInt8]?)
    case rsa(modulus: [UInt8], exponent: [UInt8])

    /// Bits of a modulus. OpenSSH takes 1,024 unless told otherwise; NIST has held that to be too few since 2013.
    static let rsaBits = 2_048...16_384

    /// What comes after the name in an encoded key.
    static func read(_ kind: KeyAlgorithm, _ reader: inout WireReader) throws(Malformed) -> KeyMaterial {
        switch kind {
        case .rsa: return try rsa(&reader)
        case .ed25519, .securityEd25519:
            let point = try reader.string("the key")
            guard point.count == 32 else { throw Malformed("the key has \(point.count) bytes instead of 32") }
            return .ed25519(point: point, application: try application(kind, &reader))
        case .ecdsa256, .ecdsa384, .ecdsa521, .securityECDSA:
            guard let curve = kind.curve else { throw SSHPublicKey.unsupported(kind.rawValue) }
            let (x, y) = try point(of: curve, &reader)
            return .ecdsa(curve, x: x, y: y, application: try application(kind, &reader))
        }
    }

    private static func application(
        _ kind: KeyAlgorithm, _ reader: inout WireReader
    ) throws(Malformed) -> [UInt8]? {
        kind.isSecurityKey ? try reader.string("the application of the key") : nil
    }

    private static func point(
        of curve: Curve, _ reader: inout WireReader
    ) throws(Malformed) -> ([UInt8], [UInt8]) {
        let name = try reader.name("the curve of the key")
        guard name == curve.rawValue else {
            throw Malformed("the key's curve is '\(name)' instead of '\(curve.rawValue)'")
        }
        let point = try reader.string("the key")
        // SEC 1, section 2.3.4: uncompressed; RFC 5656 leaves compressed points to choice, and OpenSSH has none.
        guard point.count == 1 + 2 * curve.width, point[0] == 4 else {
            throw Malformed("the key is no uncompressed point of \(curve.rawValue)")
        }
        let (x, y) = (Array(point[1...curve.width]), Array(point[(1 + curve.width)...]))
        guard Hogweed.isPoint(curve, x, y) else {
            throw Malformed("the key is no point of \(curve.rawValue)")
        }
        return (x, y)
    }

    private static func rsa(_ reader: inout WireReader) throws(Malformed) -> KeyMaterial {
        let exponent = try reader.positiveNumber("the exponent of the key")
        let modulus = try reader.positiveNumber("the modulus of the key")
        let bits = 8 * modulus.count - modulus[0].leadingZeroBitCount
        guard rsaBits.contains(bits) else {
            throw Malformed(
                "an RSA key of \(bits) bits is refused; it must have from \(rsaBits.lowerBound) to \(rsaBits.upperBound)"
            )
        }
        // With an exponent of 1 everybody can sign; long ones only make verification slow.
        guard exponent.count <= 8, exponent != [1], exponent[exponent.count - 1] % 2 == 1,
            modulus[modulus.count - 1] % 2 == 1
        else { throw Malformed("the numbers of the RSA key are refused: no key generator makes such") }
        return .rsa(modulus: modulus, exponent: exponent)
    }

    /// What two keys have in common that one secret signs for: it must not count as two signers because it is listed
    /// as a plain key and as one in hardware, with the point of the other sign, or with two exponents.
    var secret: [UInt8] {
        switch self {
        case .ed25519(let point, _): point.dropLast() + [point[31] & 0x7f]
        case .ecdsa(_, let x, _, _): x
        case .rsa(let modulus, _): modulus
        }
    }
}
