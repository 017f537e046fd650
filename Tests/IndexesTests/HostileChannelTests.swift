import Archives
import Conda
import Digests
import Failures
import Fetch
import Files
import Indexes
import TestSupport
import Testing

/// Channels that lie. Each has the sound channel of `CondaChannelsTests` as its twin.
@Suite struct HostileChannelTests {
    private static let toy = CondaChannelsTests.toy

    /// What asking for `tool` says.
    private func message(_ files: [String: [UInt8]], local: Bool = false) throws -> String {
        let toy = try ToyServer(local ? [:] : files)
        if local {
            for (name, bytes) in files { try toy.directory.write("chan/\(name)", bytes) }
        }
        let text = local ? "./chan" : toy.url
        let found = failure { _ = try toy.channels(text).records(named: ["tool"], platform: "linux-64") }
        return found?.description ?? "accepted"
    }

    private func changed(_ files: [String: [UInt8]], _ suffix: String, _ change: ([UInt8]) -> [UInt8])
        -> [String: [UInt8]]
    {
        var files = files
        for (name, bytes) in files where name.hasSuffix(suffix) { files[name] = change(bytes) }
        return files
    }

    @Test(arguments: [false, true])
    func damagedListsAreRefused(_ local: Bool) throws {
        for (files, suffix) in [
            (Self.toy.plain, "repodata.json"), (Self.toy.zstandard, "repodata.json.zst"),
            (Self.toy.sharded, "repodata_shards.msgpack.zst"),
        ] {
            #expect(try message(files, local: local) == "accepted")
            for change: ([UInt8]) -> [UInt8] in [
                { Array($0.dropLast(5)) }, { $0 + [1] }, { _ in [1, 2, 3] },
            ] {
                let text = try message(changed(files, suffix, change), local: local)
                #expect(text.contains("noarch/\(suffix)"), "\(text)")
            }
        }
    }

    @Test func bombsAreRefusedBeforeTheyFillTheDisk() throws {
        let bomb = ZstandardFrame.bomb(size: 1 << 30)
        for name in ["repodata.json.zst", "repodata_shards.msgpack.zst"] {
            let toy = try ToyServer(["noarch/\(name)": bomb])
            let text = failure { _ = try toy.channels(toy.url).records(named: ["a"], platform: "linux-64") }
            #expect(text?.description.contains("unpacks to more than") == true)
            var size: UInt64 = 0
            try Directory.open(toy.directory.path).walk { size += $1.kind == .file ? $1.size : 0 }
            #expect(size < 1 << 20)
        }
    }

    @Test(arguments: [false, true])
    func shardsAreWhatTheIndexSays(_ local: Bool) throws {
        let other = ZstandardFrame.holding(MessagePackValue(dictionaryLiteral: ("packages", [:])).bytes)
        func shards(_ change: @escaping ([UInt8]) -> [UInt8]) -> [String: [UInt8]] {
            Self.toy.sharded.mapValues { $0 }.reduce(into: [:]) { files, file in
                files[file.key] = file.key.contains("/shards/") ? change(file.value) : file.value
            }
        }
        #expect(try message(shards { $0 }, local: local) == "accepted")
        let swapped = try message(shards { _ in other }, local: local)
        #expect(swapped.contains("SHA-256") && swapped.contains("the shard of tool"), "\(swapped)")
        let missing = Self.toy.sharded.filter { !$0.key.contains("/shards/") }
        #expect(try message(missing, local: local).contains("the shard of tool"))
    }

