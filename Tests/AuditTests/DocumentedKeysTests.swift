import Bundle
import Digests
import Glibc
import Lock
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

    private func licenses() throws -> LicenseReport {
        var package = Example.wheel("flask", "3.0.3")
        package.licenseSource = "text"
        let components = try #require(
            InstallerComponents.find(
                in: Array(
                    "airlift-components 1\npkg:generic/a\t1\t\npkg:generic/zlib\t1.2\tZlib\nairlift-components end\n"
                        .utf8)))
        return LicenseReport(
            title: "payroll",
            packages: [.init(package, texts: [LicenseText(path: "LICENSE", bytes: Array("Be kind.".utf8))])],
            installer: components.parts)
    }

    private func policy(_ manifest: Manifest) throws -> PolicyDocument {
        let text = """
            deny = ['MIT']
            [[exception]]
            package = 'flask'
            rule = 'deny'
            reason = 'reviewed'
            """
        let policy = try Policy(PolicySpec.read(Array(text.utf8), file: "p.toml"), file: "p.toml")
        let day = CalendarDate(year: 2026, month: 11, day: 21)
        var document = PolicyDocument(
            policy, title: "payroll", policy.judge(PolicySubject(manifest), on: day), on: day)
        #expect(document.excepted.count == 1 && document.violations.count == 1)
        document.recorded = PolicyReport(evaluated: day.text, violations: document.violations)
        return document
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
            try CanonicalJSON.encode(try licenses()), try CanonicalJSON.encode(try policy(old)),
        ]
        for key in Set(documents.flatMap(keys)) { #expect(page.contains("`\(key)`"), "\(key)") }
        #expect(Set(documents.flatMap(keys)).count > 40)
        for fact in Fact.allCases { #expect(page.contains("`\(fact.rawValue)`")) }
        for change in PackageChange.Kind.allCases { #expect(page.contains("`\(change.rawValue)`")) }
    }
}
