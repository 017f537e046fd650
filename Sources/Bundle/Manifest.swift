import Digests

/// The signed list of everything in a bundle: `airlift/manifest.json`, format version 1.
///
/// Written as canonical JSON; its SHA-256 is the bundle digest. A reader refuses another format version and
/// ignores keys that it does not know. `docs/manifest.md` describes every field.
public struct Manifest: Codable, Hashable, Sendable {
    public static let formatVersion = 1
    public static let path = "airlift/manifest.json"

    /// The format's version.
    public var airlift: Int
    public var name: String
    /// CalVer of the cut.
    public var version: String
    /// Orders the cuts of one name; larger is later.
    public var serial: Int
    /// conda subdir, such as `linux-64`.
    public var platform: String
    public var summary: String
    /// Environment id, see `EnvironmentIdentity`.
    public var environment: SHA256Digest
    /// Digest of `airlift/spec.toml`.
    public var spec: SHA256Digest
    /// Digest of `airlift/lock.yml`.
    public var lock: SHA256Digest
    public var target: Target
    public var python: Python
    /// In install order.
    public var archives: [Archive]
    /// Files that have no paths.json or RECORD of their own: the interpreter's and the application's.
    public var files: [File]
    public var overrides: [Override]
    public var install: Install
    public var stub: Stub
    /// Everything in the bundle that is no archive.
    public var entries: [Entry]
    /// Name and version of the program that cut the bundle.
    public var generator: String
    /// What a policy said against it, where it was cut all the same.
    public var policy: PolicyReport?

    public init(
        name: String, version: String, serial: Int, platform: String, summary: String,
        environment: SHA256Digest, spec: SHA256Digest, lock: SHA256Digest, target: Target, python: Python,
        archives: [Archive], files: [File], overrides: [Override], install: Install, stub: Stub,
        entries: [Entry], generator: String, policy: PolicyReport? = nil
    ) {
        airlift = Self.formatVersion
        self.name = name
        self.version = version
        self.serial = serial
        self.platform = platform
        self.summary = summary
        self.environment = environment
        self.spec = spec
        self.lock = lock
        self.target = target
        self.python = python
        self.archives = archives
        self.files = files
        self.overrides = overrides
        self.install = install
        self.stub = stub
        self.entries = entries
        self.generator = generator
        self.policy = policy
    }

    /// What a host must offer.
    public struct Target: Codable, Hashable, Sendable {
        /// Lowest version of the C library, such as `2.28`; nil where nothing asks for one.
        public var glibc: String?
        /// Bytes that the installed environment takes, compiled modules left out.
        public var bytes: UInt64
        public var inodes: Int
        /// The longest prefix, in bytes, at which every path still fits.
        public var longestPrefix: Int

        public init(glibc: String?, bytes: UInt64, inodes: Int, longestPrefix: Int) {
            self.glibc = glibc
            self.bytes = bytes
            self.inodes = inodes
            self.longestPrefix = longestPrefix
        }

        enum CodingKeys: String, CodingKey {
            case glibc, bytes, inodes
            case longestPrefix = "longest_prefix"
        }
    }

    /// The base interpreter.
    public struct Python: Codable, Hashable, Sendable {
        public enum Source: String, Codable, Sendable { case archive, capture, conda, host }

        public var source: Source
        public var implementation: String
        /// Full version, or `3.11` where the host's own interpreter is used.
        public var version: String
        /// Wheel ABI tag, such as `cp311`.
        public var abi: String
        /// The tag in the names of compiled modules, such as `cpython-311`.
        public var cacheTag: String
        /// The executable, relative to the prefix; nil for the host's own.
        public var executable: String?
        /// Relative to the prefix.
        public var sitePackages: String

        public init(
            source: Source, implementation: String, version: String, abi: String, cacheTag: String,
            executable: String?, sitePackages: String
        ) {
            self.source = source
            self.implementation = implementation
            self.version = version
            self.abi = abi
            self.cacheTag = cacheTag
            self.executable = executable
            self.sitePackages = sitePackages
        }

        enum CodingKeys: String, CodingKey {
            case source, implementation, version, abi, executable
            case cacheTag = "cache_tag"
            case sitePackages = "site_packages"
        }

        /// `3.11` of `3.11.2`.
        public var minorVersion: String { version.split(separator: ".").prefix(2).joined(separator: ".") }
    }

    /// One upstream file, carried byte for byte.
    public struct Archive: Codable, Hashable, Sendable {
        public enum Kind: String, Codable, Sendable { case python, conda, wheel }

        public var kind: Kind
        public var name: String
        public var version: String
        public var build: String?
        public var subdir: String?
        public var filename: String
        /// In the bundle.
        public var path: String
        /// Where it came from, without credentials; relative to the spec for local files.
        public var url: String?
        public var size: UInt64
        public var sha256: SHA256Digest
        public var md5: String?
        /// CRC-32 (ISO 3309) as 8 hexadecimal digits, as the ZIP headers need it.
        public var crc32: String
        public var license: String?
        /// Where `license` stands: `expression`, `text`, `classifiers` or `conda`.
        public var licenseSource: String?
        /// When upstream published it: RFC 3339 in UTC, whole seconds.
        public var released: String?
        /// Asked for by the spec, not only needed by others.
        public var requested: Bool
        public var depends: [String]
        public var installed: Installed
        /// What runs without being called: `.pth` files, `sitecustomize`, link scripts.
        public var hooks: [String]
        /// The URL of a direct reference (PEP 610).
        public var directURL: String?
        /// `python` or `generic`, of a conda package for every platform.
        public var noarch: String?
        /// The conda channel that it came from, without credentials.
        public var channel: String?
        /// The match specs by which a conda package was asked for.
        public var specs: [String]?
        /// Descriptions of menu items that a conda package brings, relative to the prefix.
        public var menus: [String]?

