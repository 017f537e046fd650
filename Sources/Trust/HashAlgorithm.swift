/// What a signature's message is reduced to before it is signed. SSHSIG knows these two and no other.
public enum HashAlgorithm: String, CaseIterable, Sendable {
    case sha256
    case sha512
}

/// A message and the digests of it that were asked for: one of 256 MiB is hashed once for all its signatures.
struct HashedMessage {
    private let bytes: [UInt8]
    private var digests: [HashAlgorithm: [UInt8]] = [:]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func digest(_ algorithm: HashAlgorithm) -> [UInt8] {
        if let known = digests[algorithm] { return known }
        let digest =
            switch algorithm {
            case .sha256: SHA2.sha256(bytes)
            case .sha512: SHA2.sha512(bytes)
            }
        digests[algorithm] = digest
        return digest
    }
}
