import Archives
import Files
import Testing

/// Compressed streams that others made to confuse decompressors, through the stages that Airlift has.
/// `docs/archive-policy.md` has the same decisions in words.
@Suite(.enabled("the corpus is not beside the package", { CorpusCatalogue.isHere }))
struct StreamCorpusTests {
    enum Verdict { case read, refused }

    /// Where we judge otherwise than the catalogue, and why.
    static let departures: [String: (Verdict, reason: String)] = [
        "malo/zstd/accept/empty.zst": (.refused, "no archive is empty"),
        "malo/zstd/iffy/consecutive_skippable_frames.zst": (.read, "parallel writers leave skippable frames"),
        "malo/zstd/iffy/empty_skippable.zst": (.read, "parallel writers leave skippable frames"),
        "malo/zstd/iffy/skippable_between_frames.zst": (.read, "parallel writers leave skippable frames"),
        "malo/zstd/iffy/consecutive_zero_byte_frames.zst": (.read, "frames without content add nothing"),
        "malo/zstd/iffy/multi_empty_blocks.zst": (.read, "blocks without content add nothing"),
        "malo/zstd/iffy/dict_id_zero_2byte.zst": (.read, "zero is no dictionary, however wide"),
        "malo/zstd/iffy/dict_id_zero_4byte.zst": (.read, "zero is no dictionary, however wide"),
        "malo/zstd/iffy/unused_bit_set.zst": (.read, "RFC 8878: a decoder ignores the unused bit"),
        "malo/zstd/iffy/single_segment_16mb.zst": (.read, "windows up to 128 MiB are allowed"),
        "malo/zstd/iffy/window_16mb.zst": (.read, "windows up to 128 MiB are allowed"),
        "malo/deflate/iffy/nonzero_padding.deflate": (.read, "no reader takes anything from the padding"),
    ]

    /// Without zstd's first four bytes they are not compressed: plain bytes to the decompressing stage, and no tar
    /// archive to the reader behind it.
    static let uncompressed: Set<String> = [
        "malo/zstd/reject/bad_magic.zst", "malo/zstd/reject/bare_block.zst",
        "malo/zstd/reject/bare_block_then_frame.zst",
    ]

    static func expected(_ row: CorpusCatalogue.Row) -> Verdict {
        departures[row.name]?.0 ?? (row.expected.hasPrefix("accept") ? .read : .refused)
    }

    @Test func `each zstd and xz stream is judged as its catalogue says, or as a written decision does`()
        throws
    {
        let rows = try CorpusCatalogue.rows().filter { $0.format == "zst" || $0.format == "xz" }
        #expect(rows.count == 68)
        for row in rows where !Self.uncompressed.contains(row.name) {
            switch try inflateAsTar(row.path, limit: 32 << 20) {
            case .read: #expect(Self.expected(row) == .read, "\(row.name) was read")
            case .refused(let reason): #expect(Self.expected(row) == .refused, "\(row.name): \(reason)")
            }
        }
    }

    @Test(arguments: uncompressed.sorted())
    func `what only looks compressed is plain bytes, and refused as a tar archive`(name: String) throws {
        let row = try #require(try CorpusCatalogue.rows().first { $0.name == name })
        #expect(try inflateAsTar(row.path, limit: 1 << 20) == .read(bytes: row.bytes.count))
        #expect(throws: TarError.self) { try TarReader.read(OpenFile.read(row.path)) { _, _ in } }
    }

    @Test func `both inflaters judge each deflate stream as its catalogue says, and give the same bytes`()
        throws
    {
        let rows = try CorpusCatalogue.rows().filter { $0.format == "deflate" }
        #expect(rows.count == 23)
        let limit = 4_096
        for row in rows {
            let compressed = try row.bytes
            let atOnce = inflateInPieces(compressed, of: limit, limit: limit)
            let byteByByte = inflateInPieces(compressed, of: 1, limit: limit)
            #expect(atOnce == byteByByte, "\(row.name)")
            guard Self.expected(row) == .read else {
                #expect(atOnce == nil, "\(row.name) was read")
                // It would have to be told the size; no size makes it take this stream.
                for size in 0...limit { #expect(inflateWhole(compressed, size: size) == nil, "\(row.name)") }
                continue
            }
            let bytes = try #require(atOnce, "\(row.name) was refused")
            #expect(inflateWhole(compressed, size: bytes.count) == bytes, "\(row.name)")
            #expect(inflateWhole(compressed, size: bytes.count + 1) == nil, "\(row.name)")
            if !bytes.isEmpty {
                #expect(inflateWhole(compressed, size: bytes.count - 1) == nil, "\(row.name)")
            }
        }
    }

    @Test func `a stream of 16 MiB in 525 bytes ends at the limit`() throws {
        let name = "malo/zstd/iffy/single_segment_16mb.zst"
        let row = try #require(try CorpusCatalogue.rows().first { $0.name == name })
        guard case .refused(let reason) = try inflateAsTar(row.path, limit: 1 << 20) else {
            Issue.record("\(name) was read")
            return
        }
        #expect(reason.contains("more than the allowed 1048576 bytes"))
        #expect(try inflateAsTar(row.path, limit: 16 << 20) == .read(bytes: 16 << 20))
    }
}