        public init(
            kind: Kind, name: String, version: String, build: String? = nil, subdir: String? = nil,
            filename: String, path: String, url: String?, size: UInt64, sha256: SHA256Digest,
            md5: String? = nil,
            crc32: String, license: String?, requested: Bool, depends: [String], installed: Installed,
            hooks: [String], directURL: String? = nil, noarch: String? = nil, channel: String? = nil,
            specs: [String]? = nil, menus: [String]? = nil, licenseSource: String? = nil,
            released: String? = nil
        ) {
            self.kind = kind
            self.name = name
            self.version = version
            self.build = build
            self.subdir = subdir
            self.filename = filename
            self.path = path
            self.url = url
            self.size = size
            self.sha256 = sha256
            self.md5 = md5
            self.crc32 = crc32
            self.license = license
            self.requested = requested
            self.depends = depends
            self.installed = installed
            self.hooks = hooks
            self.directURL = directURL
            self.noarch = noarch
            self.channel = channel
            self.specs = specs
            self.menus = menus
            self.licenseSource = licenseSource
            self.released = released
        }

        enum CodingKeys: String, CodingKey {
            case kind, name, version, build, subdir, filename, path, url, size, sha256, md5, crc32, license
            case requested, depends, installed, hooks, noarch, channel, specs, menus, released
            case directURL = "direct_url"
            case licenseSource = "license_source"
        }
    }

    /// What an archive becomes on disk.
    public struct Installed: Codable, Hashable, Sendable {
        public var files: Int
        public var bytes: UInt64

        public init(files: Int, bytes: UInt64) {
            self.files = files
            self.bytes = bytes
        }
    }

    /// One installed file with its hash.
    public struct File: Codable, Hashable, Sendable {
        /// Relative to the prefix.
        public var path: String
        /// The bundle's entry that holds it or is it.
        public var source: String
        public var size: UInt64
        /// nil for a symbolic link.
        public var sha256: SHA256Digest?
        /// Permission bits in octal, such as `0755`.
        public var mode: String
        /// Target of a symbolic link.
        public var link: String?

        public init(
            path: String, source: String, size: UInt64, sha256: SHA256Digest?, mode: String, link: String?
        ) {
            self.path = path
            self.source = source
            self.size = size
            self.sha256 = sha256
            self.mode = mode
            self.link = link
        }
    }

    /// A departure from a rule that the spec asked for by name.
    public struct Override: Codable, Hashable, Sendable {
        /// A conda package's `paths.json` is wrong upstream: its payload is taken as it is.
        public static let pathsRule = "paths"
        /// Where `subject` and `over` bring a path with different contents, the file of `subject` is installed.
        public static let clobberRule = "clobber"

        /// The name or file name of an archive.
        public var subject: String
        public var rule: String
        public var reason: String
        /// The name or file name of the archive that gives way.
        public var over: String?
        /// The paths in the prefix where it does, sorted by their bytes.
        public var paths: [String]?

        public init(
            subject: String, rule: String, reason: String, over: String? = nil, paths: [String]? = nil
        ) {
            self.subject = subject
            self.rule = rule
            self.reason = reason
            self.over = over
            self.paths = paths
        }
    }

    /// What the spec says about installing.
    public struct Install: Codable, Hashable, Sendable {
        public enum Bytecode: String, Codable, Sendable { case target, bundle, none }

        public var bytecode: Bytecode
        public var defaultPrefix: String?
        /// The bundle's entry with the licence to be accepted.
        public var license: String?
        /// Paths that may change after installation, relative to the prefix.
        public var state: [String]
        /// Names of the conda packages whose link scripts run on the target; nil for none.
        public var linkScripts: [String]?
        /// Commands that run around activating, installing and removing; nil for none.
        public var hooks: Hooks?

        public init(
            bytecode: Bytecode, defaultPrefix: String?, license: String?, state: [String],
            linkScripts: [String]? = nil, hooks: Hooks? = nil
        ) {
            self.bytecode = bytecode
            self.defaultPrefix = defaultPrefix
            self.license = license
            self.state = state
            self.linkScripts = linkScripts
            self.hooks = hooks
        }

        enum CodingKeys: String, CodingKey {
            case bytecode, license, state, hooks
            case defaultPrefix = "default_prefix"
            case linkScripts = "link_scripts"
        }
    }

    /// The shell text before the first ZIP header.
    public struct Stub: Codable, Hashable, Sendable {
        public var size: UInt64
        public var sha256: SHA256Digest

        public init(size: UInt64, sha256: SHA256Digest) {
            self.size = size
            self.sha256 = sha256
        }
    }

    public struct Entry: Codable, Hashable, Sendable {
        public var path: String
        public var size: UInt64
        public var sha256: SHA256Digest
        public var crc32: String

        public init(path: String, size: UInt64, sha256: SHA256Digest, crc32: String) {
            self.path = path
            self.size = size
            self.sha256 = sha256
            self.crc32 = crc32
        }
    }
}
