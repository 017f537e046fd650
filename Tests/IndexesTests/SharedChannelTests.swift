import Conda
import Failures
import Fetch
import Files
import Glibc
import Indexes
import TestSupport
import Testing

/// Real channels, where they are at hand.
@Suite struct SharedChannelTests {
    /// A server of the files of a directory whose names pass.
    private func serve(_ root: String, _ isOffered: @escaping @Sendable (String) -> Bool) throws -> ToyServer
    {
        try ToyServer { request in
            let name = String(request.path.dropFirst(3))
            guard isOffered(name), let file = try? OpenFile.read(root + "/" + name),
                let size = try? file.status().size, let bytes = try? file.bytes(at: 0, count: Int(size))
            else { return .status(404) }
            return .ok(bytes)
        }
    }

    private static let forge = SharedData.directory("channels/forge")
    private static let mojo = SharedData.directory("repodata/sharded-mojo")
    private static let union = SharedData.directory("repodata/forge-union")

    /// The addresses differ from server to server, and JSON and shards state the same.
    private func plain(_ records: [String: [PackageRecord]], _ url: String) -> [String: [PackageRecord]] {
        records.mapValues { list in
            list.map { record in
                var record = record
                record.url = record.url.map { String($0.dropFirst(url.count)) }
                record.channel = nil
                return record
            }
        }
    }

    @Test(.enabled(if: forge != nil))
    func channelSaysTheSameInEveryForm() throws {
        let root = try #require(Self.forge)
        let names = [
            "python", "requests", "pydantic", "pip", "tqdm", "click", "pyyaml", "cffi", "zstandard",
            "brotli-python",
        ]
        let local = try ToyServer([:])
        let expected = plain(
            try local.channels(root).reachable(from: names, platform: "linux-64"),
            try #require(try local.channels(root).channels.first).address)
        #expect(expected.count > 40 && expected["python"]?.count == 1)
        for suffix in ["repodata.json", ".json.zst", ".msgpack.zst"] {
            let toy = try serve(root) { $0.hasSuffix(suffix) }
            let records = try toy.channels(toy.url).reachable(from: names, platform: "linux-64")
            #expect(plain(records, toy.url) == expected, "\(suffix)")
        }
    }

    /// Each record's address is that of a file that is there, with the size and hash that it states.
    @Test(.enabled(if: forge != nil))
    func recordsLeadToTheirPackages() throws {
        let root = try #require(Self.forge)
        let toy = try ToyServer([:])
        let channels = try toy.channels(root)
        let records = try channels.reachable(from: ["tqdm"], platform: "linux-64").values.flatMap { $0 }
        let small = records.filter { ($0.size ?? 0) < 1 << 20 }
        #expect(small.count > 10)
        _ = try toy.fetcher.fetch(
            small.map {
                FetchRequest(
                    url: channels.fetchLocation(of: $0.url ?? ""), sha256: $0.sha256, size: $0.size,
                    label: $0.filename)
            })
    }

    @Test(.enabled(if: mojo != nil))
    func shardedChannelOfAnotherIndexer() throws {
        let root = try #require(Self.mojo)
        let local = try ToyServer([:])
        let names = ["mojo-yomi", "mojo-hibana", "mojo-nagare", "mojo-sen", "mojo-moji", "mojo-akari"]
        for platform in ["linux-64", "linux-aarch64", "osx-arm64"] {
            let channels = try local.channels(root)
            let address = try #require(channels.channels.first).address
            let plainly = try channels.records(named: names, platform: platform)
            #expect(!plainly.isEmpty)
            let toy = try serve(root) { $0.hasSuffix(".msgpack.zst") }
            let records = try toy.channels(toy.url).records(named: names, platform: platform)
            #expect(plain(records, toy.url) == plain(plainly, address))
        }
    }

    @Test(.enabled(if: union != nil))
    func everyRecordOfManyIsRead() throws {
        let root = try #require(Self.union)
        let toy = try ToyServer([:])
        for (subdir, count) in [("noarch", 3_567), ("linux-aarch64", 2_814)] {
            let source = try CompressedFile.read(root + "/\(subdir)/repodata.json.zst")
            try source.withUnsafeBytes { bytes in
                let repodata = try Repodata(bytes, name: subdir)
                #expect(repodata.count == count)
                var distributions = 0
                for name in repodata.names { distributions += try repodata.records(named: name).count }
                #expect(distributions > count * 9 / 10 && distributions <= count)
            }
        }
        let records = try toy.channels(root).reachable(from: ["numpy"], platform: "linux-64")
        #expect(records["numpy"]?.isEmpty == false && records["python"]?.isEmpty == false)
    }

    /// Real documents of other tools' tests: read, or refused in a sentence.
    @Test func documentsOfManyKindsAreReadOrRefused() throws {
        guard let root = SharedData.directory("repodata") else { return }
        var (read, refused) = (0, 0)
        let directory = try Directory.open(root)
        try directory.walk { path, status in
            guard status.kind == .file, path.last.contains("repodata"), path.last.contains(".json"),
                status.size < 300_000
            else { return }
            let bytes = try CompressedFile.read(root + "/" + path.string)
            do {
                try bytes.withUnsafeBytes { bytes in
                    let repodata = try Repodata(bytes, name: path.string)
                    for name in repodata.names { _ = try repodata.records(named: name) }
                }
                read += 1
            } catch let error as CondaError {
                // Records that tests made, of one version under the file name of another.
                let isExpected = ["this-should-fail", "contradicts"].contains {
                    error.description.contains($0)
                }
                #expect(isExpected, "\(error)")
                refused += 1
            }
        }
        #expect(refused <= 5)
        #expect(read > 15)
    }
}
