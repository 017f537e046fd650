/// Kinds of public keys by the names that they have in SSH.
enum KeyAlgorithm: String, CaseIterable {
    /// RFC 8709.
    case ed25519 = "ssh-ed25519"
    /// RFC 5656.
    case ecdsa256 = "ecdsa-sha2-nistp256"
    case ecdsa384 = "ecdsa-sha2-nistp384"
    case ecdsa521 = "ecdsa-sha2-nistp521"
    /// RFC 4253, section 6.6. Of its signatures only those of RFC 8332 are read, never the ones with SHA-1.
    case rsa = "ssh-rsa"
    /// OpenSSH's PROTOCOL.u2f: keys in hardware that a person touches.
    case securityEd25519 = "sk-ssh-ed25519@openssh.com"
    case securityECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"

    var isSecurityKey: Bool { self == .securityEd25519 || self == .securityECDSA }

    var curve: Curve? {
        switch self {
        case .ecdsa256, .securityECDSA: .nistp256
        case .ecdsa384: .nistp384
        case .ecdsa521: .nistp521
        case .ed25519, .rsa, .securityEd25519: nil
        }
    }

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

/// Curves of FIPS 186 by the names that RFC 5656 gives them.
enum Curve: String {
    case nistp256
    case nistp384
    case nistp521

    var bits: UInt32 {
        switch self {
        case .nistp256: 256
        case .nistp384: 384
        case .nistp521: 521
        }
    }

    /// Bytes of a coordinate.
    var width: Int { Int(bits + 7) / 8 }

    /// The hash that RFC 5656, section 6.2.1, gives to a curve of that size.
    func digest(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .nistp256: SHA2.sha256(bytes)
        case .nistp384: SHA2.sha384(bytes)
        case .nistp521: SHA2.sha512(bytes)
        }
    }
}
