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
        var web = Example.wheel("web", "1.0", requested: true)
        web.depends = ["idna", "idna; extra == 'tls'"]
        web.licenseSource = "text"
        var idna = Example.wheel("idna", "3.7")
        idna.depends = ["web[tls]"]
        let graph = DependencyGraph(Example.set([web, idna]))
        let documents = [
            try CanonicalJSON.encode(web),
            try CanonicalJSON.encode(ManifestDiff(from: PackageSet(old), to: PackageSet(new))),
            try CanonicalJSON.encode(try Self.summary(old)),
            try CanonicalJSON.encode(DependencyDocument(graph, title: "payroll")),
            try CanonicalJSON.encode(PackageReason(graph, title: "payroll", name: "idna")),
            try CanonicalJSON.encode(Self.files),
            try CanonicalJSON.encode(try licenses()), try CanonicalJSON.encode(try policy(old)),
        ]
        for key in Set(documents.flatMap(keys)) { #expect(page.contains("`\(key)`"), "\(key)") }
        #expect(Set(documents.flatMap(keys)).count > 40)
        for kind in RebuildDifference.Kind.allCases { #expect(page.contains("`\(kind.rawValue)`")) }
        for fact in Fact.allCases { #expect(page.contains("`\(fact.rawValue)`")) }
        for change in PackageChange.Kind.allCases { #expect(page.contains("`\(change.rawValue)`")) }
    }

    /// With everything in it that can be.
    private static func summary(_ manifest: Manifest) throws -> ManifestSummary {
        var summary = ManifestSummary(manifest, digest: Example.digest("m"))
        summary.bundleBytes = 1
        summary.signatures = [
            SignatureSummary(
                name: "a.sig", fingerprint: "SHA256:x", algorithm: "ssh-ed25519", correct: true,
                trusted: true,
                principals: ["alice"], fault: "none")
        ]
        summary.policy = PolicyReport(
            evaluated: "2026-11-21", violations: [.init(rule: "deny", package: "idna", detail: "GPL")])
        summary.root = RootSummary(
            path: "/opt", current: "1",
            releases: [
                .init(
                    release: "1", version: "1", serial: 1, installedAt: "2026", digest: Example.digest("m"),
                    environment: Example.digest("e"), fault: "none")
            ])
        let installation = """
            {"prefix": "/opt", "installed_at": "2026", "generator": "airlift-installer", "threshold": 1,
             "options": {"compile": true, "python": "/usr/bin/python3", "link_scripts": ["a"]},
             "signers": [{"fingerprint": "SHA256:x", "principals": ["alice"]}]}
            """
        summary.installation = try CanonicalJSON.decode(
            InstallationSummary.self, from: Array(installation.utf8))
        return summary
    }

    private static let files = FileListing(
        title: "payroll", source: .archive,
        packages: [
            .init(
                package: .init(Example.wheel("idna", "3.7")),
                contents: PackageFiles(
                    files: [
                        .init(path: "a", mode: "0644", size: 1, sha256: Example.digest("a"), rewritten: true),
                        .init(path: "b", mode: "0777", link: "a"),
                    ], entryPoints: ["a = b:c"], hooks: [.init(.pth, "a.pth")]))
        ])
}
