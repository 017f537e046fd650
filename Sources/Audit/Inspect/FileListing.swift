import Bundle
import Failures
import Install

/// The files of the packages of one name, for `airlift inspect --files`. Its keys are stable, and `airlift_files`
/// counts up when their meaning changes.
public struct FileListing: Codable, Hashable, Sendable {
    public static let formatVersion = 1

    public var formatVersion: Int
    /// Of the environment.
    public var title: String
    public var source: Source
    /// One for each archive of that name.
    public var packages: [Package]

    enum CodingKeys: String, CodingKey {
        case title, source, packages
        case formatVersion = "airlift_files"
    }

    public enum Source: String, Codable, Hashable, Sendable {
        /// As they lie in the archives of a bundle.
        case archive
        /// As the record of an installed environment has them.
        case installed
    }

    public struct Package: Codable, Hashable, Sendable {
        public var package: DependencyGraph.Node
        public var contents: PackageFiles
    }

    public init(title: String, source: Source, packages: [Package]) {
        formatVersion = Self.formatVersion
        self.title = title
        self.source = source
        self.packages = packages
    }

    /// From the archives in a bundle.
    public init(named name: String, in bundle: BundleReader) throws {
        try self.init(bundle.manifest, name, .archive) { try PackageFiles.read($0, from: bundle) }
    }

    /// From the record of an environment.
    public init(named name: String, in prefix: InstalledPrefix) throws {
        let installed = try InstalledFiles(prefix)
        try self.init(prefix.manifest, name, .installed) { try installed.files(of: $0) }
    }

    /// - Throws: `AuditError` where no archive has that name in any of its forms (PEP 503), and what reading throws.
    private init(
        _ manifest: Manifest, _ name: String, _ source: Source,
        read: (Manifest.Archive) throws -> PackageFiles
    ) throws {
        formatVersion = Self.formatVersion
        title = PackageSet.title(manifest)
        self.source = source
        let normal = DependencyGraph.normalized(name)
        let found = manifest.archives.filter {
            DependencyGraph.normalized($0.name) == normal || $0.filename == name
        }
        guard !found.isEmpty else {
            throw AuditError(title: title, package: name, among: manifest.archives.map(\.name))
        }
        packages = try found.map {
            Package(package: .init(PackageSet.Package($0)), contents: try read($0))
        }
    }
}
