import Digests
import Failures
import Fetch
import Files
import TestSupport
import Testing

@Suite struct FetchFailureTests {
    let body = bytes(300_000)

    private func failure(
        _ wanted: FetchRequest? = nil, path: String = "/demo.whl",
        _ answer: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer
    ) throws -> (error: FetchError, server: LoopbackServer) {
        let server = LoopbackServer(answer)
        return (try Scene().failure(wanted ?? request(server.url + path, body)), server)
    }

    @Test(arguments: [400, 401, 403, 404, 410]) func refusalIsFinal(status: Int) throws {
        let (error, server) = try failure { _ in .status(status) }
        #expect(error.reason == .status(status, attempts: 1))
        #expect(error.kind == .network)
        #expect(server.requests.count == 1)
        #expect(error.description.contains("answered \(status)"))
        #expect(error.description.contains("nothing was kept"))
    }

    @Test(arguments: [500, 503]) func serverErrorsEndAfterAllAttempts(status: Int) throws {
        let (error, server) = try failure { _ in .status(status) }
        #expect(error.reason == .status(status, attempts: 5))
        #expect(error.kind == .network && server.requests.count == 5)
    }

    @Test func tooLongARetryAfterIsNotWaitedFor() throws {
        let (error, server) = try failure { _ in .status(429).with("Retry-After", "3600") }
        #expect(error.reason == .busy(status: 429, retryAfter: 3_600))
        #expect(server.requests.count == 1)
    }

    @Test func wrongBodyNamesBothHashes() throws {
        let wrong = bytes(300_000, seed: 9)
        let (error, server) = try failure { _ in .ok(wrong) }
        #expect(error.reason == .wrongHash(expected: SHA256.hash(body), actual: SHA256.hash(wrong)))
        #expect(error.kind == .damaged && server.requests.count == 1)
        for part in [SHA256.hash(body).hex, SHA256.hash(wrong).hex, "nothing was kept", "/demo.whl"] {
            #expect(error.description.contains(part))
        }
    }

    @Test func wrongSizeIsRefusedBeforeItsBytes() throws {
        let (shorter, _) = try failure { _ in .ok([1, 2, 3]) }
        #expect(shorter.reason == .wrongSize(expected: 300_000, actual: 3) && shorter.kind == .damaged)
        let (longer, _) = try failure { [body] _ in .ok(body + [0]) }
        #expect(longer.reason == .wrongSize(expected: 300_000, actual: 300_001))
    }

    @Test func emptyAnswerIsNotTheFile() throws {
        let (error, _) = try failure { _ in .ok([]) }
        #expect(error.reason == .wrongSize(expected: 300_000, actual: 0))
    }

    @Test func contentLengthBelowTheBodyIsDamage() throws {
        let server = LoopbackServer { [body] _ in .ok(body).claiming(1_000) }
        let error = try Scene().failure(request(server.url + "/a", body, size: false))
        #expect(error.kind == .damaged)
    }

    @Test func contentLengthAboveTheBodyIsACutConnection() throws {
        let server = LoopbackServer { [body] _ in .ok(body).claiming(400_000) }
        let error = try Scene().failure(request(server.url + "/a", body, size: false))
        #expect(error.kind == .network)
    }

    @Test func connectionCutEveryTime() throws {
        let (error, server) = try failure { [body] request in .ok(body).ending(.cut(after: 1_000)) }
        #expect(error.kind == .network && server.requests.count == 5)
        guard case .connection(_, attempts: 5) = error.reason else { throw error }
    }

