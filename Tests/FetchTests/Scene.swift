import Digests
import Failures
import Fetch
import Files
import TestSupport
import Testing

/// A store of its own and a fetcher that waits for nothing longer than it must.
struct Scene {
    let directory = TemporaryDirectory()
    let store: ArchiveStore
    var options: FetchOptions

    init() throws {
        store = try ArchiveStore(path: directory.path + "/store")
        options = FetchOptions(version: "test")
        options.retry.base = 0.001
        options.usesProxies = false
        options.usesNetrc = false
    }

    var fetcher: Fetcher { Fetcher(store: store, options: options) }

    /// Everything in the store with its size: what must be equal before and after a failure.
    func listing() throws -> [String] {
        var lines: [String] = []
        try Directory.open(store.path).walk { path, status in
            lines.append("\(path) \(status.kind == .file ? "\(status.size)" : "-")")
        }
        return lines
    }

    /// Fetches one file, which must fail and leave the store as it was.
    func failure(_ request: FetchRequest, sourceLocation: SourceLocation = #_sourceLocation) throws
        -> FetchError
    {
        let before = try listing()
        var found: FetchError?
        do {
            _ = try fetcher.fetch([request])
            Issue.record("it was fetched", sourceLocation: sourceLocation)
        } catch let error as FailureList {
            #expect(error.failures.count == 1, sourceLocation: sourceLocation)
            found = error.failures.first as? FetchError
        }
        #expect(try listing() == before, sourceLocation: sourceLocation)
        return try #require(found, sourceLocation: sourceLocation)
    }
}

func request(_ url: String, _ body: [UInt8], size: Bool = true) -> FetchRequest {
    FetchRequest(
        url: url, sha256: SHA256.hash(body), size: size ? UInt64(body.count) : nil, label: "demo-1.0.whl")
}

/// A pattern whose period, 251, no offset of a test is a multiple of.
func bytes(_ count: Int, seed: UInt8 = 1) -> [UInt8] {
    let period = (0..<251).map { UInt8($0) &+ seed }
    var bytes: [UInt8] = []
    while bytes.count + period.count <= count { bytes += period }
    return bytes + period.prefix(count - bytes.count)
}
