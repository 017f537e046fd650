import Bundle
import Digests
import Files

/// `R/.airlift/root.json`: what a root remembers whatever becomes of its releases.
public struct RootState: Codable, Hashable, Sendable {
    public static let path = "\(ReleaseRoot.ownPath)/root.json"

    /// The format's version.
    public var airlift = 1
    /// The one bundle name whose releases lie here.
    public var name: String
    /// The highest that was ever in place; nil before there was any.
    public var serial: Int?
    /// Whom the next bundle must be signed by; nil for nobody. The list itself is `RememberedTrust.path`.
    public var trust: InstallRecord.Trust?

    public init(name: String, serial: Int? = nil, trust: InstallRecord.Trust? = nil) {
        self.name = name
        self.serial = serial
        self.trust = trust
    }

    /// nil where there is none.
    public static func read(_ root: Directory) throws -> RootState? {
        let path = try RelativePath(Self.path)
        guard try root.status(of: path) != nil else { return nil }
        do {
            let state = try CanonicalJSON.decode(
                RootState.self, from: root.contents(of: path, limit: 1 << 20))
            guard state.airlift == 1 else {
                throw InstallError(
                    .damaged,
                    "'\(root.path)/\(path)' has format version \(state.airlift), and this program reads version 1"
                )
            }
            return state
        } catch let error as DecodingError {
            throw InstallError(.damaged, "'\(root.path)/\(path)' is malformed: \(error.reason)")
        }
    }

    func write(in root: Directory, durable: Bool = true) throws {
        try root.replaceFile(RelativePath(Self.path), with: CanonicalJSON.encode(self), durable: durable)
    }

    /// Whether a bundle may become a release here.
    /// - Parameter allowDowngrade: takes a bundle that is older than what was here already.
    /// - Throws: `InstallError` of kind `targetInTheWay`.
    public func admit(_ manifest: Manifest, root: String, allowDowngrade: Bool) throws {
        guard name == manifest.name || serial == nil else {
            throw InstallError(
                .targetInTheWay,
                "'\(root)' is the root of \(name), and the bundle is of \(manifest.name); give each name a root of its own"
            )
        }
        if let serial, manifest.serial < serial, !allowDowngrade {
            throw InstallError(
                .targetInTheWay,
                "the bundle of \(manifest.name) \(manifest.version) (serial \(manifest.serial)) is older than what was installed in '\(root)' already (serial \(serial)); to go back to a release that is there use rollback, or give --allow-downgrade to take the older bundle"
            )
        }
    }
}
