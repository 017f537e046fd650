import Failures
import Fetch
import TestSupport
import Testing

@Suite struct GetTests {
    let page = "<html>simple</html>"

    @Test func documentComesWithItsTypeAndPlace() throws {
        let scene = try Scene()
        let server = LoopbackServer { [page] request in
            request.path == "/simple"
                ? .redirect(to: "/simple/") : .ok(page, type: "Text/HTML; charset=utf-8")
        }
        let response = try scene.fetcher.get([GetRequest(server.url + "/simple", accept: "text/html")])[0]
            .get()
        #expect(response.status == 200 && response.isSuccess)
        #expect(response.contentType == "text/html")
        #expect(response.finalURL == server.url + "/simple/")
        #expect(response.body == Array(page.utf8))
        #expect(server.requests[0].headers["accept"] == "text/html")
        #expect(server.requests[0].headers["user-agent"] == "airlift/test")
    }

    @Test func refusalsAreAnswersAndServerErrorsAreNot() throws {
        let scene = try Scene()
        let server = LoopbackServer { request in .status(request.path == "/404" ? 404 : 500) }
        let results = scene.fetcher.get([GetRequest(server.url + "/404"), GetRequest(server.url + "/500")])
        let missing = try results[0].get()
        #expect(missing.status == 404 && missing.body.isEmpty)
        #expect(throws: FetchError.self) { try results[1].get() }
    }

    @Test func ranges() throws {
        let scene = try Scene()
        let body = bytes(5_000)
        let server = LoopbackServer { .ok(body).ranged($0) }
        let path = try scene.directory.write("file", body)
        for address in [server.url + "/a", path, "file://" + path] {
            let results = try scene.fetcher.get([
                GetRequest(address, range: .bytes(10..<20)), GetRequest(address, range: .last(100)),
            ]).map { try $0.get() }
            #expect(results[0].body == Array(body[10..<20]))
            #expect(results[0].partial?.offset == 10 && results[0].partial?.size == 5_000)
            #expect(results[1].body == Array(body[4_900...]))
            #expect(results[1].partial?.offset == 4_900 && results[1].status == 206)
            #expect(
                try scene.fetcher.get([GetRequest(address, range: .bytes(9_000..<9_001))])[0].get().status
                    == 416)
        }
    }

    @Test func rangeOfAServerThatSendsAllIsNotDownloaded() throws {
        let scene = try Scene()
        let body = bytes(2_000_000)
        let server = LoopbackServer { _ in .ok(body) }
        let response = try scene.fetcher.get([GetRequest(server.url + "/a", range: .last(10))])[0].get()
        #expect(response.status == 200 && response.body.isEmpty && response.partial == nil)
    }

    @Test func documentsHaveALimit() throws {
        let scene = try Scene()
        let server = LoopbackServer { _ in .ok(bytes(5_000)) }
        #expect(
            try scene.fetcher.get([GetRequest(server.url + "/a", limit: 5_000)])[0].get().body.count == 5_000)
        #expect {
            try scene.fetcher.get([GetRequest(server.url + "/a", limit: 4_999)])[0].get()
        } throws: { ($0 as? FetchError)?.reason == .tooLarge(limit: 4_999) }
    }

    @Test func offlineAsksNobody() throws {
        var scene = try Scene()
        scene.options.offline = true
        let server = LoopbackServer { _ in .ok([]) }
        #expect { try scene.fetcher.get([GetRequest(server.url)])[0].get() } throws: {
            ($0 as? FetchError)?.reason == .offline
        }
        #expect(server.connections == 0)
        #expect(try scene.fetcher.get([GetRequest("/nowhere/at/all")])[0].get().status == 404)
    }

    @Test func cutDocumentIsNotTakenForAWholeOne() throws {
        let scene = try Scene()
        let server = LoopbackServer { _ in .ok(bytes(5_000)).ending(.cut(after: 100)) }
        #expect { try scene.fetcher.get([GetRequest(server.url + "/a")])[0].get() } throws: {
            ($0 as? FetchError)?.kind == .network
        }
        let other = LoopbackServer { request in
            request.count == 1 ? .ok(bytes(5_000)).ending(.cut(after: 100)) : .ok(bytes(5_000))
        }
        #expect(try scene.fetcher.get([GetRequest(other.url + "/a")])[0].get().body == bytes(5_000))
    }

    @Test func credentialsOfAnIndexServeItsFilesAndNobodyElse() throws {
        let scene = try Scene()
        let server = LoopbackServer { _ in .ok([]) }
        let other = LoopbackServer { _ in .ok([]) }
        let fetcher = scene.fetcher
        fetcher.useCredentials(of: "http://alice:pa%20ss@" + server.url.dropFirst(7) + "/simple")
        for url in [server.url + "/a", other.url + "/a"] { _ = try fetcher.get([GetRequest(url)])[0].get() }
        #expect(server.requests[0].headers["authorization"] == "Basic YWxpY2U6cGEgc3M=")
        #expect(other.requests[0].headers["authorization"] == nil)
    }
}
