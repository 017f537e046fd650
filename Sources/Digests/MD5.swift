import CNettle

/// MD5 (RFC 1321) computed while bytes stream by: only for records that name files by it, never for trust.
public struct MD5: Sendable {
    public static let byteCount = 16
    private var context = md5_ctx()

    public init() { nettle_md5_init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        nettle_md5_update(&context, bytes.count, base.assumingMemoryBound(to: UInt8.self))
    }

    /// 32 lower-case hexadecimal digits; the hasher then starts anew.
    public mutating func finalizeHex() -> String {
        Hex.encode(
            [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
                nettle_md5_digest(&context, Self.byteCount, buffer.baseAddress)
                count = Self.byteCount
            })
    }
}
