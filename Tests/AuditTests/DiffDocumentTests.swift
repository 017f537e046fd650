import Bundle
import Digests
import Files
import TestSupport
import Testing

@testable import Audit

/// Bundles made in code, opened and compared down to their files; and docs/audit-json.md, which names every key of
/// the document.
@Suite struct DiffDocumentTests {
    private let scratch = TemporaryDirectory()
    private let site = "lib/python3.11/site-packages"

    private func bundle(_ name: String, _ change: (inout BundleBuilder) -> Void) throws -> BundleReader {
        let written = try BundleBuilder {
            $0.wheels = []
            $0.ownFiles = []
            change(&$0)
        }.write(to: scratch, below: name)
        return try BundleReader.open(written.path)
    }

    private func diff(_ from: BundleReader, _ to: BundleReader) throws -> ManifestDiff {
        let (old, new) = (
            PackageSet(from.manifest, digest: from.digest), PackageSet(to.manifest, digest: to.digest)
        )
        var diff = ManifestDiff(from: old, to: new)
        try diff.compareFiles(from: old, in: .bundle(from), to: new, in: .bundle(to))
        return diff
    }

    private func pair() throws -> (BundleReader, BundleReader) {
        let old = try bundle("old") {
            $0.wheels = [
                WheelBuilder("demo", "1.0", files: [.init("demo.py", "x = 1\n")]) {
                    $0.entryPoints = [(group: "console_scripts", lines: ["demo = demo:main"])]
                }, WheelBuilder("same"),
            ]
            $0.conda = [
                CondaPackageBuilder(
                    "native", "1.0", "0", files: [.file("lib/libn.so.1", ToyLibrary().bytes())])
            ]
            $0.ownFiles = [.init("etc/app.toml", "port = 1\n")]
        }
        let new = try bundle("new") {
            $0.version = "2026.12.01"
            $0.wheels = [
                WheelBuilder(
                    "demo", "1.1",
                    files: [
                        .init("demo.py", "x = 2\n"), .init("demo.pth", "import demo\n"),
                        .init("demo.so", ToyLibrary().bytes()), .init("run", "", mode: 0o100755),
                    ]
                ) { $0.entryPoints = [(group: "console_scripts", lines: ["demo = demo:start"])] },
                WheelBuilder("same"),
            ]
            $0.conda = [
                CondaPackageBuilder(
                    "native", "1.1", "0",
                    files: [
                        .file("lib/libn.so.1", ToyLibrary { $0.needed = ["libevil.so"] }.bytes()),
                        .symbolicLink("lib/libn.so", to: "libn.so.1"),
                        .file("etc/x", CondaPackageBuilder.placeholder).prefix(),
                    ]
                ) { $0.linkScripts = ["post-link": "true"] }
            ]
            $0.ownFiles = [
                .init("etc/app.toml", "port = 2\n"), .init("\(site)/own.pth", "import os\n"),
            ]
        }
        return (old, new)
    }

