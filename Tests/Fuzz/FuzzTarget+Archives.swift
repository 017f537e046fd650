import Archives
import Files
import TestSupport

extension FuzzTarget {
    static let archives = [
        FuzzTarget(name: "zip", run: readZip, seeds: zipSeeds, words: zipWords),
        FuzzTarget(name: "tar", run: { try readTar(withChecksums($0)) }, seeds: tarSeeds, words: tarWords),
        FuzzTarget(name: "compressed-tar", run: readTar, seeds: compressedTarSeeds),
        FuzzTarget(name: "streams", run: decompress, seeds: streamSeeds),
    ]

    static let zipWords = [
        "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}", "PK\u{7}\u{8}", "../",
        "a/b",
    ]
    static let tarWords = [
        "ustar\u{0}00", "ustar  \u{0}", "path=", "linkpath=", "size=", "GNU.sparse.", "../", "././@LongLink",
        "SCHILY.",
        "12 path=abc\n", "0000644\u{0}", "00000000000\u{0}",
    ]

    static func readZip(_ bytes: [UInt8]) throws {
        let source = MemoryBytes(bytes, name: "input.zip")
        let workspace = InflateWorkspace()
        // Once in pieces, once whole where that is allowed: both ways must judge alike.
        func pass(whole: Bool) throws -> [UInt64] {
            var sizes: [UInt64] = []
            var stream = ZipStream(
                source, directory: try ZipDirectory.read(from: source), workspace: workspace)
            _ = try stream.run { entry, contents in
                law(
                    (try? RelativePath(entry.name)) != nil || entry.isDirectory,
                    "a member's name is safe: \(entry.name)")
                var size: UInt64 = 0
                if whole, contents.fitsInMemory() {
                    size = UInt64(try contents.whole().count)
                } else {
                    try contents.stream {
                        size += UInt64($0.count)
                        law(size <= entry.size, "never more bytes than declared")
                    }
                }
                law(size == entry.size, "a member has the bytes it declares")
                sizes.append(size)
            }
            return sizes
        }
        let inPieces = Result { try pass(whole: false) }
        let atOnce = Result { try pass(whole: true) }
        law((try? inPieces.get()) == (try? atOnce.get()), "whole and in pieces, a member is judged alike")
        _ = try inPieces.get()
    }

    static func readTar(_ bytes: [UInt8]) throws {
        var limits = TarLimits()
        limits.members = 2_000
        limits.totalSize = 32 << 20
        let region = try Scratch.region(bytes, name: "input.tar")
        var total: UInt64 = 0
        _ = try TarReader.read(region.file.file, length: region.size, limits: limits) { entry, content in
            law((try? RelativePath(entry.path.string)) != nil, "a member's path is safe")
            if case .symbolicLink(let target) = entry.kind {
                law(isInside(target, below: entry.path), "a link stays inside: \(entry.path) -> \(target)")
            }
            var size: UInt64 = 0
            try content.forEachChunk { size += UInt64($0.count) }
            law(size == entry.size, "a member has the bytes it declares")
            total += size
            law(total <= limits.totalSize, "the limit of the whole archive holds")
        }
    }

    /// Whether the target, taken from the directory of the link, leads nowhere above the archive's own.
    static func isInside(_ target: String, below path: RelativePath) -> Bool {
        guard target.utf8.first != 0x2f else { return false }
        var depth = path.components.count - 1
        for part in target.utf8.split(separator: 0x2f) {
            if part.elementsEqual("..".utf8) {
                depth -= 1
            } else if !part.elementsEqual(".".utf8) {
                depth += 1
            }
            if depth < 0 { return false }
        }
        return true
    }

    /// With the checksum of each header put right, so that changes of its fields get past it.
    static func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for start in stride(from: 0, to: bytes.count - 511, by: 512)
        where bytes[start + 257..<start + 262].elementsEqual("ustar".utf8) {
            bytes.replaceSubrange(start + 148..<start + 156, with: repeatElement(0x20, count: 8))
            let digits = String(bytes[start..<start + 512].reduce(0) { $0 + Int($1) }, radix: 8)
            let field = String(repeating: "0", count: 6 - digits.utf8.count) + digits + "\0 "
            bytes.replaceSubrange(start + 148..<start + 156, with: field.utf8)
        }
        return bytes
    }

    @Sendable static func decompress(_ bytes: [UInt8]) throws {
        let source = MemoryBytes(bytes, name: "input")
        var refusal: (any Error)?
        for compression in Compression.allCases {
            var size = 0
            do {
                try compression.decompress(source, limit: 8 << 20) { size += $0.count }
            } catch {
                refusal = error
            }
            law(size <= 8 << 20, "the limit of a stream holds")
        }
        if let refusal { throw refusal }
    }

    @Sendable static func zipSeeds() -> [[UInt8]] {
        let members = [
            ZipMember("a.txt", "aaaa", deflated: true), ZipMember("b/c.txt", "bbbbb", deflated: false),
            ZipMember("d.txt", String(repeating: "long ", count: 200), deflated: true),
        ]
        var described = members
        for index in described.indices { described[index].hasDescriptor = true }
        var wide = described
        for index in wide.indices { wide[index].usesZip64 = true }
        return [
            ZipBuilder(members).bytes, ZipBuilder(described).bytes,
            ZipBuilder(wide) { $0.usesZip64 = true }.bytes,
            ZipBuilder([]) { $0.comment = "a comment".bytes }.bytes, WheelBuilder().bytes,
        ]
    }

    @Sendable static func tarSeeds() -> [[UInt8]] {
        let long = String(repeating: "long/", count: 40) + "name"
        let members: [TarFixture.Member] = [
            .init("bin", type: "5"), .init("bin/tool", "text"), .init("bin/link", type: "2", link: "tool"),
            .init("bin/hard", type: "1", link: "bin/tool"), .init(long, "far"),
        ]
        var gnu = TarFixture()
        gnu.add(.init("././@LongLink", type: "L", Array((long + "\0").utf8)))
        gnu.add(.init("long", "text"))
        gnu.end()
        var pax = TarFixture()
        pax.pax([("path", "a/b"), ("mtime", "1700000000.5"), ("size", "4")])
        pax.add(.init("a", "text"))
        pax.add(.init("pax_global_header", type: "g", "20 comment=something\n"))
        pax.end()
        return [TarFixture.of(members), TarFixture.of([members[1]]), gnu.bytes, pax.bytes, TarFixture.of([])]
    }

    @Sendable static func compressedTarSeeds() -> [[UInt8]] {
        tarSeeds().flatMap { [zstandard($0), bzip2($0), zstandard($0, windowLog: 10, checksum: true)] }
    }

    @Sendable static func streamSeeds() -> [[UInt8]] {
        ["", "text", String(repeating: "repeated ", count: 500)].flatMap { text in
            [
                zstandard(text.bytes), zstandard(text.bytes, windowLog: 10, checksum: true),
                bzip2(text.bytes, level: 1),
            ]
        }
    }
}