    @Test func stalledTransferIsGivenUp() throws {
        var scene = try Scene()
        scene.options.retry.attempts = 1
        scene.options.stallSeconds = 1
        let server = LoopbackServer { [body] _ in .ok(body).ending(.stall(after: 0)) }
        let start = ContinuousClock.now
        let error = try scene.failure(request(server.url + "/a", body))
        #expect(error.kind == .network)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func nobodyListens() throws {
        var scene = try Scene()
        scene.options.connectionsPerHost = 1
        // A port that was just in use and is closed.
        let url = { LoopbackServer { _ in .status(404) }.url }()
        #expect(try scene.failure(request(url + "/a", body)).kind == .network)
        // The others behind the same server fail with it and are counted.
        let many = (0..<30).map { request(url + "/\($0)", bytes($0)) }
        #expect {
            try scene.fetcher.fetch(many)
        } throws: { error in
            let list = (error as? FailureList)?.failures.compactMap { $0 as? FetchError } ?? []
            return list.count == 11 && list.last?.reason == .more(count: 20)
        }
    }

    @Test func redirectLoopEnds() throws {
        let (error, server) = try failure(path: "/a") { request in
            .redirect(to: request.path == "/a" ? "/b" : "/a")
        }
        guard case .redirect = error.reason else { throw error }
        #expect(error.kind == .network && server.requests.count <= 12)
    }

    @Test(arguments: [
        "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "dict://127.0.0.1/x",
    ])
    func redirectLeavesHTTPNever(target: String) throws {
        let (error, _) = try failure { _ in .redirect(to: target) }
        #expect(error.reason == .redirect(to: target))
    }

    @Test func redirectWithoutAPlaceIsARefusal() throws {
        let (error, _) = try failure { _ in .status(302) }
        #expect(error.reason == .status(302, attempts: 1))
    }

    @Test func endlessErrorPageIsNotReadToItsEnd() throws {
        let page = bytes(2_000_000)
        let (error, _) = try failure { _ in
            var answer = LoopbackServer.Answer(status: 404, body: page)
            answer.contentLength = 1 << 40
            return answer
        }
        #expect(error.reason == .status(404, attempts: 1))
    }

    @Test func unaskedPartIsNoFile() throws {
        let (error, _) = try failure { [body] _ in
            var answer = LoopbackServer.Answer.ok(body).with("Content-Range", "bytes 0-299999/300000")
            answer.status = 206
            return answer
        }
        #expect(error.reason == .status(206, attempts: 1))
    }

    @Test func fileOfUnknownSizeHasALimit() throws {
        var scene = try Scene()
        scene.options.sizeLimit = 100_000
        let server = LoopbackServer { [body] _ in .ok(body) }
        let error = try scene.failure(request(server.url + "/a", body, size: false))
        #expect(error.reason == .tooLarge(limit: 100_000) && error.kind == .damaged)
    }

    @Test func credentialsStayOutOfMessages() throws {
        let server = LoopbackServer { _ in .redirect(to: "ftp://robot:hunter2@127.0.0.1/x?token=s3cret") }
        let url = "http://alice:hunter2@" + server.url.dropFirst(7) + "/demo.whl?signature=s3cret"
        let error = try Scene().failure(request(url, body))
        #expect(server.requests.first?.headers["authorization"]?.hasPrefix("Basic ") == true)
        for secret in ["alice", "hunter2", "s3cret", "robot"] {
            #expect(!error.description.contains(secret))
        }
    }

    @Test func oneFailureDoesNotStopTheOthers() throws {
        let scene = try Scene()
        let server = LoopbackServer { [body] request in request.path == "/a" ? .ok(body) : .status(404) }
        let bad = request(server.url + "/bad", bytes(5))
        #expect(throws: FailureList.self) {
            try scene.fetcher.fetch([bad, request(server.url + "/a", body)])
        }
        #expect(try scene.store.contains(SHA256.hash(body)))
    }

    @Test(arguments: [
        "", "ftp://example.org/a", "s3://bucket/a", "http://", "http:///a", "http://exa mple.org/",
        "file://host/a",
        "file:///a%zz", "file:///a%00b",
    ])
    func unusableAddresses(address: String) throws {
        let error = try Scene().failure(request(address, body))
        guard case .unsupportedAddress = error.reason else { throw error }
    }

    @Test func wrongLocalFiles() throws {
        let scene = try Scene()
        let path = try scene.directory.write("a.whl", "other bytes")
        #expect(try scene.failure(request(path, body, size: false)).kind == .damaged)
        #expect(
            try scene.failure(request(path, body)).reason == .wrongSize(expected: 300_000, actual: 11))
        #expect(try scene.failure(request(path + "x", body)).kind == .inputOutput)
        #expect(try scene.failure(request(scene.directory.path, body)).kind == .damaged)
    }
}
