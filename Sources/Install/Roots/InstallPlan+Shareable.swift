import Bundle
import Digests
import Files

/// Archives of a bundle that releases of the root have installed already, as far as their manifests tell: files of
/// these need not be unpacked. Whether each is still what was installed, the installation looks at.
public struct ShareableArchives: Hashable, Sendable, Encodable {
    public let archives: Int
    /// Of these archives.
    public let bytes: UInt64
    /// Of their files on disk, by the bundle's manifest.
    public let installedBytes: UInt64

    enum CodingKeys: String, CodingKey {
        case archives, bytes
        case installedBytes = "installed_bytes"
    }
}

extension InstallPlan {
    /// nil outside a root, and where the release is in place already. A release whose records are damaged shares
    /// nothing.
    public func shareable() throws -> ShareableArchives? {
        guard let path = request.root, isNeeded else { return nil }
        var known: Set<SHA256Digest> = []
        if let root = try ReleaseRoot.examine(path, name: bundle.manifest.name) {
            for release in try root.releases() {
                guard let record = release.record, let directory = try? Directory.open(record.prefix),
                    let manifest = try? record.manifest(directory)
                else { continue }
                known.formUnion(manifest.archives.map(\.sha256))
            }
        }
        let shared = bundle.manifest.archives.filter { known.contains($0.sha256) }
        return ShareableArchives(
            archives: shared.count, bytes: shared.reduce(0) { $0 &+ $1.size },
            installedBytes: shared.reduce(0) { $0 &+ $1.installed.bytes })
    }

    /// The release that is current in the root; nil for none, and outside a root.
    public func currentRelease() throws -> String? {
        try request.root.flatMap { try ReleaseRoot.examine($0, name: bundle.manifest.name)?.current() }
    }

    /// The bundle's commands that would run, in their order.
    public var plannedHooks: [(kind: Manifest.Hooks.Kind, hook: Manifest.Hook)] {
        let kinds: [Manifest.Hooks.Kind]
        if request.root != nil {
            kinds = request.activates && request.activationHooks ? [.preActivate, .postActivate] : []
        } else {
            kinds = request.runsHooks(bundle.manifest) && isNeeded ? [.postInstall] : []
        }
        return kinds.flatMap { kind in
            (bundle.manifest.install.hooks?[kind] ?? []).map { (kind: kind, hook: $0) }
        }
    }
}
