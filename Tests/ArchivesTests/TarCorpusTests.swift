import Archives
import Files
import Glibc
import Testing

/// Archives that others made to confuse readers of tar, where a copy of them lies beside the package.
@Suite struct TarCorpusTests {
    private static let folder: String? = {
        if let named = getenv("AIRLIFT_TEST_DATA") { return String(cString: named) + "/corpus" }
        let above = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let path = "/\(above)/shared/data/corpus"
        return access(path + "/CATALOG.tsv", R_OK) == 0 ? path : nil
    }()

    private static let archives: [(path: String, expected: String)] = {
        guard let folder, let file = try? OpenFile.read(folder + "/CATALOG.tsv"),
            let size = try? file.status().size, let bytes = try? file.bytes(at: 0, count: Int(size))
        else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count >= 5, fields[3].hasPrefix("tar") else { return nil }
            return (folder + "/" + fields[0], String(fields[4]))
        }
    }()

    private func verdict(_ path: String) -> String? {
        do {
            var limits = TarLimits()
            limits.totalSize = 256 << 20
            _ = try TarReader.read(OpenFile.read(path), limits: limits) { _, _ in }
            return nil
        } catch { return "\(error)" }
    }

    /// All readers that were tried agree on what these hold.
    private static let harmless = [
        // The extended header repeats the size that the header says.
        "pax-hidden-entry.tar", "pax-phantom-entry.tar",
        // A link to a sibling, and an ordinary file: refused by rules that only their test sets.
        "test_deep_symlink.tar", "test_errorlevel.tar",
        // A leading './', and './' itself, as 'tar -C directory .' writes them.
        "pax_dotslash_path.tar", "prefix_empty_name_dot.tar",
        // A name of exactly 100 bytes has no NUL (POSIX), a backslash is a letter here, and readers that know no
        // extended headers see another harmless name.
        "name_no_nul.tar", "backslash_name.tar", "pax_path_nonzero_fixed.tar",
        // Both blocks of zeros are there; only the record of 10,240 bytes is not full.
        "simple_missing_last_header.tar",
    ]

    @Test(.enabled(if: folder != nil, "the collection is not here"))
    func whatMustBeRefusedIs() {
        let hostile = Self.archives.filter { archive in
            archive.expected.hasPrefix("reject")
                && !Self.harmless.contains { archive.path.hasSuffix("/" + $0) }
        }
        #expect(!hostile.isEmpty)
        for (path, _) in hostile { #expect(verdict(path) != nil, "\(path) was read") }
    }

    @Test(.enabled(if: folder != nil, "the collection is not here"))
    func whatIsOrdinaryIsRead() {
        let ordinary = Self.archives.filter { $0.expected == "accept" }
        #expect(!ordinary.isEmpty)
        for (path, _) in ordinary { #expect(verdict(path) == nil) }
    }
}