    @Test func twoBundlesAreComparedDownToTheirFiles() throws {
        let (old, new) = try pair()
        let diff = try diff(old, new)
        #expect(diff.packages.map(\.name).sorted() == ["demo", "native"])
        let demo = try #require(diff.packages.first { $0.name == "demo" }?.files)
        #expect(demo.hooks == [.init(change: .added, kind: .pth, path: "\(site)/demo.pth")])
        #expect(demo.libraries.map(\.path) == ["\(site)/demo.so"])
        #expect(
            demo.entryPoints == [.init(change: .changed, name: "demo", from: "demo:main", to: "demo:start")])
        #expect(demo.files.contains { $0.change == .changed && $0.path == "\(site)/demo.py" })
        let native = try #require(diff.packages.first { $0.name == "native" }?.files)
        #expect(native.hooks == [.init(change: .added, kind: .postLink, path: "bin/.native-post-link.sh")])
        #expect(native.libraries.map(\.change) == [.changed])
        #expect(native.libraries[0].to?.needed == ["libevil.so"])
        #expect(diff.unread == [])
        #expect(
            diff.alarms.map { "\($0.alarm.rawValue) \($0.subject)" } == [
                "new-hook demo", "new-hook native", "new-hook the application", "new-native-library demo",
            ])
        #expect(try self.diff(old, old).isSame)
    }

    @Test func onlyPackagesWithOtherBytesAreOpened() throws {
        let old = try bundle("old") { $0.wheels = [WheelBuilder("demo"), WheelBuilder("same")] }
        // What is named as the same archive is not read, and so its damage is not found here.
        let new = try bundle("new") {
            $0.wheels = [WheelBuilder("demo", "1.1"), WheelBuilder("same")]
            $0.version = "2026.12.01"
        }
        let same = try #require(new.manifest.archives.first { $0.name == "same" })
        let bytes = try Array(OpenFile.read(new.path).bytes(at: 0, count: 1 << 24))
        let place = Int(try new.region(of: same.path).offset)
        var damaged = bytes
        damaged[place + 40] ^= 0xff
        let path = try scratch.write("damaged/bundle.sh", damaged)
        #expect(try diff(old, BundleReader.open(path)).packages.map(\.name) == ["demo"])
        let other = try #require(new.manifest.archives.first { $0.name == "demo" })
        damaged = bytes
        damaged[Int(try new.region(of: other.path).offset) + 40] ^= 0xff
        let second = try BundleReader.open(scratch.write("damaged/other.sh", damaged))
        #expect(throws: (any Error).self) { try diff(old, second) }
    }

    @Test func whatCannotBeReadIsSaid() throws {
        let (old, new) = try pair()
        let (from, to) = (PackageSet(old.manifest), PackageSet(new.manifest))
        var diff = ManifestDiff(from: from, to: to)
        try diff.compareFiles(from: from, in: .none(reason: "it is a lock"), to: to, in: .bundle(new))
        #expect(diff.unread?.map(\.name) == ["demo", "native", "the application"])
        #expect(diff.lines.contains { $0.contains("demo: it is a lock") })
        #expect(throws: DiffRuleError.self) { try diff.judge(DiffRule.list("new-hook"), from: from, to: to) }
    }

    @Test func theDocumentIsTheSameHoweverManyWorkAtIt() throws {
        let (old, new) = try pair()
        let (from, to) = (PackageSet(old.manifest), PackageSet(new.manifest))
        let documents = try [1, 2, 8].map { jobs in
            var diff = ManifestDiff(from: from, to: to)
            try diff.compareFiles(from: from, in: .bundle(old), to: to, in: .bundle(new), jobs: jobs)
            return try CanonicalJSON.encode(diff)
        }
        #expect(Set(documents).count == 1)
        #expect(
            try CanonicalJSON.encode(CanonicalJSON.decode(ManifestDiff.self, from: documents[0]))
                == documents[0])
    }

    @Test func everyKeyAndWordIsDescribed() throws {
        let root = #filePath.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
        let page = String(
            decoding: try OpenFile.read("\(root)/docs/audit-json.md").bytes(at: 0, count: 1 << 20),
            as: UTF8.self)
        let (old, new) = try pair()
        let (from, to) = (PackageSet(old.manifest), PackageSet(new.manifest))
        var diff = try diff(old, new)
        try diff.judge(DiffRule.list("new-hook"), from: from, to: to)
        diff.unread = [.init(kind: .wheel, name: "a", reason: "b")]
        let text = String(decoding: try CanonicalJSON.encode(diff), as: UTF8.self)
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        let keys = Set(
            parts.indices.dropLast().filter { $0 % 2 == 1 && parts[$0 + 1].hasPrefix(":") }.map {
                String(parts[$0])
            })
        #expect(keys.count > 40)
        for key in keys { #expect(page.contains("`\(key)`"), "\(key)") }
        let words =
            Alarm.Kind.allCases.map(\.rawValue) + Hook.Kind.allCases.map(\.rawValue)
            + PackageChange.Kind.allCases.map(\.rawValue) + FilesDiff.Change.allCases.map(\.rawValue)
            + PackageChange.Detail.Subject.allCases.map(\.rawValue) + Fact.allCases.map(\.rawValue)
        for word in words { #expect(page.contains("`\(word)`"), "\(word)") }
    }

    @Test func wordsForPeopleNameWhatCame() throws {
        let (old, new) = try pair()
        let lines = try diff(old, new).lines
        #expect(lines.contains { $0.contains("+ start-up file \(site)/demo.pth") })
        #expect(
            lines.contains {
                $0.contains(
                    "+ native library \(site)/demo.so, which needs libz.so.1, libc.so.6, and glibc 2.34")
            })
        #expect(
            lines.contains {
                $0.contains("~ native library lib/libn.so.1: needs libz.so.1, libc.so.6 -> libevil.so")
            })
        #expect(lines.contains { $0.contains("~ command demo: demo:main -> demo:start") })
        #expect(lines.contains { $0.hasPrefix("WARNING: 4 changes") })
    }
}
