import Archives
import TestSupport
import Testing

/// How the two parts of a `.conda`, and a `.tar.bz2`, may be compressed.
@Suite struct CondaCompressionTests {
    let reading = CondaReading()
    /// Some megabytes that do not compress to nothing, so that streams have many blocks.
    static let large = CondaArchiveTests.demo.with {
        let bytes = (0..<1_500_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13 & 0x3f) }
        $0.files.append(.file("share/large", bytes))
    }

    private func large(
        _ form: CondaPackageBuilder.Form, _ compress: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> CondaPackageBuilder {
        Self.large.with {
            $0.form = form
            $0.compress = compress
        }
    }

    /// In pieces that end anywhere.
    private static func pieces(_ bytes: [UInt8], of count: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: count).map { Array(bytes[$0..<min($0 + count, bytes.count)]) }
    }

    static let skippable: [UInt8] = [0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]

    @Test func `several frames and streams are the sum of all`() throws {
        for count in [1_000_000, 77_777] {
            let frames = large(.conda) { Self.pieces($0, of: count).flatMap { zstandard($0) } }
            #expect(try reading.read(frames)["share/large"]?.count == 1_500_000)
            let streams = large(.tarBzip2) { Self.pieces($0, of: count).flatMap { bzip2($0, level: 1) } }
            #expect(try reading.read(streams)["share/large"]?.count == 1_500_000)
        }
        let empty = large(.conda) { zstandard([]) + zstandard($0) + zstandard([]) }
        #expect(try reading.read(empty)["bin/demo"] != nil)
        let none = large(.tarBzip2) { bzip2([]) + bzip2($0) + bzip2([]) }
        #expect(try reading.read(none)["bin/demo"] != nil)
    }

    @Test func `skippable frames are passed over`() throws {
        let package = large(.conda) { Self.skippable + zstandard($0) + Self.skippable }
        #expect(try reading.read(package)["bin/demo"] != nil)
        #expect(reading.refusal(large(.conda) { _ in Self.skippable })?.contains("nothing") == true)
    }

    @Test func `streamed frames with checksums are read, and wrong ones refused`() throws {
        let good = large(.conda) { zstandard($0, windowLog: 20, checksum: true) }
        #expect(try reading.read(good)["share/large"]?.count == 1_500_000)
        let bad = large(.conda) {
            var bytes = zstandard($0, windowLog: 20, checksum: true)
            bytes[bytes.count - 1] ^= 1
            return bytes
        }
        #expect(reading.refusal(bad)?.contains("damaged") == true)
    }

    @Test func `windows above 128 MiB are refused before memory is taken`() throws {
        #expect(try reading.read(large(.conda) { zstandard($0, windowLog: 27) })["bin/demo"] != nil)
        #expect(
            reading.refusal(large(.conda) { zstandard($0, windowLog: 28) })?.contains("128 MiB") == true)
    }

    @Test func `bytes behind the end are refused`() {
        for rest: [UInt8] in [[0], [1, 2, 3, 4, 5], Array("BZ".utf8), [0x28, 0xb5, 0x2f]] {
            #expect(reading.refusal(large(.conda) { zstandard($0) + rest }) != nil)
            #expect(reading.refusal(large(.tarBzip2) { bzip2($0) + rest }) != nil)
        }
    }

    @Test func `another compression than the name says is refused`() {
        #expect(reading.refusal(large(.conda) { bzip2($0) })?.contains("as its name says") == true)
        #expect(reading.refusal(large(.conda) { $0 })?.contains("as its name says") == true)
        #expect(reading.refusal(large(.tarBzip2) { zstandard($0) }) != nil)
        #expect(reading.refusal(large(.tarBzip2) { $0 }) != nil)
    }

    @Test func `a damaged block is refused in the middle too`() {
        for form in CondaPackageBuilder.Form.allCases {
            var bytes = Self.large.form(form).bytes
            bytes[bytes.count / 2] ^= 0x10
            #expect(reading.refusal(bytes) != nil)
        }
    }

    @Test func `a bomb ends at the limit`() {
        var limits = TarLimits()
        limits.totalSize = 4 << 20
        let zeros = TarFixture.Member("zeros", [UInt8](repeating: 0, count: 32 << 20))
        for form in CondaPackageBuilder.Form.allCases {
            let bomb = CondaArchiveTests.demo.form(form).with { $0.editMembers = { $0.append(zeros) } }.bytes
            #expect(bomb.count < 20_000)
            #expect(reading.refusal(bomb, limits: limits)?.contains("\(4 << 20)") == true)
        }
    }
}
