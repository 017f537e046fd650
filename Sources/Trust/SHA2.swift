import CNettle
import Digests

/// The digests of FIPS 180-4 that signatures use.
enum SHA2 {
    static func sha256(_ bytes: [UInt8]) -> [UInt8] { SHA256.hash(bytes).bytes }

    static func sha384(_ bytes: [UInt8]) -> [UInt8] {
        var context = sha512_ctx()
        nettle_sha384_init(&context)
        return digest(bytes, 48, &context, nettle_sha384_digest)
    }

    static func sha512(_ bytes: [UInt8]) -> [UInt8] {
        var context = sha512_ctx()
        nettle_sha512_init(&context)
        return digest(bytes, 64, &context, nettle_sha512_digest)
    }

    private static func digest(
        _ bytes: [UInt8], _ size: Int, _ context: inout sha512_ctx,
        _ finish: (UnsafeMutablePointer<sha512_ctx>, Int, UnsafeMutablePointer<UInt8>) -> Void
    ) -> [UInt8] {
        // Both have one compression function; only where they start and where they end differs.
        nettle_sha512_update(&context, bytes.count, bytes)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            finish(&context, size, base)
            count = size
        }
    }
}
