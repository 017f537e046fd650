import Conda
import Digests
import Failures
import Fetch
import Indexes
import TestSupport
import Testing

@Suite struct CondaChannelsTests {
    static let toy = ToyChannel(
        .init(name: "app", depends: ["lib >=1", "tool", "__glibc >=2.17", "nowhere"]), .init(name: "lib"),
        .init(name: "lib", version: "2.0", depends: ["app"]), .init(name: "other"),
        .init(name: "tool", subdir: "noarch", depends: ["lib[version=2]"]),
        .init(name: "lib", version: "0.5", subdir: "noarch"))

    static let forms: [[String: [UInt8]]] = [toy.plain, toy.zstandard, toy.sharded]

    private func filenames(_ records: [String: [PackageRecord]]) -> [String: [String]] {
        records.mapValues { $0.map { "\($0.subdir)/\($0.filename)" } }
    }

    @Test(arguments: forms)
    func everyFormSaysTheSame(_ files: [String: [UInt8]]) throws {
        let toy = try ToyServer(files)
        let channels = try toy.channels(toy.url)
        let records = try channels.records(named: ["lib", "tool", "missing", "lib"], platform: "linux-64")
        #expect(
            filenames(records) == [
                "lib": ["linux-64/lib-1.0-0.conda", "linux-64/lib-2.0-0.conda", "noarch/lib-0.5-0.conda"],
                "tool": ["noarch/tool-1.0-0.conda"],
            ])
        let tool = try #require(records["tool"]?.first)
        #expect(tool.url == toy.url + "/noarch/tool-1.0-0.conda" && tool.channel == toy.url)
        #expect(tool.depends == ["lib[version=2]"])
        #expect(channels.fetchLocation(of: toy.url + "/noarch/x") == toy.url + "/noarch/x")
        #expect(channels.notices == [])
    }

    @Test(arguments: forms)
    func everyFormIsReadFromADirectory(_ files: [String: [UInt8]]) throws {
        let toy = try ToyServer([:])
        for (name, bytes) in files { try toy.directory.write("my chan/\(name)", bytes) }
        let records = try toy.channels("./my chan").records(named: ["tool", "lib"], platform: "linux-64")
        #expect(records["lib"]?.count == 3)
        let url = "file://\(toy.directory.path)/my%20chan"
        #expect(records["tool"]?.first?.url == url + "/noarch/tool-1.0-0.conda")
        #expect(records["tool"]?.first?.channel == url)
        #expect(toy.server.requests.isEmpty)
    }

    @Test(arguments: forms)
    func reachableFollowsNames(_ files: [String: [UInt8]]) throws {
        let toy = try ToyServer(files)
        let records = try toy.channels(toy.url).reachable(from: ["app"], platform: "linux-64")
        #expect(records.mapValues(\.count) == ["app": 1, "lib": 3, "tool": 1])
    }

    @Test func onlyWantedShardsAreFetchedAndOnce() throws {
        let toy = try ToyServer(Self.toy.sharded)
        _ = try toy.channels(toy.url).records(named: ["other"], platform: "linux-64")
        let shards = toy.server.requests.filter { $0.path.contains("/shards/") }
        #expect(shards.count == 1)
        let before = toy.server.requests.count
        _ = try toy.channels(toy.url).records(named: ["other"], platform: "linux-64")
        // The two indexes again, and no shard.
        #expect(toy.server.requests.count == before + 2)
    }

    @Test func firstChannelThatHasANameIsTheOnlyOneForIt() throws {
        let first = ToyChannel(.init(name: "lib", version: "0.1"), .init(name: "a"))
        let second = ToyChannel(.init(name: "lib", version: "9.9", subdir: "noarch"), .init(name: "b"))
        let files = first.plain.merging([:]) { a, _ in a }
        let toy = try ToyServer(
            Dictionary(
                uniqueKeysWithValues: files.map { ("one/\($0)", $1) }
                    + second.sharded.map { ("two/\($0)", $1) }))
        let names = ["lib", "a", "b"]
        let one = try toy.channels(toy.url + "/one", toy.url + "/two").records(
            named: names, platform: "linux-64")
        #expect(
            filenames(one) == [
                "lib": ["linux-64/lib-0.1-0.conda"], "a": ["linux-64/a-1.0-0.conda"],
                "b": ["linux-64/b-1.0-0.conda"],
            ])
        let two = try toy.channels(toy.url + "/two", toy.url + "/one").records(
            named: names, platform: "linux-64")
        #expect(filenames(two)["lib"] == ["noarch/lib-9.9-0.conda"])
        #expect(two["lib"]?.first?.channel == toy.url + "/two")
        #expect(two["a"]?.first?.channel == toy.url + "/one")
    }

    @Test func onlyNamedPlatformsOfAChannelAreTaken() throws {
        let toy = try ToyServer(Self.toy.plain)
        let channels = try toy.channels(toy.url + "/noarch")
        let records = try channels.records(named: ["lib", "app"], platform: "linux-64")
        #expect(filenames(records) == ["lib": ["noarch/lib-0.5-0.conda"]])
        #expect(toy.server.requests.allSatisfy { $0.path.hasPrefix("/c/noarch/") })
    }

    @Test func oneOfTheDirectoriesMayBeMissing() throws {
        for subdir in ToyChannel.subdirs {
            let toy = try ToyServer(Self.toy.plain.filter { $0.key.hasPrefix(subdir) })
            #expect(try toy.channels(toy.url).records(named: ["lib"], platform: "linux-64").count == 1)
            let files = Self.toy.plain.filter { $0.key.hasPrefix(subdir) }
            for (name, bytes) in files { try toy.directory.write("chan/\(name)", bytes) }
            #expect(try toy.channels("./chan").records(named: ["lib"], platform: "linux-64").count == 1)
        }
    }

    @Test func channelWithNeitherIsAnError() throws {
        let toy = try ToyServer(Self.toy.plain)
        try toy.directory.write("empty/readme", "")
        for text in [toy.url + "x", "./empty"] {
            let message = failure {
                _ = try toy.channels(toy.url, text).records(named: ["lib"], platform: "linux-64")
            }?.description
            #expect(message?.contains("neither in linux-64 nor noarch") == true, "\(message ?? "")")
        }
        // The platform is not that of any package, and noarch is there.
        #expect(try toy.channels(toy.url).records(named: ["lib"], platform: "win-64")["lib"]?.count == 1)
    }

    @Test func baseURLMayBeRelativeOrElsewhere() throws {
        for (base, expected) in [
            ("../pool", "/c/pool/"), ("/top/", "/top/"),
            ("https://files.example/x", "https://files.example/x/"),
        ] {
            var channel = Self.toy
            channel.baseURL = base
            for files in [channel.plain, channel.sharded] {
                let toy = try ToyServer(files)
                let records = try toy.channels(toy.url).records(named: ["tool"], platform: "linux-64")
                let whole = expected.hasPrefix("/") ? toy.server.url + expected : expected
                #expect(records["tool"]?.first?.url == whole + "tool-1.0-0.conda")
            }
        }
    }

    @Test func nothingIsSentAgainThatDidNotChange() throws {
        let body = Self.toy.zstandard
        let toy = try ToyServer { request in
            guard let file = body[String(request.path.dropFirst(3))] else { return .status(404) }
            if request.headers["if-none-match"] == "\"v1\"" { return .status(304).claiming(0) }
            return .ok(file).with("ETag", "\"v1\"")
        }
        for _ in 0..<2 {
            let records = try toy.channels(toy.url).records(named: ["lib"], platform: "linux-64")
            #expect(records["lib"]?.count == 3)
        }
        let sent = toy.server.requests.filter { $0.headers["if-none-match"] != nil }
        #expect(
            sent.map(\.path).sorted() == ["/c/linux-64/repodata.json.zst", "/c/noarch/repodata.json.zst"])
    }

    @Test(arguments: forms)
    func offlineTheStoreAnswers(_ files: [String: [UInt8]]) throws {
        let toy = try ToyServer(files)
        let texts = [toy.url]
        let names = ["lib", "tool"]
        func read(_ fetcher: Fetcher) throws -> [String: [PackageRecord]] {
            try CondaChannels(texts, alias: nil, base: "/", fetcher: fetcher)
                .records(named: names, platform: "linux-64")
        }
        let message = failure { _ = try read(try toy.offline()) }?.description
        #expect(message?.contains("offline") == true)
        let online = try read(toy.fetcher)
        let requests = toy.server.requests.count
        #expect(try read(try toy.offline()) == online)
        #expect(toy.server.requests.count == requests)
    }

    @Test func whatIsNotReadIsSaid() throws {
        let text =
            #"{"v3": {"whl": {"a-1.0-0": {}}}, "info": {"repodata_revisions": {"v4": {"message": "New!"}}}}"#
        let toy = try ToyServer(["noarch/repodata.json": Array(text.utf8)])
        let channels = try toy.channels(toy.url)
        #expect(try channels.records(named: ["a"], platform: "linux-64").isEmpty)
        #expect(channels.notices.count == 2)
        #expect(channels.notices[0].contains("1 packages in its section 'v3.whl'"))
        #expect(channels.notices[1].contains("'v4'") && channels.notices[1].contains("New!"))
    }
}
