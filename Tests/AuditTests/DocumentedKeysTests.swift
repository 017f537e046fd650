import Digests
import Glibc
import Testing

@testable import Audit

/// docs/audit-json.md names every key and every word of the documents.
@Suite struct DocumentedKeysTests {
    private func page() throws -> String {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
        let file = try #require(fopen("\(root)/docs/audit-json.md", "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    private func keys(_ bytes: [UInt8]) -> [String] {
        // Each odd part stands in quotes; a key is one that a colon follows. The examples hold no quotes.
        let parts = String(decoding: bytes, as: UTF8.self).split(
            separator: "\"", omittingEmptySubsequences: false)
        return parts.indices.dropLast().filter { $0 % 2 == 1 && parts[$0 + 1].hasPrefix(":") }.map {
            String(parts[$0])
        }
    }

    @Test func everyKeyIsDescribed() throws {
        let page = try page()
        let old = try Example.manifest(archives: [
            Example.archive("flask", "3.0.3"), Example.archive("idna", "3.7", hooks: ["idna.pth"]),
        ])
        let new = try Example.manifest(
            version: "2026.12.01",
            archives: [
                Example.archive("flask", "3.1.0"), Example.archive("idna", "3.7", requested: true),
            ], glibc: "2.31", file: "other")
        let documents = [
            try CanonicalJSON.encode(ManifestDiff(from: PackageSet(old), to: PackageSet(new))),
            try CanonicalJSON.encode(ManifestSummary(old, digest: Example.digest("m"))),
        ]
        for key in Set(documents.flatMap(keys)) { #expect(page.contains("`\(key)`"), "\(key)") }
        #expect(Set(documents.flatMap(keys)).count > 40)
        for kind in RebuildDifference.Kind.allCases { #expect(page.contains("`\(kind.rawValue)`")) }
        for fact in Fact.allCases { #expect(page.contains("`\(fact.rawValue)`")) }
        for change in PackageChange.Kind.allCases { #expect(page.contains("`\(change.rawValue)`")) }
    }
}
