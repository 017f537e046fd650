import Bundle
import Digests
import Failures
import Lock

/// What an auditor may hold in hand: a bundle or its manifest, or a lock.
public enum AuditSubject: Sendable {
    /// With the bundle digest.
    case manifest(Manifest, digest: SHA256Digest)
    /// With the name that the caller gave it.
    case lock(Lockfile, name: String)

    /// An opened bundle: its structure has been compared with its manifest, its contents not yet.
    public init(_ bundle: BundleReader) { self = .manifest(bundle.manifest, digest: bundle.digest) }

    /// Reads a manifest (a JSON object) or else a lock.
    /// - Parameter file: how errors name it.
    public static func read(_ bytes: [UInt8], file: String) throws -> AuditSubject {
        let first = bytes.first { !" \t\r\n".utf8.contains($0) }
        guard first == UInt8(ascii: "{") else {
            return .lock(try Lockfile.read(bytes, file: file), name: file)
        }
        return .manifest(try Manifest.decode(bytes, subject: file), digest: SHA256.hash(bytes))
    }

    /// The platforms that it has packages for.
    public var platforms: [String] {
        switch self {
        case .manifest(let manifest, _): [manifest.platform]
        case .lock(let lock, _): lock.platforms.map(\.name)
        }
    }

    /// - Parameter platform: which one of a lock with several; nil where there is only one.
    public func packageSet(platform: String? = nil) throws(AuditError) -> PackageSet {
        switch self {
        case .manifest(let manifest, let digest):
            guard platform == nil || platform == manifest.platform else {
                throw AuditError(
                    subject: "\(manifest.name) \(manifest.version)", wanted: platform, platforms: platforms)
            }
            return PackageSet(manifest, digest: digest)
        case .lock(let lock, let name):
            guard let name = platform ?? (lock.platforms.count == 1 ? lock.platforms[0].name : nil),
                let found = lock[platform: name]
            else { throw AuditError(subject: name, wanted: platform, platforms: platforms) }
            return PackageSet(found, name: self.name)
        }
    }

    private var name: String {
        switch self {
        case .manifest(let manifest, _): manifest.name
        case .lock(_, let name): name
        }
    }
}
