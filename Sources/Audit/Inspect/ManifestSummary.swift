import Bundle
import Digests

/// What is inside a bundle, for `airlift inspect`. Its keys are stable, and `airlift_summary` counts up when
/// their meaning changes.
public struct ManifestSummary: Codable, Hashable, Sendable {
    public static let formatVersion = 1

    public var formatVersion: Int
    public var name: String
    public var version: String
    public var serial: Int
    public var platform: String
    public var summary: String
    /// Environment id.
    public var environment: SHA256Digest
    /// The bundle digest.
    public var digest: SHA256Digest
    /// Size of the bundle; nil where only its manifest is at hand.
    public var bundleBytes: UInt64?
    /// Who signed the bundle; nil where only its manifest is at hand.
    public var signatures: [SignatureSummary]?
    /// How the environment was installed; nil where it is not.
    public var installation: InstallationSummary?
    /// The releases of a root, and which of them all this is about; nil of anything else.
    public var root: RootSummary?
    /// Architecture of the processor as `uname -m` names it.
    public var machine: String
    /// Lowest version of the C library; nil where nothing asks for one.
    public var glibc: String?
    /// Files and directories of the installed environment.
    public var inodes: Int
    /// The longest prefix in bytes.
    public var longestPrefix: Int
    public var python: Manifest.Python
    /// For each kind that occurs.
    public var counts: [KindCount]
    /// Bytes of all archives.
    public var archiveBytes: UInt64
    /// Bytes of the installed environment, compiled modules left out.
    public var installedBytes: UInt64
    /// The application's own files.
    public var applicationFiles: Int
    /// Those that a filter leaves, by kind and name unless another order was asked for.
    public var archives: [PackageSet.Package]
    public var overrides: [Manifest.Override]
    /// What a policy said against it, where it was cut all the same; nil where none was asked.
    public var policy: PolicyReport?
    /// What the spec says about installing.
    public var install: Manifest.Install
    public var generator: String

    enum CodingKeys: String, CodingKey {
        case name, version, serial, platform, summary, environment, digest, glibc, python, counts, archives
        case overrides, policy, generator, signatures, installation, root, machine, inodes, install
        case bundleBytes = "bundle_bytes"
        case longestPrefix = "longest_prefix"
        case formatVersion = "airlift_summary"
        case archiveBytes = "archive_bytes"
        case installedBytes = "installed_bytes"
        case applicationFiles = "application_files"
    }

    public struct KindCount: Codable, Hashable, Sendable {
        public var kind: PackageSet.Kind
        public var archives: Int
        /// Of the archives themselves.
        public var bytes: UInt64
        public var requested: Int
        public var installedFiles: Int
        public var installedBytes: UInt64

        enum CodingKeys: String, CodingKey {
            case kind, archives, bytes, requested
            case installedFiles = "installed_files"
            case installedBytes = "installed_bytes"
        }
    }

    /// - Parameter digest: SHA-256 of the manifest's bytes as they lie in the bundle.
    public init(_ manifest: Manifest, digest: SHA256Digest) {
        formatVersion = Self.formatVersion
        name = manifest.name
        version = manifest.version
        serial = manifest.serial
        platform = manifest.platform
        summary = manifest.summary
        environment = manifest.environment
        self.digest = digest
        machine = Stub.machine(of: manifest.platform)
        glibc = manifest.target.glibc
        inodes = manifest.target.inodes
        longestPrefix = manifest.target.longestPrefix
        python = manifest.python
        counts = Self.counts(manifest.archives)
        archiveBytes = Self.sum(manifest.archives.map(\.size))
        installedBytes = manifest.target.bytes
        applicationFiles = manifest.files.count { $0.source.hasPrefix("archives/files/") }
        archives = PackageOrder.kind.sorted(manifest.archives.map(PackageSet.Package.init))
        overrides = manifest.overrides
        policy = manifest.policy
        install = manifest.install
        generator = manifest.generator
    }

    private static func counts(_ archives: [Manifest.Archive]) -> [KindCount] {
        PackageSet.Kind.allCases.compactMap { kind in
            let those = archives.filter { PackageSet.Kind($0.kind) == kind }
            guard !those.isEmpty else { return nil }
            return KindCount(
                kind: kind, archives: those.count, bytes: sum(those.map(\.size)),
                requested: those.count(where: \.requested),
                installedFiles: those.reduce(0) { $0 &+ $1.installed.files },
                installedBytes: sum(those.map(\.installed.bytes)))
        }
    }

    /// A hostile manifest may name sizes whose sum no integer holds.
    private static func sum(_ sizes: [UInt64]) -> UInt64 {
        sizes.reduce(0) { sum, size in
            let (result, overflow) = sum.addingReportingOverflow(size)
            return overflow ? .max : result
        }
    }
}
