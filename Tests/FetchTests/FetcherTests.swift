import Digests
import Failures
import Fetch
import Files
import Synchronization
import TestSupport
import Testing
import Workers

@Suite struct FetcherTests {
    let body = bytes(300_000)

    @Test func fileArrivesReadOnlyUnderItsHash() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] _ in .ok(body) }
        let wanted = request(server.url + "/demo.whl", body)
        let results = try scene.fetcher.fetch([wanted])
        #expect(results.map(\.origin) == [.network])
        let hex = SHA256.hash(body).hex
        #expect(results[0].path == scene.store.path + "/archives/sha256/\(hex.prefix(2))/\(hex.dropFirst(2))")
        let file = try OpenFile.read(results[0].path)
        #expect(try file.bytes(at: 0, count: body.count + 1) == body)
        #expect(try file.status().permissions == 0o444)
        #expect(try scene.store.verify(wanted.sha256!))
    }

    @Test func whatTheStoreHasIsNotAskedFor() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] _ in .ok(body) }
        let wanted = request(server.url + "/demo.whl", body)
        _ = try scene.fetcher.fetch([wanted])
        #expect(try scene.fetcher.fetch([wanted]).map(\.origin) == [.store])
        #expect(server.count("/demo.whl") == 1)
    }

    @Test func equalRequestsAreOneDownload() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] _ in .ok(body) }
        let wanted = request(server.url + "/demo.whl", body)
        let mirror = request(server.url + "/mirror/demo.whl", body)
        let results = try scene.fetcher.fetch([wanted, wanted, mirror])
        #expect(results.count == 3 && Set(results.map(\.path)).count == 1)
        #expect(results[2].request == mirror)
        #expect(server.requests.count == 1)
    }

    @Test func unknownHashIsTold() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] _ in .ok(body) }
        let result = try scene.fetcher.fetch([
            FetchRequest(url: server.url + "/a", sha256: nil, label: "a")
        ])[0]
        #expect(result.sha256 == SHA256.hash(body) && result.size == UInt64(body.count))
    }

    @Test func emptyFileIsAFile() throws {
        let scene = try Scene()
        let server = LoopbackServer { _ in .ok([]) }
        let result = try scene.fetcher.fetch([request(server.url + "/empty", [])])[0]
        #expect(result.size == 0)
        #expect(try scene.store.contains(SHA256.hash([UInt8]())))
    }

    @Test func twoHundredSmallFilesComeInParallelOverFewConnections() throws {
        let scene = try Scene()
        let server = LoopbackServer { request in .ok(Array("body of \(request.path)".utf8)) }
        let wanted = (0..<200).map {
            request(server.url + "/\($0)", Array("body of /\($0)".utf8), size: $0.isMultiple(of: 2))
        }
        var seen: [FetchProgress] = []
        let results = try scene.fetcher.fetch(wanted) { seen.append($0) }
        #expect(results.map(\.request) == wanted)
        #expect(server.connections <= scene.options.connectionsPerHost)
        let last = try #require(seen.last)
        #expect(last.filesDone == 200 && last.filesTotal == 200)
        #expect(last.bytesTotal == last.bytesDone && last.bytesDone == results.reduce(0) { $0 + $1.size })
    }

    @Test func twoFetchersShareOneStore() throws {
        let scene = try Scene()
        let server = LoopbackServer { request in .ok(Array("body of \(request.path)".utf8)) }
        let wanted = (0..<40).map { request(server.url + "/\($0)", Array("body of /\($0)".utf8)) }
        let path = scene.store.path
        let options = scene.options
        try parallelForEach([0, 1, 2], jobs: 3) { _ in
            let fetcher = Fetcher(store: try ArchiveStore(path: path), options: options)
            #expect(try fetcher.fetch(wanted).count == 40)
        }
        let files = try scene.listing().filter { !$0.hasSuffix("-") }
        #expect(files.count == 40)
    }

    @Test func redirectsAreFollowedToHTTP() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] request in
            request.path == "/a" ? .redirect(to: "/b") : .ok(body)
        }
        #expect(try scene.fetcher.fetch([request(server.url + "/a", body)])[0].origin == .network)
    }

    @Test func serverErrorsAreTriedAgain() throws {
        let scene = try Scene()
        for status in [500, 502, 503, 429] {
            let body = bytes(1_000, seed: UInt8(status & 0xff))
            let server = LoopbackServer { request in request.count <= 3 ? .status(status) : .ok(body) }
            #expect(try scene.fetcher.fetch([request(server.url + "/a", body)]).count == 1)
            #expect(server.count("/a") == 4)
        }
    }

    @Test func retryAfterIsHonoured() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] request in
            request.count == 1 ? .status(429).with("Retry-After", "1") : .ok(body)
        }
        let start = ContinuousClock.now
        #expect(try scene.fetcher.fetch([request(server.url + "/a", body)]).count == 1)
        #expect(ContinuousClock.now - start >= .seconds(1))
    }

    @Test func cutConnectionIsResumedWhereItBroke() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] request in
            request.count == 1 ? .ok(body).ending(.cut(after: 100_000)) : .ok(body).ranged(request)
        }
        #expect(try scene.fetcher.fetch([request(server.url + "/a", body)]).count == 1)
        #expect(server.requests.map { $0.headers["range"] } == [nil, "bytes=100000-"])
    }

    @Test func cutConnectionIsBegunAnewWhereRangesAreUnknown() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] request in
            request.count == 1 ? .ok(body).ending(.cut(after: 100_000)) : .ok(body)
        }
        #expect(try scene.fetcher.fetch([request(server.url + "/a", body)]).count == 1)
        #expect(server.count("/a") == 2)
    }

    @Test func partsOfTwoVersionsAreFetchedAgainAsOne() throws {
        let scene = try Scene()
        let stale = bytes(300_000, seed: 7)
        let server = LoopbackServer { [body] request in
            request.count == 1 ? .ok(stale).ending(.cut(after: 100_000)) : .ok(body).ranged(request)
        }
        #expect(try scene.fetcher.fetch([request(server.url + "/a", body)]).count == 1)
        #expect(server.count("/a") == 3)
    }

    @Test func localFilesNeedNoNetwork() throws {
        var scene = try Scene()
        scene.options.offline = true
        let path = try scene.directory.write("my wheels/demo ü.whl", body)
        let encoded = "file://" + scene.directory.path + "/my%20wheels/demo%20%C3%BC.whl"
        let results = try scene.fetcher.fetch([request(path, body), request(encoded, body)])
        #expect(results.map(\.origin) == [.file, .file])
        #expect(try scene.store.contains(SHA256.hash(body)))
    }

    @Test func offlineOpensNoSocketAndUsesTheStore() throws {
        var scene = try Scene()
        let server = LoopbackServer { [body] _ in .ok(body) }
        let wanted = request(server.url + "/a", body)
        let other = request(server.url + "/b", bytes(10))
        _ = try scene.fetcher.fetch([wanted])
        let connections = server.connections
        scene.options.offline = true
        #expect(try scene.fetcher.fetch([wanted])[0].origin == .store)
        let error = try scene.failure(other)
        #expect(error.reason == .offline && error.kind == .network)
        #expect(server.connections == connections)
    }

    @Test func damagedArchiveInTheStoreIsFetchedAnew() throws {
        var scene = try Scene()
        let server = LoopbackServer { [body] _ in .ok(body) }
        let wanted = request(server.url + "/a", body)
        let path = try scene.fetcher.fetch([wanted])[0].path
        func damage(_ damaged: [UInt8]) throws {
            let relative = try RelativePath(String(path.dropFirst(scene.store.path.count + 1)))
            try Directory.open(scene.store.path).replaceFile(relative, with: damaged, permissions: 0o444)
        }
        // A size that is not the known one is noticed always, a wrong byte when asked to look.
        try damage([])
        #expect(try scene.fetcher.fetch([wanted])[0].origin == .network)
        try damage(bytes(body.count, seed: 2))
        #expect(try !scene.store.verify(wanted.sha256!))
        #expect(try scene.fetcher.fetch([wanted])[0].origin == .store)
        scene.options.verifiesStore = true
        #expect(try scene.fetcher.fetch([wanted])[0].origin == .network)
        #expect(try scene.store.verify(wanted.sha256!))
    }
}
