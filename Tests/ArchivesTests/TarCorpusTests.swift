import Archives
import Files
import Glibc
import Testing

/// Archives that others made to confuse readers of tar, where a copy of them lies beside the package.
@Suite struct TarCorpusTests {
    private static let folder: String? = {
        let above = #filePath.split(separator: "/").dropLast(3).map(String.init)
        let path = "/" + above.dropLast().joined(separator: "/") + "/shared/data/corpus"
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

    /// Legal and read on purpose, though the collection would refuse or allows to refuse.
    private func verdict(_ path: String) -> String? {
        do {
            let file = try OpenFile.read(path)
            var limits = TarLimits()
            limits.totalSize = 256 << 20
            _ = try TarReader.read(file, limits: limits) { _, _ in }
            return nil
        } catch { return "\(error)" }
    }

    @Test(.enabled(if: folder != nil, "the collection is not here"))
    func whatMustBeRefusedIs() {
        for (path, expected) in Self.archives { print("CORPUS", expected, verdict(path) ?? "ACCEPTED", path.split(separator:"/").suffix(2).joined(separator:"/")) }
    }
}
