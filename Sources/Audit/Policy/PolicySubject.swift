import Bundle
import Lock

/// What a policy judges, as far as a manifest or a lock tells.
public struct PolicySubject: Sendable {
    public var packages: [PackageSet.Package]
    /// Bytes of all entries but the manifest and signatures; nil where the size of one is not known.
    public var carriedBytes: UInt64?
    /// The packages whose link scripts run on the target.
    public var linkScripts: Set<String>
    /// Whether licences and hooks are known: a lock does not tell.
    public var knowsContents: Bool

    /// - Parameter entries: bytes of the entries that are no archives, where the manifest does not list them yet.
    public init(_ manifest: Manifest, entries: UInt64? = nil) {
        let set = PackageSet(manifest)
        packages = set.packages
        let listed = manifest.entries.reduce(UInt64(0) as UInt64?) { Self.sum($0, $1.size) }
        carriedBytes = Self.sum(set.archiveBytes, entries ?? listed)
        linkScripts = Set(manifest.install.linkScripts ?? [])
        knowsContents = true
    }

    public init(_ platform: Lockfile.Platform) {
        let set = PackageSet(platform, name: platform.name)
        packages = set.packages
        carriedBytes = set.archiveBytes
        linkScripts = []
        knowsContents = false
    }

    /// A hostile manifest may name sizes whose sum no integer holds.
    private static func sum(_ a: UInt64?, _ b: UInt64?) -> UInt64? {
        guard let a, let b else { return nil }
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}
