import Failures

/// A line for each archive, for `airlift inspect` and the installer's `list`. A column in which no archive has
/// anything is left out. Names, versions and addresses are shown in ASCII: see `String.printableASCII`.
public struct ArchiveTable: Sendable {
    public struct Row: Hashable, Sendable {
        public var name: String
        public var version: String
        public var build: String?
        public var kind: String
        public var subdir: String?
        /// Bytes; nil where it is not known.
        public var size: UInt64?
        /// Bytes on disk; nil where it is not known.
        public var installedBytes: UInt64?
        public var license: String?
        public var requested: Bool
        /// How many start-up hooks and link scripts it has.
        public var hooks: Int
        public var sha256: String
        public var url: String?

        public init(
            name: String, version: String, build: String?, kind: String, subdir: String?, size: UInt64?,
            installedBytes: UInt64?, license: String?, requested: Bool, hooks: Int, sha256: String,
            url: String?
        ) {
            self.name = name
            self.version = version
            self.build = build
            self.kind = kind
            self.subdir = subdir
            self.size = size
            self.installedBytes = installedBytes
            self.license = license
            self.requested = requested
            self.hooks = hooks
            self.sha256 = sha256
            self.url = url
        }

        public init(_ archive: Manifest.Archive) {
            self.init(
                name: archive.name, version: archive.version, build: archive.build,
                kind: archive.kind.rawValue, subdir: archive.subdir, size: archive.size,
                installedBytes: archive.installed.bytes, license: archive.license,
                requested: archive.requested, hooks: archive.hooks.count, sha256: archive.sha256.hex,
                url: archive.url)
        }
    }

    private let rows: [Row]
    private let isLong: Bool

    /// - Parameter long: with the size on disk, the SHA-256 and where each archive came from.
    public init(_ rows: [Row], long: Bool = false) {
        self.rows = rows
        isLong = long
    }

    public var lines: [String] {
        let columns = Self.columns(long: isLong)
        let cells = rows.map { row in columns.map { $0.cell(row) ?? "" } }
        let filled = columns.indices.filter { column in cells.contains { !$0[column].isEmpty } }
        var table = TextTable(filled.map { (columns[$0].title, columns[$0].alignment) })
        for row in cells { table.add(filled.map { row[$0] }) }
        return table.lines
    }

    private struct Column {
        let title: String
        let alignment: TextTable.Alignment
        let cell: (Row) -> String?
    }

    private static func columns(long: Bool) -> [Column] {
        let short = [
            Column(title: "name", alignment: .left) { $0.name.printableASCII },
            Column(title: "version", alignment: .left) { $0.version.printableASCII },
            Column(title: "build", alignment: .left) { $0.build?.printableASCII },
            Column(title: "kind", alignment: .left) { $0.kind },
            Column(title: "subdir", alignment: .left) { $0.subdir?.printableASCII },
            Column(title: "size", alignment: .right) { $0.size.map(ByteCount.text) },
            Column(title: "licence", alignment: .left) { $0.license },
            Column(title: "why", alignment: .left) {
                $0.kind == "python" ? "interpreter" : $0.requested ? "requested" : "dependency"
            },
            Column(title: "hooks", alignment: .right) { $0.hooks == 0 ? nil : "\($0.hooks)" },
        ]
        guard long else { return short }
        return short + [
            Column(title: "installed", alignment: .right) { $0.installedBytes.map(ByteCount.text) },
            Column(title: "sha256", alignment: .left) { $0.sha256 },
            Column(title: "from", alignment: .left) { $0.url?.printableASCII },
        ]
    }
}
