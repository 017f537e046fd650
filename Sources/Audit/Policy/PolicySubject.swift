import Bundle
import Lock

/// What a policy judges, as far as a manifest or a lock tells.
public struct PolicySubject: Sendable {
    public var packages: [PackageSet.Package]
    /// Bytes of all entries but the manifest and signatures; nil where the size of one is not known.
    public var carriedBytes: UInt64?
    /// The packages whose link scripts run on the target.
    public var linkScripts: Set<String>
    /// Commands of the spec that run around installing and activating.
    public var hooks: Manifest.Hooks
    /// Whether licences and hooks are known: a lock does not tell.
    public var knowsContents: Bool

    /// - Parameter entries: bytes of the entries that are no archives, where the manifest does not list them yet.
    public init(_ manifest: Manifest, entries: UInt64? = nil) {
        packages = PackageSet(manifest).packages
        let listed = Self.sum(manifest.entries.map(\.size))
        carriedBytes = Self.sum(manifest.archives.map(\.size) + [entries ?? listed])
        linkScripts = Set(manifest.install.linkScripts ?? [])
        hooks = manifest.install.hooks ?? .init()
        knowsContents = true
    }

    public init(_ platform: Lockfile.Platform) {
        let set = PackageSet(platform, name: platform.name)
        packages = set.packages
        carriedBytes = set.archiveBytes
        linkScripts = []
        hooks = .init()
        knowsContents = false
    }

    /// A hostile manifest may name sizes whose sum no integer holds: that is too much by any limit.
    private static func sum(_ sizes: [UInt64]) -> UInt64 {
        sizes.reduce(0) { sum, size in
            let (result, overflow) = sum.addingReportingOverflow(size)
            return overflow ? .max : result
        }
    }
}
