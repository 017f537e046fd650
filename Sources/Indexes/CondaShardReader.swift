import Archives
import Conda
import Digests
import Failures
import Fetch
import Files

/// Fetches the shards of many packages at once and reads them (CEP 16). A shard is named by its hash: once it is in
/// the store it is not asked for again.
struct CondaShardReader {
    struct Wanted {
        let directory: CondaSubdirectory
        let name: String
        let digest: SHA256Digest
        let shards: CondaAddress
        let packages: CondaAddress

        var label: String { "the shard of \(name) in \(directory.place.clean)" }
    }

    let fetcher: Fetcher

    /// The records of each, in their order.
    func read(_ wanted: [Wanted]) throws -> [[PackageRecord]] {
        let kept = try fetch(wanted)
        return try zip(wanted, kept).map { wanted, bytes in
            let label = wanted.label
            let unpacked = try Compression.zstandard.decompress(
                MemoryBytes(bytes, name: label),
                limit: RepodataForm.unpackedLimit(of: UInt64(bytes.count)))
            let document = try RepodataFile(RepodataShards.document(of: unpacked, name: label), name: label)
            return wanted.directory.located(
                try document.records(named: wanted.name), wanted.packages)
        }
    }

    /// The shards as they came. One that the store has damaged is fetched anew.
    private func fetch(_ wanted: [Wanted]) throws -> [[UInt8]] {
        let store = fetcher.store
        func requests(_ wanted: [Wanted]) -> [FetchRequest] {
            wanted.map {
                FetchRequest(
                    url: $0.shards.secret + "/" + $0.digest.hex + ".msgpack.zst", sha256: $0.digest,
                    label: $0.label)
            }
        }
        func bytes(_ wanted: Wanted) throws -> [UInt8]? {
            let file = try store.open(wanted.digest)
            let size = try file.status().size
            guard size <= Self.largest else {
                throw FetchError(wanted.shards.secret, label: wanted.label, .tooLarge(limit: Self.largest))
            }
            let bytes = try file.bytes(at: 0, count: Int(size))
            return SHA256.hash(bytes) == wanted.digest ? bytes : nil
        }
        _ = try fetcher.fetch(requests(wanted))
        return try wanted.map { wanted in
            if let whole = try bytes(wanted) { return whole }
            try store.remove(wanted.digest)
            _ = try fetcher.fetch(requests([wanted]))
            guard let whole = try bytes(wanted) else {
                throw FetchError(
                    wanted.shards.secret, label: wanted.label, .malformed("is damaged again in the store"))
            }
            return whole
        }
    }

    /// Bytes of one shard.
    private static let largest: UInt64 = 64 << 20
}
