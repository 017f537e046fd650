import Digests
import Failures
import Fetch
import Files
import Indexes
import TestSupport
import Testing
import Wheels

/// A wheel `demo 1.0` whose METADATA stands first, far from the directory at the end.
struct ToyWheel {
    static let filename = "demo-1.0-py3-none-any.whl"
    static let metadata = Array("Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n\nWords.\n".utf8)

    var members = [
        ZipMember("demo-1.0.dist-info/METADATA", ToyWheel.metadata),
        ZipMember("demo/data.bin", [UInt8](repeating: 7, count: 400_000), deflated: false),
    ]

    var bytes: [UInt8] { ZipBuilder(members).bytes }
}

/// A store of its own, a fetcher and an index on a loopback server.
struct ToyIndex {
    let directory = TemporaryDirectory()
    let server: LoopbackServer
    let fetcher: Fetcher
    let index: WheelIndex

    init(_ answer: @escaping @Sendable (LoopbackServer.Request) -> LoopbackServer.Answer) throws {
        server = LoopbackServer(answer)
        fetcher = try Self.fetcher(in: directory)
        index = try WheelIndex(server.url + "/simple/", fetcher: fetcher)
    }

    static func fetcher(in directory: TemporaryDirectory, offline: Bool = false) throws -> Fetcher {
        var options = FetchOptions(version: "test")
        options.retry.base = 0.001
        options.usesProxies = false
        options.usesNetrc = false
        options.offline = offline
        return Fetcher(store: try ArchiveStore(path: directory.path + "/store"), options: options)
    }

    /// Serves one page for `demo` and the wheel beside it, everything else by `other`.
    static func demo(
        _ page: String, wheel: [UInt8] = ToyWheel().bytes, ranges: Bool = true,
        beside: LoopbackServer.Answer = .status(404)
    ) throws -> ToyIndex {
        try ToyIndex { request in
            switch request.path {
            case "/simple/demo/": .ok(page, type: "text/html")
            case "/files/" + ToyWheel.filename: ranges ? .ok(wheel).ranged(request) : .ok(wheel)
            case "/files/" + ToyWheel.filename + ".metadata": beside
            default: .status(404)
            }
        }
    }

    func demoFile() throws -> IndexFile {
        let demo = try ProjectName("demo")
        return try #require(try index.files(of: [demo])[demo]?.first)
    }

    /// How often METADATA's own file, and the wheel, were asked for.
    var besideRequests: Int { server.count("/files/\(ToyWheel.filename).metadata") }
    var wheelRequests: Int { server.count("/files/\(ToyWheel.filename)") }
}

/// A PEP 503 page with one link to the toy wheel.
func page(of wheel: [UInt8] = ToyWheel().bytes, attributes: String = "") -> String {
    """
    <!DOCTYPE html><html><body>
    <a href="../../files/\(ToyWheel.filename)#sha256=\(SHA256.hash(wheel))"\(attributes)>\(ToyWheel.filename)</a>
    </body></html>
    """
}
