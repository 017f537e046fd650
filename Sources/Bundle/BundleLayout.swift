import Archives

/// Where everything in a bundle lies. Header, padding and directory follow from the manifest, the stub's size
/// and the signatures: the writer writes what this says, and the reader accepts nothing else.
public struct BundleLayout: Sendable {
    public let members: [StoredZipMember]
    private let byName: [String: Int]

    public static let page: UInt64 = 4_096
    static let signatures = "airlift/signatures/"

    public struct Part: Hashable, Sendable {
        public let name: String
        public let size: UInt64
        public let crc32: UInt32

        public init(name: String, size: UInt64, crc32: UInt32) {
            self.name = name
            self.size = size
            self.crc32 = crc32
        }
    }

    /// - Parameters:
    ///   - manifestPart: the manifest's own size and checksum.
    ///   - signatures: added last, sorted by name.
    public init(_ manifest: Manifest, manifestPart: Part, signatures: [Part] = []) {
        let listed =
            manifest.archives.map { Part(name: $0.path, size: $0.size, crc32: Names.crc32($0.crc32) ?? 0) }
            + manifest.entries.map { Part(name: $0.path, size: $0.size, crc32: Names.crc32($0.crc32) ?? 0) }
        let parts =
            [manifestPart] + Self.sorted(listed, installer: manifest.installerPath)
            + signatures.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var offset = manifest.stub.size
        var members: [StoredZipMember] = []
        for part in parts {
            let padding =
                part.name == manifest.installerPath
                ? Self.padding(at: offset, name: part.name, size: part.size) : 0
            let member = StoredZipMember(
                name: part.name, size: part.size, crc32: part.crc32, offset: offset, padding: padding)
            members.append(member)
            offset = member.end
        }
        self.members = members
        byName = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.name, $0) })
    }

    public func member(_ name: String) -> StoredZipMember? { byName[name].map { members[$0] } }

    /// Where the first signature lies, or would lie: all before it is the same however often the bundle is signed.
    var signaturesOffset: UInt64 {
        members.first { $0.name.hasPrefix(Self.signatures) }?.offset ?? directoryOffset
    }

    public var directoryOffset: UInt64 { members.last!.end }
    public var directory: [UInt8] { StoredZipMember.directory(of: members, at: directoryOffset) }
    public var fileSize: UInt64 { directoryOffset + UInt64(directory.count) }

    /// The installer first, then Airlift's own entries, then archives by kind, then what was derived.
    private static func sorted(_ parts: [Part], installer: String) -> [Part] {
        func rank(_ name: String) -> Int {
            let order = [
                installer, "airlift/spec.toml", "airlift/lock.yml", "airlift/", "archives/python/",
                "archives/conda/",
                "archives/wheels/", "archives/files/", "derived/",
            ]
            return order.firstIndex { $0.hasSuffix("/") ? name.hasPrefix($0) : name == $0 } ?? order.count
        }
        return parts.sorted {
            let (a, b) = (rank($0.name), rank($1.name))
            return a == b ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : a < b
        }
    }

    /// Puts the data on a page; the field that does it takes at least four bytes.
    private static func padding(at offset: UInt64, name: String, size: UInt64) -> Int {
        let start = offset + StoredZipMember.headerSize(name: name, size: size)
        let gap = (page - start % page) % page
        return Int(gap == 0 || gap >= 4 ? gap : gap + page)
    }
}
