import Archives

/// The forms in which a channel may offer its list of packages, best first.
enum RepodataForm: String, CaseIterable {
    case shards = "repodata_shards.msgpack.zst"
    case zstandard = "repodata.json.zst"
    case bzip2 = "repodata.json.bz2"
    case plain = "repodata.json"

    var compression: Compression? {
        switch self {
        case .shards, .zstandard: .zstandard
        case .bzip2: .bzip2
        case .plain: nil
        }
    }

    /// Of a directory of this machine, where nothing is saved by loading less.
    static let local: [RepodataForm] = [.plain, .shards, .zstandard, .bzip2]

    /// Bytes of the largest document that is read, as it comes.
    var limit: UInt64 {
        switch self {
        case .shards: 64 << 20
        case .zstandard, .bzip2: 1 << 30
        case .plain: Self.largest
        }
    }

    private static let largest = UInt64(UInt32.max)

    /// Bytes that so many compressed ones may become. Repodata shrinks to a sixth or a tenth; what shrinks to less
    /// than a hundredth was made to fill a disk.
    static func unpackedLimit(of compressed: UInt64) -> UInt64 {
        min(largest, max(32 << 20, min(compressed, largest) * 100))
    }
}
