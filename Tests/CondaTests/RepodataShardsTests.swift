import Conda
import Digests
import Failures
import TestSupport
import Testing

@Suite struct RepodataShardsTests {
    private let digest = SHA256.hash("a")

    private func index(_ value: MessagePackValue) throws -> RepodataShards {
        try RepodataShards(value.bytes, name: "noarch/repodata_shards.msgpack.zst")
    }

    @Test func indexNamesTheShards() throws {
        let shards = try index([
            "version": 1, "more": [1, ["a": nil]],
            "info": ["base_url": "../p/", "shards_base_url": "./s/", "subdir": "noarch", "created_at": "x"],
            "shards": ["a": .binary(digest.bytes), "gone": nil],
        ])
        #expect(shards.shards == ["a": digest])
        #expect(shards.baseURL == "../p/" && shards.shardsBaseURL == "./s/" && shards.subdir == "noarch")
        #expect(try index(["shards": [:]]).shardsBaseURL == "./shards/")
    }

    /// "The sha256 and md5 from the original repodata fields are converted from their hex representation to bytes."
    @Test func shardIsReadAsRepodata() throws {
        let shard: MessagePackValue = [
            "packages": [:],
            "packages.conda": [
                "a-1.0-0.conda": [
                    "name": "a", "version": "1.0", "build": "0", "build_number": 0, "depends": ["b \"x\"\n"],
                    "sha256": .binary(digest.bytes), "size": .number(70_000), "constrains": nil,
                ]
            ],
            "removed": [],
        ]
        let document = try RepodataShards.document(of: shard.bytes, name: "shard of a")
        try document.withUnsafeBytes { bytes in
            let found = try Repodata(bytes, name: "shard of a").records(named: "a")
            #expect(found.count == 1 && found[0].sha256 == digest && found[0].size == 70_000)
            #expect(found[0].depends == ["b \"x\"\n"])
        }
    }

    @Test func everyKindOfItem() throws {
        let bytes: [UInt8] =
            [0xdc, 0, 16, 0xc2, 0xc3, 0xcc, 200, 0xcd, 1, 0, 0xce, 0, 1, 0, 0, 0xcf]
            + Array(repeating: 255, count: 8)
            + [0xd0, 0x80, 0xd1, 0xff, 0, 0xd2, 0xff, 0xff, 0xff, 0, 0xff, 0xca, 0x3f, 0xc0, 0, 0]
            + [0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xd9, 1, 0x61, 0xdb, 0, 0, 0, 1, 0x62, 0xc4, 1, 0xab]
            + [0xd4, 1, 2]
        let document = try RepodataShards.document(of: bytes, name: "x")
        #expect(
            String(decoding: document, as: UTF8.self)
                == #"[false,true,200,256,65536,18446744073709551615,-128,-256,-256,-1,1.5,1.5,"a","b","ab",null]"#
        )
    }

    @Test(
        arguments: [
            [], [0xc1], [0x81], [0x81, 0xa1], [0xdf, 0xff, 0xff, 0xff, 0xff], [0xdd, 0xff, 0xff, 0xff, 0xff],
            [0xc6, 0xff, 0xff, 0xff, 0xff, 0], [0xdb, 0xff, 0xff, 0xff, 0xff], [0x80, 0x80],
            [0x81, 0x01, 0x01],
            [0xcb, 0], [0xc9, 0xff, 0xff, 0xff, 0xff, 1],
        ] as [[UInt8]])
    func nonsenseIsRefused(_ bytes: [UInt8]) {
        #expect(throws: CondaError.self) { try RepodataShards(bytes, name: "x") }
        #expect(throws: CondaError.self) { try RepodataShards.document(of: bytes, name: "x") }
    }

    @Test func deepNestingIsRefused() throws {
        let deep = [UInt8](repeating: 0x91, count: 1_000_000) + [0xc0]
        #expect(throws: CondaError.self) { try RepodataShards.document(of: deep, name: "x") }
        _ = try RepodataShards.document(of: [UInt8](repeating: 0x91, count: 50) + [0xc0], name: "x")
        // An index passes over what it does not know, however deep.
        _ = try RepodataShards([0x81, 0xa1, 0x61] + deep, name: "x")
    }

    @Test(
        arguments: [
            (["shards": ["a": .binary([1, 2])]], "the shard of 'a'"),
            (["shards": ["a": "text"]], "the shard of 'a'"),
            (["version": 2], "version 1"), (["shards": []], "no map"),
            (["info": ["base_url": 1]], "a string"),
            (
                .map([
                    (
                        "shards",
                        .map([
                            ("a", .binary(Array(repeating: 0, count: 32))),
                            ("a", .binary(Array(repeating: 1, count: 32))),
                        ])
                    )
                ]), "twice"
            ),
        ] as [(MessagePackValue, String)])
    func wrongIndexesAreRefused(_ value: MessagePackValue, _ expected: String) {
        let message = failure { _ = try index(value) }?.description ?? ""
        #expect(message.contains(expected), "\(message)")
    }
}
