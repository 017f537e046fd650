import Digests

/// One archive of a lock: everything that is needed to fetch it again and to know it.
public struct LockedArchive: Equatable, Sendable {
    public enum Kind: String, Equatable, Sendable, Comparable {
        /// A relocatable interpreter tarball.
        case python
        case wheel

        public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
    }

    public var kind: Kind
    /// Normalized (PEP 503).
    public var name: String
    public var version: String
    /// A URL, or a path relative to the spec.
    public var location: String
    /// The last component of the location, unless upstream names the file otherwise.
    public var filename: String
    public var sha256: SHA256Digest
    /// 32 lower-case hexadecimal digits, if upstream gave them.
    public var md5: String?
    /// Bytes; nil where the index does not tell.
    public var size: UInt64?
    /// Asked for by name, rather than needed by something else.
    public var requested: Bool
    /// Name of what it needs → version specifiers, empty for any version.
    public var dependencies: [String: String]

    /// - Parameter filename: nil takes the location's last component.
    public init(
        kind: Kind, name: String, version: String, location: String, filename: String? = nil,
        sha256: SHA256Digest, md5: String? = nil, size: UInt64? = nil, requested: Bool,
        dependencies: [String: String] = [:]
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.location = location
        self.filename = filename ?? Self.filename(of: location)
        self.sha256 = sha256
        self.md5 = md5
        self.size = size
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
