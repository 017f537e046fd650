import Archives

/// A signature of a bundle's manifest, as it lies in the bundle. What is in it, the module Trust knows.
public struct BundleSignature: Hashable, Sendable {
    /// Of the entry, `airlift/signatures/` left out: `SHA256-….sig` after the key's fingerprint.
    public let name: String
    /// Armored SSHSIG, byte for byte as it was made.
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// More in one bundle is refused.
    public static let countLimit = 64
    /// Bytes; a larger one is refused. An RSA key of 16,384 bits makes one of 6 KiB.
    public static let sizeLimit = 16 << 10

    /// The whole path of its entry.
    public var path: String { BundleLayout.signatures + name }

    var part: BundleLayout.Part {
        .init(name: path, size: UInt64(bytes.count), crc32: bytes.withUnsafeBytes { crc32($0) })
    }

    /// What stands in the way of a set of signatures in one bundle.
    static func check(_ signatures: [BundleSignature], _ subject: String) throws(BundleError) {
        guard signatures.count <= countLimit else {
            throw BundleError(
                subject, "it would have \(signatures.count) signatures, and at most \(countLimit) are read",
                kind: .refused)
        }
        var names: Set<String> = []
        for signature in signatures {
            guard Names.isBundleName(signature.name) else {
                throw BundleError(
                    subject, "'\(signature.name)' is no name for a signature", kind: .refused)
            }
            guard !signature.bytes.isEmpty, signature.bytes.count <= sizeLimit else {
                throw BundleError(
                    subject,
                    "the signature '\(signature.name)' has \(signature.bytes.count) bytes; 1 to \(sizeLimit) are read",
                    kind: .refused)
            }
            guard names.insert(signature.name).inserted else {
                throw BundleError(
                    subject, "the signature '\(signature.name)' is there twice", kind: .refused)
            }
        }
    }
}
