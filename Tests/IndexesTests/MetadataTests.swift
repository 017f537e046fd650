import Digests
import Failures
import Fetch
import Files
import Indexes
import TestSupport
import Testing
import Wheels

@Suite struct MetadataTests {
    let announced = " data-core-metadata=\"sha256=\(SHA256.hash(ToyWheel.metadata))\""

    @Test func announcedMetadataIsCheckedAndKept() throws {
        let toy = try ToyIndex.demo(page(attributes: announced), beside: .ok(ToyWheel.metadata))
        let file = try toy.demoFile()
        #expect(file.coreMetadata?.sha256 == SHA256.hash(ToyWheel.metadata))
        for _ in 0..<2 { #expect(try toy.index.metadata(of: file) == ToyWheel.metadata) }
        #expect(toy.besideRequests == 1 && toy.wheelRequests == 0)
        // Another process, later and offline.
        let offline = try ToyIndex.fetcher(in: toy.directory, offline: true)
        #expect(try WheelIndex(toy.server.url, fetcher: offline).metadata(of: file) == ToyWheel.metadata)
    }

    @Test func announcedMetadataWithAnotherHashIsRefused() throws {
        let toy = try ToyIndex.demo(
            page(attributes: announced), beside: .ok(ToyWheel.metadata + Array("Requires-Dist: evil\n".utf8)))
        let file = try toy.demoFile()
        #expect {
            try toy.index.metadata(of: file)
        } throws: { error in
            guard case .wrongHash? = ((error as? FailureList)?.failures.first as? FetchError)?.reason else {
                return false
            }
            return true
        }
        #expect(try toy.fetcher.store.document(.coreMetadata, of: #require(file.sha256)) == nil)
    }

    @Test func unannouncedMetadataIsTried() throws {
        let toy = try ToyIndex.demo(page(), beside: .ok(ToyWheel.metadata))
        #expect(try toy.index.metadata(of: toy.demoFile()) == ToyWheel.metadata)
        #expect(toy.wheelRequests == 0)
    }

    @Test(arguments: [
        LoopbackServer.Answer.status(404), .status(403), .ok("<html>Welcome</html>", type: "text/html"),
        .ok([]),
    ]) func rangesServeWhereThereIsNoSuchFile(beside: LoopbackServer.Answer) throws {
        let toy = try ToyIndex.demo(page(), beside: beside)
        #expect(try toy.index.metadata(of: toy.demoFile()) == ToyWheel.metadata)
        // The end, then the member at the start; never the whole.
        #expect((1...3).contains(toy.wheelRequests))
        #expect(
            toy.server.requests.filter { $0.path.hasSuffix(".whl") }.allSatisfy { $0.headers["range"] != nil }
        )
        #expect(try !toy.fetcher.store.contains(SHA256.hash(ToyWheel().bytes)))
    }

    @Test func announcedMetadataThatIsMissingIsReadFromTheWheel() throws {
        let toy = try ToyIndex.demo(page(attributes: announced))
        #expect(try toy.index.metadata(of: toy.demoFile()) == ToyWheel.metadata)
    }

    @Test func wholeWheelServesWhereTheServerKnowsNoRanges() throws {
        let toy = try ToyIndex.demo(page(), ranges: false)
        let file = try toy.demoFile()
        #expect(try toy.index.metadata(of: file) == ToyWheel.metadata)
        #expect(try toy.fetcher.store.contains(SHA256.hash(ToyWheel().bytes)))
    }

    @Test func wheelInTheStoreIsReadThere() throws {
        let toy = try ToyIndex.demo(page())
        let file = try toy.demoFile()
        _ = try toy.fetcher.fetch([FetchRequest(url: file.url, sha256: file.sha256, label: file.filename)])
        let before = toy.server.requests.count
        #expect(try toy.index.metadata(of: file) == ToyWheel.metadata)
        #expect(toy.server.requests.count == before)
    }

    @Test func smallWheelIsLessThanItsTail() throws {
        var wheel = ToyWheel()
        wheel.members.removeLast()
        let toy = try ToyIndex.demo(page(of: wheel.bytes), wheel: wheel.bytes)
        #expect(try toy.index.metadata(of: toy.demoFile()) == ToyWheel.metadata)
        #expect(toy.wheelRequests == 1)
    }

    @Test func largeDirectoryComesInASecondPart() throws {
        var wheel = ToyWheel()
        wheel.members += (0..<2_000).map {
            ZipMember("demo/module_with_a_long_name_\($0).py", [], deflated: false)
        }
        let toy = try ToyIndex.demo(page(of: wheel.bytes), wheel: wheel.bytes)
        #expect(try toy.index.metadata(of: toy.demoFile()) == ToyWheel.metadata)
        #expect(toy.wheelRequests >= 2)
    }

    @Test(arguments: [true, false]) func wheelsThatAreNone(ranges: Bool) throws {
        var none = ToyWheel()
        none.members.removeFirst()
        var two = ToyWheel()
        two.members.append(ZipMember("other-1.0.dist-info/METADATA", ToyWheel.metadata))
        var deep = ToyWheel()
        deep.members[0] = ZipMember("demo/demo-1.0.dist-info/METADATA", ToyWheel.metadata)
        let whole = ToyWheel().bytes
        for wheel in [none.bytes, two.bytes, deep.bytes, Array(whole.dropLast(5)), [], Array("no zip".utf8)] {
            let toy = try ToyIndex.demo(page(of: wheel), wheel: wheel, ranges: ranges)
            let file = try toy.demoFile()
            #expect {
                try toy.index.metadata(of: file)
            } throws: { ($0 as? FailureList)?.kind == .damaged }
            #expect(try toy.fetcher.store.document(.coreMetadata, of: #require(file.sha256)) == nil)
        }
    }

    @Test func everyFailureIsTold() throws {
        let toy = try ToyIndex { request in
            request.path.hasPrefix("/simple/")
                ? .ok(
                    "<a href='/a-1-py3-none-any.whl'></a><a href='/b-1-py3-none-any.whl'></a>",
                    type: "text/html")
                : .status(500)
        }
        let name = try ProjectName("a")
        let files = try #require(try toy.index.files(of: [name])[name])
        #expect(files.count == 2)
        #expect {
            try toy.index.metadata(of: files)
        } throws: { ($0 as? FailureList)?.failures.count == 2 }
    }
}
