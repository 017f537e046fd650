import Digests

/// One conda package as `repodata.json` or its own `info/index.json` describes it.
///
/// Fields that a source does not state are nil or empty. Names follow the repodata schema of conda.
public struct PackageRecord: Hashable, Sendable {
    /// How a package without platform is installed.
    public enum Noarch: String, Hashable, Sendable {
        case generic, python
    }

    public var name: String
    public var version: String
    public var build: String
    public var buildNumber: Int
    /// conda's platform name, such as `linux-64` or `noarch`.
    public var subdir: String
    /// `name-version-build.conda` or `….tar.bz2`.
    public var filename: String
    public var noarch: Noarch?
    /// Match specs that must be met by other packages of the environment.
    public var depends: [String]
    /// Match specs that hold for packages that are there for another reason.
    public var constrains: [String]
    public var trackFeatures: [String]
    public var features: String?
    /// What tells this build from others (CEP 45).
    public var flags: [String] = []
    public var md5: String?
    public var sha256: SHA256Digest?
    /// Bytes of the archive.
    public var size: UInt64?
    public var license: String?
    public var licenseFamily: String?
    /// Milliseconds since 1970.
    public var timestamp: Int64?
    /// Where this Python looks for packages, relative to the prefix (CEP 17); of `python` packages only.
    public var pythonSitePackagesPath: String?
    /// Where it can be fetched, without credentials; nil for a record that came out of the archive itself.
    public var url: String?
    /// The channel's address without credentials.
    public var channel: String?

    public init(
        name: String, version: String, build: String, buildNumber: Int, subdir: String, filename: String
    ) {
        self.name = name
        self.version = version
        self.build = build
        self.buildNumber = buildNumber
        self.subdir = subdir
        self.filename = filename
        depends = []
        constrains = []
        trackFeatures = []
    }

    /// `name-version-build`, as conda calls a distribution.
    public var distribution: String { "\(name)-\(version)-\(build)" }
}
