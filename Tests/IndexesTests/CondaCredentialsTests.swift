import Conda
import Failures
import Fetch
import Files
import Indexes
import TestSupport
import Testing

/// A secret is used for requests and stands nowhere else.
@Suite struct CondaCredentialsTests {
    private static let token = "tk-SECRET-1"
    /// `me:SECRET` in Base64.
    private static let basic = "Basic bWU6U0VDUkVU"

    private func protected(_ files: [String: [UInt8]]) throws -> ToyServer {
        try ToyServer { request in
            let prefix = "/t/\(Self.token)/c/"
            if request.path.hasPrefix(prefix) {
                return files[String(request.path.dropFirst(prefix.count))].map { .ok($0) } ?? .status(404)
            }
            guard request.headers["authorization"] == Self.basic else { return .status(401) }
            return files[String(request.path.dropFirst(3))].map { .ok($0) } ?? .status(404)
        }
    }

    private func addresses(_ toy: ToyServer) -> [String] {
        let host = toy.server.url.dropFirst("http://".count)
        return ["http://me:SECRET@\(host)/c", "http://\(host)/t/\(Self.token)/c"]
    }

    @Test(arguments: CondaChannelsTests.forms)
    func recordsAreCleanAndStillFetched(_ files: [String: [UInt8]]) throws {
        let toy = try protected(files.merging(["noarch/tool-1.0-0.conda": [1, 2, 3]]) { a, _ in a })
        for address in addresses(toy) {
            let channels = try toy.channels(address)
            let records = try channels.records(named: ["tool", "lib"], platform: "linux-64")
            let tool = try #require(records["tool"]?.first)
            #expect(tool.url == toy.url + "/noarch/tool-1.0-0.conda" && tool.channel == toy.url)
            #expect(!"\(records)".contains("SECRET"))
            let location = channels.fetchLocation(of: tool.url ?? "")
            #expect(location == address + "/noarch/tool-1.0-0.conda")
            let fetched = try toy.fetcher.fetch([
                FetchRequest(url: location, sha256: nil, label: tool.filename)
            ])
            #expect(fetched[0].size == 3)
        }
        #expect(try !namesAndTexts(toy).contains("SECRET"))
    }

    /// All names in the store, and all that it keeps of the channel.
    private func namesAndTexts(_ toy: ToyServer) throws -> String {
        var text = ""
        let root = try Directory.open(toy.directory.path)
        try root.walk { path, status in
            text += path.string + "\n"
            if status.kind == .file { text += String(decoding: try root.contents(of: path), as: UTF8.self) }
        }
        return text
    }

    @Test func withoutThemTheChannelRefuses() throws {
        let toy = try protected(CondaChannelsTests.toy.plain)
        let message = failure {
            _ = try toy.channels(toy.url).records(named: ["lib"], platform: "linux-64")
        }?.description
        #expect(message?.contains("401") == true && message?.contains("credentials") == true)
    }

    @Test func errorsDoNotShowThem() throws {
        let host = "127.0.0.1:1"
        let toy = try ToyServer { request in
            request.path.hasSuffix("repodata.json") ? .status(403) : .ok("garbage", type: "text/plain")
        }
        let served = toy.server.url.dropFirst("http://".count)
        for address in [
            "http://me:SECRET@\(host)/c", "http://\(host)/t/tk-SECRET/c", "http://me:SECRET@\(served)/c",
            "http://\(served)/t/tk-SECRET/c",
        ] {
            var options = FetchOptions(version: "test")
            options.retry.attempts = 1
            options.usesProxies = false
            let fetcher = Fetcher(store: toy.fetcher.store, options: options)
            let found = failure {
                _ = try CondaChannels([address], alias: nil, base: "/", fetcher: fetcher)
                    .records(named: ["a"], platform: "linux-64")
            }
            #expect(found != nil)
            #expect(found?.description.contains("SECRET") == false, "\(found?.description ?? "")")
        }
    }

    @Test func credentialsOfABaseURLAreUsedAndNotShown() throws {
        var channel = CondaChannelsTests.toy
        channel.baseURL = "https://u:SECRET@files.example/t/SECRET/pool"
        let toy = try ToyServer(channel.plain)
        let channels = try toy.channels(toy.url)
        let tool = try #require(try channels.records(named: ["tool"], platform: "linux-64")["tool"]?.first)
        #expect(tool.url == "https://files.example/pool/tool-1.0-0.conda")
        #expect(
            channels.fetchLocation(of: tool.url ?? "")
                == "https://u:SECRET@files.example/t/SECRET/pool/tool-1.0-0.conda")
    }

    /// A token is part of the path that a relative address is resolved against.
    @Test func relativeBaseURLKeepsTheToken() throws {
        var channel = CondaChannelsTests.toy
        channel.baseURL = "../pool/"
        let toy = try protected(channel.plain)
        let address = addresses(toy)[1]
        let channels = try toy.channels(address)
        let tool = try #require(try channels.records(named: ["tool"], platform: "linux-64")["tool"]?.first)
        #expect(tool.url == toy.url + "/pool/tool-1.0-0.conda")
        #expect(channels.fetchLocation(of: tool.url ?? "") == address + "/pool/tool-1.0-0.conda")
    }

    @Test func otherServersGetNoCredentials() throws {
        let toy = try ToyServer([:])
        let channels = try toy.channels("https://u:SECRET@h.example/c", "https://h.example/t/tk/d")
        #expect(
            channels.fetchLocation(of: "https://h.example/c/noarch/x")
                == "https://u:SECRET@h.example/c/noarch/x")
        #expect(
            channels.fetchLocation(of: "https://h.example/d/noarch/x") == "https://h.example/t/tk/d/noarch/x")
        #expect(channels.fetchLocation(of: "https://h.example/cc/x") == "https://u:SECRET@h.example/cc/x")
        for other in [
            "http://h.example/c/x", "https://h.example.evil/c/x", "https://h.example:444/c/x",
            "https://other.example/c",
            "file:///h.example/c", "/c/x",
        ] {
            #expect(channels.fetchLocation(of: other) == other)
        }
    }

    @Test(arguments: [
        ("https://u:p@h/t/tok/c/x", "https://h/c/x"), ("https://h/c/x", "https://h/c/x"),
        ("https://h/a/t/tok/c/x?q=1", "https://h/a/c/x?q=1"), ("file:///t/a/b", "file:///t/a/b"),
        ("https://h/t/", "https://h/t/"), ("/t/a/b", "/t/a/b"),
    ])
    func cleanAddresses(_ address: String, _ clean: String) {
        #expect(withoutCondaCredentials(address) == clean)
        #expect(withoutCondaCredentials(clean) == clean)
    }
}
