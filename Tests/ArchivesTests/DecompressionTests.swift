import Archives
import Failures
import TestSupport
import Testing

@Suite struct DecompressionTests {
    static let text = "{\"info\":{\"subdir\":\"noarch\"}}\n"
    static let bzip2: [UInt8] = [
        0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0x72, 0xce, 0x7a, 0x69, 0x00, 0x00,
        0x0c, 0xd9, 0x80, 0x00, 0x10, 0x10, 0x00, 0x00, 0x10, 0x3d, 0x61, 0x9a, 0x0a, 0x20, 0x00, 0x22,
        0x83, 0x35, 0x03, 0x27, 0x94, 0x28, 0x69, 0xa6, 0x00, 0x14, 0xca, 0x16, 0x8c, 0xd1, 0x90, 0xe1,
        0x81, 0x26, 0xe5, 0xf0, 0x59, 0x22, 0x9b, 0xe2, 0xee, 0x48, 0xa7, 0x0a, 0x12, 0x0e, 0x59, 0xcf,
        0x4d, 0x20,
    ]
    static let gzip: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0x56, 0xca, 0xcc, 0x4b, 0xcb,
        0x57, 0xb2, 0xaa, 0x56, 0x2a, 0x2e, 0x4d, 0x4a, 0xc9, 0x2c, 0x52, 0xb2, 0x52, 0xca, 0xcb, 0x4f,
        0x2c, 0x4a, 0xce, 0x50, 0xaa, 0xad, 0xe5, 0x02, 0x00, 0x8b, 0xcc, 0xb9, 0x74, 0x1d, 0x00, 0x00,
        0x00,
    ]
    static let all: [(Compression, [UInt8])] = [
        (.zstandard, ZstandardFrame.holding(text)), (.bzip2, bzip2), (.gzip, gzip),
    ]

    private func unpack(_ compression: Compression, _ bytes: [UInt8], limit: UInt64 = 1 << 20) throws
        -> String
    {
        let source = MemoryBytes(bytes, name: "repodata.json.\(compression.rawValue)")
        return String(decoding: try compression.decompress(source, limit: limit), as: UTF8.self)
    }

    @Test(arguments: all)
    func wholeStreams(_ compression: Compression, _ bytes: [UInt8]) throws {
        #expect(try unpack(compression, bytes) == Self.text)
        #expect(try unpack(compression, bytes, limit: UInt64(Self.text.utf8.count)) == Self.text)
    }

    @Test(arguments: all)
    func everyTruncationIsRefused(_ compression: Compression, _ bytes: [UInt8]) {
        for count in 0..<bytes.count {
            #expect(throws: ArchiveError.self, "\(count) bytes") {
                try unpack(compression, Array(bytes[..<count]))
            }
        }
    }

    @Test(arguments: all)
    func whatFollowsIsRefused(_ compression: Compression, _ bytes: [UInt8]) {
        #expect(throws: ArchiveError.self) { try unpack(compression, bytes + [0x7b]) }
        #expect(throws: ArchiveError.self) { try unpack(compression, bytes + Array("further bytes".utf8)) }
    }

    @Test(arguments: all)
    func otherCompressionThanTheNameSays(_ compression: Compression, _ bytes: [UInt8]) {
        for other in Compression.allCases where other != compression {
            #expect(throws: ArchiveError.self) { try unpack(other, bytes) }
        }
        #expect(throws: ArchiveError.self) { try unpack(compression, Array(Self.text.utf8)) }
        #expect(throws: ArchiveError.self) { try unpack(compression, []) }
    }

    @Test(arguments: all)
    func tooMuchIsRefused(_ compression: Compression, _ bytes: [UInt8]) {
        #expect(throws: ArchiveError.self) {
            try unpack(compression, bytes, limit: UInt64(Self.text.utf8.count) - 1)
        }
    }

    @Test func bombIsStoppedAtTheLimit() throws {
        let bomb = ZstandardFrame.bomb(size: 1 << 30)
        #expect(bomb.count < 40_000)
        var seen = 0
        let message = failure {
            try Compression.zstandard.decompress(MemoryBytes(bomb, name: "bomb.zst"), limit: 1 << 20) {
                seen += $0.count
            }
        }?.description
        #expect(message?.contains("bomb.zst") == true && message?.contains("1048576") == true)
        #expect(seen <= 1 << 20)
    }

    @Test func manyBlocksAndAnEmptyStream() throws {
        let large = String(repeating: "0123456789", count: 50_000)
        #expect(try unpack(.zstandard, ZstandardFrame.holding(large)) == large)
        #expect(try unpack(.zstandard, ZstandardFrame.holding("")) == "")
    }
}
