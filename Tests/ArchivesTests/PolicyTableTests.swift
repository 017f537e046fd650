import Archives
import Files
import TestSupport
import Testing

/// Holds the readers against the last table of `docs/archive-policy.md`.
@Suite(.enabled("the corpus is not beside the package", { CorpusCatalogue.isHere }))
struct PolicyTableTests {
    /// Decision by archive.
    private func table() throws -> [String: String] {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try OpenFile.read("/\(package)/docs/archive-policy.md")
        let page = String(
            decoding: try file.bytes(at: 0, count: Int(file.status().size)), as: UTF8.self)
        var decisions: [String: String] = [:]
        for line in page.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
            guard cells.count == 4 || cells.count == 3, let name = cells[0].split(separator: "`").first
            else { continue }
            #expect(decisions[String(name)] == nil, "\(name) is decided twice")
            #expect(cells[2].count > 4, "\(name) has no reason")
            decisions[String(name)] = cells[1].split(separator: " ").first.map(String.init)
        }
        return decisions
    }

    @Test func `every archive that the catalogue leaves open is decided, and judged so`() throws {
        let decisions = try table()
        let open = try CorpusCatalogue.rows().filter { $0.expected == "policy" }
        #expect(open.count == 20)
        #expect(Set(decisions.keys) == Set(open.map(\.name)))
        for row in open { #expect(try verdict(row) == decisions[row.name], "\(row.name)") }
    }

    private func verdict(_ row: CorpusCatalogue.Row) throws -> String {
        do {
            if row.format == "zip" {
                _ = try readWhole(FileRegion(path: row.path), keepingContents: false)
            } else {
                _ = try TarReader.read(OpenFile.read(row.path)) { _, _ in }
            }
            return "read"
        } catch is ArchiveError { return "refused" } catch is TarError { return "refused" }
    }
}
