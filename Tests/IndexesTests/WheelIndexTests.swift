import Digests
import Failures
import Fetch
import Files
import Indexes
import TestSupport
import Testing
import Wheels

@Suite struct WheelIndexTests {
    let demo: ProjectName

    init() throws { demo = try ProjectName("demo") }

    static let json = """
        {"meta": {"api-version": "1.1"}, "name": "demo", "files": [{"filename": "\(ToyWheel.filename)",
        "url": "../../files/\(ToyWheel.filename)", "hashes": {"sha256": "\(SHA256.hash(ToyWheel().bytes))"},
        "size": \(ToyWheel().bytes.count), "core-metadata": {"sha256": "\(SHA256.hash(ToyWheel.metadata))"}}]}
        """

    @Test func pagesInBothFormatsSayTheSame() throws {
        let html = try ToyIndex.demo(page())
        let json = try ToyIndex { request in
            request.path == "/simple/demo/"
                ? .ok(Self.json, type: "application/vnd.pypi.simple.v1+json") : .status(404)
        }
        for toy in [html, json] {
            let file = try toy.demoFile()
            #expect(file.filename == ToyWheel.filename)
            #expect(file.url == toy.server.url + "/files/" + ToyWheel.filename)
            #expect(file.sha256 == SHA256.hash(ToyWheel().bytes))
        }
        #expect(try json.demoFile().coreMetadata?.sha256 == SHA256.hash(ToyWheel.metadata))
        #expect(
            html.server.requests[0].headers["accept"]?.hasPrefix("application/vnd.pypi.simple.v1+json,")
                == true)
    }

    @Test func projectThatIsMissingIsNoError() throws {
        let toy = try ToyIndex.demo(page())
        let names = try ["demo", "Not.There", "other"].map { try ProjectName($0) }
        #expect(Set(try toy.index.files(of: names + names).keys) == [demo])
        #expect(toy.server.count("/simple/not-there/") == 1)
    }

    @Test func manyProjectsAtOnce() throws {
        let toy = try ToyIndex { request in
            let name = request.path.split(separator: "/").last ?? ""
            return .ok(
                "<a href='\(name)-1.0-py3-none-any.whl'>\(name)-1.0-py3-none-any.whl</a>", type: "text/html")
        }
        let names = try (0..<100).map { try ProjectName("project-\($0)") }
        let files = try toy.index.files(of: names)
        #expect(files.count == 100)
        for name in names { #expect(files[name]?.first?.filename == "\(name)-1.0-py3-none-any.whl") }
        #expect(toy.server.connections <= 8)
    }

    private func failure(_ answer: LoopbackServer.Answer) throws -> (any Failure)? {
        let toy = try ToyIndex { _ in answer }
        do {
            _ = try toy.index.files(of: [demo])
            Issue.record("the page was read")
            return nil
        } catch let error as FailureList {
            return error.failures.first
        }
    }

    @Test func serverInTrouble() throws {
        #expect(try failure(.status(500))?.kind == .network)
        #expect(try failure(.status(403))?.kind == .network)
        #expect(try failure(.ok(page(), type: "text/html").ending(.cut(after: 40)))?.kind == .network)
    }

    @Test(arguments: [
        ("application/vnd.pypi.simple.v1+json", "{\"meta\": {\"api-version\": \"1.0\"}, \"files\": ["),
        ("application/vnd.pypi.simple.v1+json", "\u{1}\u{2}garbage"),
        (
            "application/vnd.pypi.simple.v1+json",
            "{\"meta\": {\"api-version\": \"2.0\"}, \"name\": \"demo\", \"files\": []}"
        ),
        ("image/png", "\u{1}\u{2}garbage"), ("application/json", ""),
    ]) func garbageIsNoPage(type: String, body: String) throws {
        #expect(try failure(.ok(body, type: type))?.kind == .damaged)
    }

    @Test func directoryIsAnIndex() throws {
        let directory = TemporaryDirectory()
        try directory.write("my index/files/" + ToyWheel.filename, ToyWheel().bytes)
        let html = page().replacing("../../files", with: "../files")
        try directory.write("my index/demo/index.html", html)
        let fetcher = try ToyIndex.fetcher(in: directory, offline: true)
        let encoded = "file://" + directory.path + "/my%20index"
        for address in [directory.path + "/my index", directory.path + "/my index/", encoded] {
            let index = try WheelIndex(address, fetcher: fetcher)
            let files = try index.files(of: [demo, ProjectName("other")])
            #expect(Set(files.keys) == [demo])
            let file = try #require(files[demo]?.first)
            #expect(file.url == encoded + "/files/" + ToyWheel.filename)
            #expect(try index.metadata(of: file) == ToyWheel.metadata)
        }
        // JSON is preferred where both are there.
        try directory.write("my index/demo/index.json", Self.json.replacing("../../files", with: "../files"))
        let file = try WheelIndex(encoded, fetcher: fetcher).files(of: [demo])[demo]?.first
        #expect(file?.size == UInt64(ToyWheel().bytes.count))
    }

    @Test func missingDirectoryIsNoEmptyIndex() throws {
        let directory = TemporaryDirectory()
        let fetcher = try ToyIndex.fetcher(in: directory)
        #expect(throws: FileError.self) { try WheelIndex(directory.path + "/none", fetcher: fetcher) }
        #expect(throws: FetchError.self) { try WheelIndex("ftp://127.0.0.1/simple", fetcher: fetcher) }
    }

    @Test func firstIndexThatHasAProjectIsUsedForIt() throws {
        let first = try ToyIndex.demo(page())
        let second = try ToyIndex { request in
            let name = request.path.split(separator: "/").last ?? ""
            return .ok("<a href='\(name)-9.0-py3-none-any.whl'>x</a>", type: "text/html")
        }
        let other = try ProjectName("other")
        let files = try WheelIndexes([first.index, second.index]).files(of: [demo, other])
        #expect(files[demo]?.map(\.filename) == [ToyWheel.filename])
        #expect(files[other]?.map(\.filename) == ["other-9.0-py3-none-any.whl"])
        #expect(second.server.count("/simple/demo/") == 0)
    }

    @Test func credentialsOfTheAddressStandInNoFile() throws {
        let toy = try ToyIndex.demo(page())
        let address = "http://alice:hunter2@" + toy.server.url.dropFirst(7) + "/simple"
        let index = try WheelIndex(address, fetcher: toy.fetcher)
        #expect(!index.address.contains("hunter2"))
        let file = try #require(try index.files(of: [demo])[demo]?.first)
        #expect(file.url == toy.server.url + "/files/" + ToyWheel.filename)
        _ = try index.metadata(of: file)
        #expect(toy.server.requests.allSatisfy { $0.headers["authorization"] != nil })
    }
}
