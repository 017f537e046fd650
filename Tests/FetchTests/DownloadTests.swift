import Failures
import Fetch
import Files
import TestSupport
import Testing

@Suite struct DownloadTests {
    private func only(_ fetcher: Fetcher, _ request: DownloadRequest) throws -> DownloadAnswer {
        try fetcher.download([request])[0].get()
    }

    @Test func documentIsAFileForAsLongAsItIsKept() throws {
        let scene = try Scene()
        let before = try scene.listing()
        let body = bytes(300_000)
        let server = LoopbackServer { _ in .ok(body).with("ETag", "\"1\"").with("Last-Modified", "yesterday")
        }
        var answer: DownloadAnswer? = try only(
            scene.fetcher, DownloadRequest(server.url + "/a", limit: 300_000))
        guard case .file(let download) = answer else {
            Issue.record("no file")
            return
        }
        #expect(download.size == 300_000)
        #expect(try OpenFile.read(download.path).bytes(at: 0, count: 300_001) == body)
        #expect(download.validators == Validators(etag: "\"1\"", lastModified: "yesterday"))
        answer = nil
        _ = consume download
        #expect(try scene.listing() == before)
    }

    @Test func validatorsAreSentAndRefusalsAreAnswers() throws {
        let scene = try Scene()
        let server = LoopbackServer { request in
            request.path == "/a" && request.headers["if-none-match"] == "\"1\""
                && request.headers["if-modified-since"] == "then" ? .status(304).claiming(0) : .status(404)
        }
        let known = Validators(etag: "\"1\"", lastModified: "then")
        let answers = scene.fetcher.download([
            DownloadRequest(server.url + "/a", limit: 1, validators: known),
            DownloadRequest(server.url + "/b", limit: 1, validators: known),
            DownloadRequest(server.url + "/a", limit: 1),
        ])
        guard case .notModified = try answers[0].get(), case .refused(404) = try answers[1].get(),
            case .refused(404) = try answers[2].get()
        else {
            Issue.record("other answers")
            return
        }
    }

    @Test func failuresLeaveNothing() throws {
        var scene = try Scene()
        scene.options.retry.attempts = 2
        let before = try scene.listing()
        let body = bytes(1_000)
        let server = LoopbackServer { request in
            switch request.path {
            case "/cut": .ok(Array(body.prefix(900))).ending(.cut(after: 500))
            case "/busy": .status(503)
            default: .ok(body)
            }
        }
        for (url, words) in [
            (server.url + "/large", "larger than the 999 bytes"), (server.url + "/cut", "2 attempts"),
            (server.url + "/busy", "503"), ("/a/path", "no address of a server"), ("ftp://h/x", "only http"),
        ] {
            let found = failure {
                _ = try only(scene.fetcher, DownloadRequest(url, limit: 999, label: "the list"))
            }
            #expect(found?.description.contains(words) == true, "\(found?.description ?? "")")
        }
        #expect(try scene.listing() == before)
        scene.options.offline = true
        #expect(throws: FetchError.self) { try only(scene.fetcher, DownloadRequest(server.url, limit: 1)) }
    }

    @Test(arguments: [
        ("https://h/t/tk-secret/c/x", "https://h/t/…/c/x"), ("https://h/p/t/secret", "https://h/p/t/…"),
        ("https://u:p@h/t/secret?x=secret", "https://h/t/…?…"), ("https://h/t/", "https://h/t/"),
        ("https://h/tt/x/y", "https://h/tt/x/y"), ("/t/x/y", "/t/x/y"),
    ])
    func tokensAreNotShown(_ address: String, _ shown: String) {
        #expect(redacted(address) == shown)
    }
}
