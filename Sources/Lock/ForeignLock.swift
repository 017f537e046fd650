import Conda
import Digests

/// A lock that another tool wrote, as a value: an `@EXPLICIT` list (CEP 23), a `conda-lock.yml` (CEP 37) or a
/// `pixi.lock` (versions 4 to 7).
///
/// It never holds a user name, a password or a token: they are taken out of every address while reading.
public struct ForeignLock: Sendable {
    /// Told by the content, not by the name of the file.
    public enum Format: Hashable, Sendable, CustomStringConvertible {
        case explicit, condaLock
        case pixi(version: Int)

        public var description: String {
            switch self {
            case .explicit: "an @EXPLICIT list"
            case .condaLock: "a conda-lock.yml"
            case .pixi(let version): "a pixi.lock of version \(version)"
            }
        }
    }

    /// What packages are locked for.
    public struct Platform: Hashable, Sendable {
        /// That of the subdir, unless a pixi.lock names it otherwise.
        public var name: String
        /// conda's name, such as `linux-64`.
        public var subdir: String
        /// What the lock was solved for, such as `__glibc=2.28`; only a pixi.lock of version 7 tells.
        public var virtualPackages: [String] = []
    }

    /// A named set of packages: an environment of a pixi.lock, a category of a conda-lock.yml.
    public struct Environment: Sendable {
        public var name: String
        /// URL, name or path, in order of preference.
        public var channels: [String] = []
        /// Where the wheels come from.
        public var indexes: [String] = []
        /// Positions in ``ForeignLock/entries`` by the name of the platform, in the order of the file.
        var members: [String: [Int]] = [:]
    }

    /// One archive of a lock.
    public struct Package: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable { case conda, wheel }

        public var kind: Kind
        /// A wheel's is normalized (PEP 503).
        public var name: String
        /// A wheel's is normalized (PEP 440).
        public var version: String
        public var build: String?
        /// Only a pixi.lock states it, and only where the build string does not end with it.
        public var buildNumber: Int?
        /// conda's platform name or `noarch`; nil where neither the lock nor the address tells.
        public var subdir: String?
        public var filename: String
        /// A URL without credentials and fragment, or a path relative to the lock (or absolute).
        public var location: String
        /// The channel's address without credentials.
        public var channel: String?
        public var sha256: SHA256Digest?
        /// 32 lower-case hexadecimal digits.
        public var md5: String?
        /// Bytes of the archive.
        public var size: UInt64?
        /// Match specs, or requirements (PEP 508) as the lock writes them.
        public var depends: [String] = []
        public var constrains: [String] = []
        /// The extras of a wheel that were asked for.
        public var extras: [String] = []
        public var requiresPython: String?
        public var noarch: PackageRecord.Noarch?
        public var license: String?
        /// Milliseconds since 1970.
        public var timestamp: Int64?
        /// nil: the format does not tell.
        public var isRequested: Bool?
        /// The lock had a password or token for this address, which was left out.
        public var hadCredentials: Bool
        /// Where the lock describes it; counted from 1.
        public var line: Int
    }

    /// What a lock lists: an archive to carry, or something else and the sentence that says so.
    enum Entry: Sendable {
        case package(Package)
        case refused(reason: String, line: Int)
    }

    public let format: Format
    /// As errors name it.
    public let file: String
    /// In the order of the file. An `@EXPLICIT` list may not say; then it is empty.
    public let platforms: [Platform]
    /// Empty for an `@EXPLICIT` list.
    public let environments: [Environment]
    let entries: [Entry]

    /// The servers for which the lock had a password or token, which were left out; sorted.
    public var hostsWithCredentials: [String] {
        Set(
            entries.compactMap { entry -> String? in
                guard case .package(let package) = entry, package.hadCredentials else { return nil }
                return ForeignAddress(package.location).host
            }
        ).sorted()
    }
}
