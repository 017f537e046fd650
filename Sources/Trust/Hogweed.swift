import CNettle

/// Nettle's public-key part: whether signatures hold.
enum Hogweed {
    /// RFC 8032. - Precondition: a point of 32 bytes and a signature of 64.
    static func verifyEd25519(_ point: [UInt8], _ message: [UInt8], _ signature: [UInt8]) -> Bool {
        precondition(point.count == 32 && signature.count == 64)
        return nettle_ed25519_sha512_verify(point, message.count, message, signature) == 1
    }

    static func isPoint(_ curve: Curve, _ x: [UInt8], _ y: [UInt8]) -> Bool {
        withNumber(x) { x in withNumber(y) { y in airlift_ecc_is_point(curve.bits, x, y) } } == 1
    }

    static func verifyECDSA(
        _ curve: Curve, x: [UInt8], y: [UInt8], digest: [UInt8], r: [UInt8], s: [UInt8]
    ) -> Bool {
        withNumber(x) { x in
            withNumber(y) { y in
                withNumber(digest) { digest in
                    withNumber(r) { r in
                        withNumber(s) { s in airlift_ecdsa_verify(curve.bits, x, y, digest, r, s) }
                    }
                }
            }
        } == 1
    }

    /// PKCS #1 v1.5 over a digest of SHA-256 or SHA-512, told apart by their size.
    static func verifyRSA(
        modulus: [UInt8], exponent: [UInt8], digest: [UInt8], signature: [UInt8]
    ) -> Bool {
        withNumber(modulus) { modulus in
            withNumber(exponent) { exponent in
                withNumber(digest) { digest in
                    withNumber(signature) { airlift_rsa_verify(modulus, exponent, digest, $0) }
                }
            }
        } == 1
    }

    private static func withNumber(_ bytes: [UInt8], _ body: (airlift_number) -> Int32) -> Int32 {
        bytes.withUnsafeBufferPointer { body(airlift_number(bytes: $0.baseAddress, count: $0.count)) }
    }
}
