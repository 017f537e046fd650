import Digests
import Fetch
import Indexes
import TestSupport

/// Packages of a channel, and the files that a server of it has.
struct ToyChannel {
    struct Package {
        var name: String
        var version = "1.0"
        var subdir = "linux-64"
        var depends: [String] = []

        var filename: String { "\(name)-\(version)-0.conda" }
        var json: String {
            let depends = depends.map { "\"\($0)\"" }.joined(separator: ", ")
            return
                #"{"name": "\#(name)", "version": "\#(version)", "build": "0", "build_number": 0, "depends": [\#(depends)], "size": 1}"#
        }
        var messagePack: MessagePackValue {
            [
                "name": .text(name), "version": .text(version), "build": "0", "build_number": 0,
                "depends": .list(depends.map { .text($0) }), "sha256": .binary(SHA256.hash(filename).bytes),
            ]
        }
    }

    var packages: [Package] = []
    var baseURL: String?

    init(_ packages: Package...) { self.packages = packages }

    private func members(_ subdir: String) -> [Package] { packages.filter { $0.subdir == subdir } }

    func repodata(_ subdir: String) -> String {
        let records = members(subdir).map { #""\#($0.filename)": \#($0.json)"# }.joined(separator: ",\n")
        let base = baseURL.map { #", "base_url": "\#($0)""# } ?? ""
        return #"{"info": {"subdir": "\#(subdir)"\#(base)}, "packages.conda": {\#(records)}}"#
    }

    /// The index of shards and the shards, by their paths below the channel.
    func shards(_ subdir: String) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var index: [(String, MessagePackValue)] = []
        for (name, packages) in Dictionary(grouping: members(subdir), by: \.name).sorted(by: {
            $0.key < $1.key
        }) {
            let shard: MessagePackValue = [
                "packages": [:], "packages.conda": .map(packages.map { ($0.filename, $0.messagePack) }),
            ]
            let file = ZstandardFrame.holding(shard.bytes)
            files["\(subdir)/shards/\(SHA256.hash(file)).msgpack.zst"] = file
            index.append((name, .binary(SHA256.hash(file).bytes)))
        }
        let info: MessagePackValue = [
            "subdir": .text(subdir), "base_url": .text(baseURL ?? ""), "shards_base_url": "./shards/",
        ]
        let document: MessagePackValue = ["version": 1, "info": info, "shards": .map(index)]
        files["\(subdir)/repodata_shards.msgpack.zst"] = ZstandardFrame.holding(document.bytes)
        return files
    }

    static let subdirs = ["linux-64", "noarch"]

    /// `repodata.json` of both platforms.
    var plain: [String: [UInt8]] {
        Dictionary(
            uniqueKeysWithValues: Self.subdirs.map { ("\($0)/repodata.json", Array(repodata($0).utf8)) })
    }

    var zstandard: [String: [UInt8]] {
        Dictionary(
            uniqueKeysWithValues: Self.subdirs.map {
                ("\($0)/repodata.json.zst", ZstandardFrame.holding(repodata($0)))
            })
    }

    var sharded: [String: [UInt8]] { shards("linux-64").merging(shards("noarch")) { first, _ in first } }
}

/// A server of files by their paths, a store of its own and a fetcher.
struct ToyServer {
    let directory = TemporaryDirectory()
    let server: LoopbackServer
    let fetcher: Fetcher

    init(_ files: [String: [UInt8]], under root: String = "/c/") throws {
        try self.init { request in
            guard request.path.hasPrefix(root), let file = files[String(request.path.dropFirst(root.count))]
            else {
                return .status(404)
            }
            return .ok(file)
        }
    }

    init(_ answer: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer) throws {
        server = LoopbackServer(answer)
        fetcher = try ToyIndex.fetcher(in: directory)
    }

    var url: String { server.url + "/c" }

    func offline() throws -> Fetcher { try ToyIndex.fetcher(in: directory, offline: true) }

    func channels(_ texts: String..., alias: String? = nil) throws -> CondaChannels {
        try CondaChannels(texts, alias: alias, base: directory.path, fetcher: fetcher)
    }
}
