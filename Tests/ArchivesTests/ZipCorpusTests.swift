import Archives
import Digests
import TestSupport
import Testing

/// Five hundred archives made to confuse readers, where they are at hand; `docs/archive-policy.md` has the same
/// decisions in words.
@Suite(.enabled("the corpus is not beside the package", { SharedData.directory("corpus") != nil }))
struct ZipCorpusTests {
    enum Verdict: String { case read, refused }

    /// What the catalogue leaves open.
    static let policies: [String: Verdict] = [
        "cpython-archivetestdata/zip_cp437_header.zip": .refused,
        "malo/zip/accept/data_descriptor.zip": .refused,
        "malo/zip/accept/data_descriptor_zip64.zip": .refused,
        "yauzl/success/bogus-compression-method.zip": .refused,
        "yauzl/success/sloppy-filenames.zip": .refused,
        "yauzl/success/traditional-encryption-and-compression.zip": .refused,
        "yauzl/success/traditional-encryption-and-compression_deprecated.zip": .refused,
        "yauzl/success/traditional-encryption.zip": .refused,
        "yauzl/success/traditional-encryption_deprecated.zip": .refused,
        "cpython-archivetestdata/zipdir.zip": .read,
    ]

    /// Where we judge otherwise than the catalogue, and why.
    static let departures: [String: (Verdict, reason: String)] = [
        "malo/zip/iffy/crc_collision_empty_nonempty.zip": (.read, "two members may have one CRC-32"),
        "malo/zip/iffy/crc_collision_two_nonempty.zip": (.read, "two members may have one CRC-32"),
        "malo/zip/iffy/crc_zero_nonempty.zip": (.read, "zero is a CRC-32 like any other"),
        "malo/zip/iffy/nosubdir.zip": (.read, "wheels list files and not directories"),
        "warehouse-zipdata/accept/short_usize.zip": (.refused, "it gives more bytes than it declares"),
        "warehouse-zipdata/accept/short_usize_zip64.zip": (.refused, "it declares two sizes"),
        "yauzl/success/unicode-path-extra-field.zip": (.refused, "two readers see two names"),
        "zip-bombs/recursive-10-level-100KB.zip": (.read, "archives inside an archive are not opened"),
    ]

    @Test func `every archive is judged as its catalogue says, or as a written decision does`() throws {
        let corpus = try #require(SharedData.directory("corpus"))
        let catalogue = try FileRegion(path: "\(corpus)/CATALOG.tsv")
        let lines = String(
            decoding: try catalogue.bytes(at: 0, count: Int(catalogue.size)), as: UTF8.self
        ).split(separator: "\n").dropFirst()
        var judged = 0
        for line in lines {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields[3] == "zip" else { continue }
            let expected =
                Self.policies[fields[0]] ?? Self.departures[fields[0]]?.0
                ?? (fields[4] == "accept" ? .read : .refused)
            judged += 1
            do {
                let reading = try readWhole(
                    FileRegion(path: "\(corpus)/\(fields[0])"), keepingContents: false)
                #expect(expected == .read, "\(fields[0]) was read")
                #expect(reading.digest.hex == fields[2], "\(fields[0])")
            } catch let error as ArchiveError {
                #expect(expected == .refused, "\(error)")
            }
        }
        #expect(judged > 190)
    }
}
