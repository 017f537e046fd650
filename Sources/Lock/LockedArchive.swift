import Conda
import Digests

/// One archive of a lock: everything that is needed to fetch it again and to know it.
public struct LockedArchive: Equatable, Sendable {
    public enum Kind: String, Equatable, Sendable, Comparable {
        /// A relocatable interpreter tarball.
        case python
        case conda
        case wheel

        /// The order of installing.
        public static func < (a: Kind, b: Kind) -> Bool { a.rank < b.rank }

        private var rank: Int {
            switch self {
            case .python: 0
            case .conda: 1
            case .wheel: 2
            }
        }
    }

    public var kind: Kind
    /// Of a wheel normalized (PEP 503), of a conda package in lower case.
    public var name: String
    public var version: String
    /// Of a conda package, as its file name says it.
    public var build: String?
    /// Of a conda package: `noarch` or a platform.
    public var subdir: String?
    /// Of a conda package: URL or path of its channel, without credentials; nil where it is of none.
    public var channel: String?
    /// The match spec that asked for a conda package; nil where nothing did by name.
    public var spec: String?
    /// A URL, or a path relative to the spec.
    public var location: String
    /// The last component of the location, unless upstream names the file otherwise.
    public var filename: String
    public var sha256: SHA256Digest
    /// 32 lower-case hexadecimal digits, if upstream gave them.
    public var md5: String?
    /// Bytes; nil where the index does not tell.
    public var size: UInt64?
    /// When upstream published it, as far as its index or channel told while locking: RFC 3339 in UTC, whole
    /// seconds.
    public var released: String?
    /// Asked for by name, rather than needed by something else.
    public var requested: Bool
    /// Name of what it needs → version specifiers, of a conda package the rest of the match spec (see
    /// ``CondaDependencies``); empty for any version.
    public var dependencies: [String: String]

    /// - Parameters:
    ///   - filename: nil takes the location's last component.
    ///   - build: of a conda package; nil takes the file name's.
    ///   - subdir: of a conda package; nil takes the directory that the location names.
    ///   - channel: of a conda package; nil takes what is before the subdir in the location.
    public init(
        kind: Kind, name: String, version: String, build: String? = nil, subdir: String? = nil,
        channel: String? = nil, location: String, filename: String? = nil, sha256: SHA256Digest,
        md5: String? = nil, size: UInt64? = nil, released: String? = nil, requested: Bool,
        spec: String? = nil, dependencies: [String: String] = [:]
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.location = location
        self.filename = filename ?? Self.filename(of: location)
        if kind == .conda {
            let place = CondaPlace(location)
            self.build = build ?? (try? PackageFilename(self.filename))?.build
            self.subdir = subdir ?? place?.subdir
            self.channel = channel ?? place?.channel
            self.spec = spec
        }
        self.sha256 = sha256
        self.md5 = md5
        self.size = size
        self.released = released
        self.requested = requested
        self.dependencies = dependencies
    }

    /// The last component of a URL's or path's path, with percent escapes undone (RFC 3986).
    public static func filename(of location: String) -> String {
        let isURL = location.contains("://")
        let path = isURL ? location.prefix { $0 != "?" && $0 != "#" } : location[...]
        let last = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard isURL, last.contains("%") else { return String(last) }
        var bytes: [UInt8] = []
        var rest = Array(last.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let decoded = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self))
            {
                bytes += decoded
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
