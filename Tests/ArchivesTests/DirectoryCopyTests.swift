import Archives
import Digests
import Files
import Glibc
import TestSupport
import Testing

/// Copying what must be what somebody said it is.
@Suite struct DirectoryCopyTests {
    private let scratch = TemporaryDirectory()
    private let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    private var source: MemoryBytes { MemoryBytes(bytes, name: "the source") }

    private func names() throws -> [String] { try scratch.directory().names() }

    @Test func theRightBytesTakeTheirPlace() throws {
        try scratch.write("a", "what was there", permissions: 0o600)
        var seen = 0
        let digest = try scratch.directory().copy(
            source, to: RelativePath("a"), permissions: 0o755, expected: SHA256.hash(bytes)
        ) { seen += $0.count }
        #expect(digest == SHA256.hash(bytes) && seen == bytes.count)
        #expect(try scratch.directory().contents(of: RelativePath("a")) == bytes)
        #expect(access(scratch.path + "/a", X_OK) == 0)
        #expect(try names() == ["a"])
    }

    @Test func otherBytesLeaveEverythingAsItWas() throws {
        try scratch.write("a", "what was there")
        #expect(throws: ArchiveError.self) {
            try scratch.directory().copy(source, to: RelativePath("a"), expected: SHA256.hash("other"))
        }
        #expect(try names() == ["a"])
        #expect(try scratch.directory().contents(of: RelativePath("a")) == Array("what was there".utf8))
    }

    @Test func aLinkInTheWayIsReplacedAndNotFollowed() throws {
        try scratch.write("outside/precious", "precious")
        #expect(symlink("outside/precious", scratch.path + "/a") == 0)
        #expect(symlink("outside/precious", scratch.path + "/a.part") == 0)
        try scratch.directory().copy(source, to: RelativePath("a"))
        #expect(try scratch.directory().contents(of: RelativePath("a")) == bytes)
        #expect(
            try scratch.directory().contents(of: RelativePath("outside/precious")) == Array("precious".utf8))
    }

    @Test(arguments: [0, 1, 100, 1 << 20])
    func aCompressedDocumentIsReadAgain(count: Int) throws {
        let document = Array(bytes[..<count])
        let frame = try ZstandardDeflater.frame(document, name: "a document")
        #expect(try ZstandardDeflater.frame(document, name: "a document") == frame)
        let read = try Compression.zstandard.decompress(
            MemoryBytes(frame, name: "frame"), limit: UInt64(max(1, count)))
        #expect(read == document)
    }
}
