import Digests

/// What `conda-meta/<name>-<version>-<build>.json` says of an installed package (CEP 32).
public struct PrefixRecord: Hashable, Sendable {
    /// How a path came into the prefix.
    public enum PathType: String, Hashable, Sendable {
        /// A file of the archive, however it was copied.
        case hardlink
        case softlink
        case directory
        case bytecode = "pyc_file"
        case entryPoint = "unix_python_entry_point"
    }

    /// One installed path.
    public struct Path: Hashable, Sendable {
        /// Relative to the prefix.
        public var path: String
        public var type: PathType
        /// Of the file in the archive; nil for what was made while installing.
        public var sha256: SHA256Digest?
        /// Of the file as it was installed.
        public var sha256InPrefix: SHA256Digest?
        /// Bytes of the file in the archive.
        public var size: UInt64?
        public var noLink: Bool
        public var placeholder: PathsJSON.Placeholder?

        public init(
            _ path: String, _ type: PathType, sha256: SHA256Digest? = nil,
            sha256InPrefix: SHA256Digest? = nil, size: UInt64? = nil, noLink: Bool = false,
            placeholder: PathsJSON.Placeholder? = nil
        ) {
            self.path = path
            self.type = type
            self.sha256 = sha256
            self.sha256InPrefix = sha256InPrefix
            self.size = size
            self.noLink = noLink
            self.placeholder = placeholder
        }

        /// A path of `paths.json`, installed at `destination`.
        public init(_ entry: PathsJSON.Entry, at destination: String, sha256InPrefix: SHA256Digest?) {
            let type: PathType =
                switch entry.kind {
                case .file: .hardlink
                case .softlink: .softlink
                case .directory: .directory
                }
            self.init(
                destination, type, sha256: entry.sha256, sha256InPrefix: sha256InPrefix, size: entry.size,
                noLink: entry.noLink, placeholder: entry.placeholder)
        }
    }

    /// How files came into the prefix; the raw value is conda's number.
    public enum LinkType: Int, Hashable, Sendable {
        case hardlink = 1
        case softlink = 2
        case copy = 3
        case directory = 4
    }

    /// Its `url` and `channel` are written as they are: without credentials.
    public var package: PackageRecord
    /// In the order in which they are to be listed.
    public var paths: [Path]
    /// Match specs by which the package was asked for; empty for a dependency.
    public var requestedSpecs: [String]
    public var link: LinkType
    /// Where the package was unpacked to, for the tools that keep such a directory. It need not exist; its last
    /// component must be the distribution, since conda names the record that it removes after it.
    public var extractedDirectory: String
    /// Where the archive lies, or lay.
    public var archivePath: String

    public init(
        package: PackageRecord, paths: [Path], requestedSpecs: [String] = [], link: LinkType = .copy,
        extractedDirectory: String? = nil, archivePath: String? = nil
    ) {
        self.package = package
        self.paths = paths
        self.requestedSpecs = requestedSpecs
        self.link = link
        self.extractedDirectory = extractedDirectory ?? package.distribution
        self.archivePath = archivePath ?? package.filename
    }

    /// The record's name in `conda-meta`.
    public var filename: String { package.distribution + ".json" }
}