    /// The index may say anything, in hashes that are right.
    @Test(
        arguments: [
            ([0xc1], "no item begins"), (MessagePackValue.list([]).bytes, "'{' is expected"),
            (
                MessagePackValue(
                    dictionaryLiteral: (
                        "packages.conda", ["tool-1.0-0.conda": ["name": "evil", "version": "1.0"]]
                    )
                )
                .bytes, "its name is 'evil'"
            ),
            (
                MessagePackValue(dictionaryLiteral: ("packages.conda", ["../tool-1.0-0.conda": [:]])).bytes,
                "accepted"
            ),
            (
                MessagePackValue(dictionaryLiteral: ("packages.conda", ["tool-1.0-0/x.conda": [:]])).bytes,
                "only letters, digits"
            ),
        ] as [([UInt8], String)])
    func shardsOfNonsense(_ shard: [UInt8], _ expected: String) throws {
        let file = ZstandardFrame.holding(shard)
        let digest = SHA256.hash(file)
        let index: MessagePackValue = ["shards": ["tool": .binary(digest.bytes)]]
        let text = try message([
            "noarch/repodata_shards.msgpack.zst": ZstandardFrame.holding(index.bytes),
            "noarch/shards/\(digest).msgpack.zst": file,
        ])
        #expect(text.contains(expected), "\(text)")
    }

    @Test func shardBombIsRefused() throws {
        let file = ZstandardFrame.bomb(size: 1 << 30)
        let digest = SHA256.hash(file)
        let index: MessagePackValue = ["shards": ["tool": .binary(digest.bytes)]]
        let text = try message([
            "noarch/repodata_shards.msgpack.zst": ZstandardFrame.holding(index.bytes),
            "noarch/shards/\(digest).msgpack.zst": file,
        ])
        #expect(text.contains("unpacks to more than") && text.contains("the shard of tool"))
    }

    /// A server must not make this machine read its own files, or send what it has elsewhere.
    @Test(arguments: [
        "file:///etc/", "ftp://h.example/x", "https://h.example/x?token=", "https://h.example/#", "/a b/",
        "javascript:x",
    ])
    func placesOfPackages(_ base: String) throws {
        var channel = Self.toy
        channel.baseURL = base
        for files in [channel.plain, channel.sharded] {
            let text = try message(files)
            #expect(text.contains("base_url"), "\(text)")
        }
    }

    @Test func damagedShardInTheStoreIsFetchedAgain() throws {
        let toy = try ToyServer(Self.toy.sharded)
        _ = try toy.channels(toy.url).records(named: ["tool"], platform: "linux-64")
        let shard = try #require(toy.server.requests.last { $0.path.contains("/shards/") }).path
        let name = try #require(shard.split(separator: "/").last?.split(separator: ".").first)
        let digest = try #require(SHA256Digest(hex: name))
        let path = toy.fetcher.store.path(of: digest)
        try toy.fetcher.store.remove(digest)
        try toy.directory.write(String(path.dropFirst(toy.directory.path.utf8.count + 1)), [1, 2, 3])
        let records = try toy.channels(toy.url).records(named: ["tool"], platform: "linux-64")
        #expect(records["tool"]?.count == 1 && toy.server.count(shard) == 2)
    }

    @Test func damagedListInTheStoreIsNotBelieved() throws {
        let body = Self.toy.zstandard
        let toy = try ToyServer { request in
            guard let file = body[String(request.path.dropFirst(3))] else { return .status(404) }
            return request.headers["if-none-match"] == nil ? .ok(file).with("ETag", "\"v1\"") : .status(304)
        }
        _ = try toy.channels(toy.url).records(named: ["lib"], platform: "linux-64")
        var lists: [String] = []
        try Directory.open(toy.fetcher.store.path).walk { path, status in
            if status.kind == .file, path.string.hasPrefix("documents/repodata/") {
                lists.append(path.string)
            }
        }
        #expect(lists.count == 2)
        for list in lists { try toy.directory.write("store/" + list, #"{"packages": {}}"#) }
        let records = try toy.channels(toy.url).records(named: ["lib"], platform: "linux-64")
        #expect(records["lib"]?.count == 3)
    }

    @Test func failureIsNotKeptForTheNextCall() throws {
        let body = Self.toy.plain
        let toy = try ToyServer { request in
            guard let file = body[String(request.path.dropFirst(3))] else { return .status(404) }
            return request.count == 1 ? .ok("{", type: "application/json") : .ok(file)
        }
        let channels = try toy.channels(toy.url)
        #expect(throws: FailureList.self) { try channels.records(named: ["lib"], platform: "linux-64") }
        #expect(try channels.records(named: ["lib"], platform: "linux-64")["lib"]?.count == 3)
    }
}
