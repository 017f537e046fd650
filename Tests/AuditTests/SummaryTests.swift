import Bundle
import Digests
import Failures
import Lock
import Testing

@testable import Audit

@Suite struct SummaryTests {
    @Test func aManifestIsSummedUp() throws {
        let manifest = try Example.manifest(archives: [
            Example.archive("flask", "3.0.3", size: 2_000, requested: true),
            Example.archive("attrs", "24.2", size: 500, hooks: ["attrs.pth"]),
            Example.archive("cpython", "3.11.2", kind: .python, size: 30_000_000),
        ])
        let summary = ManifestSummary(manifest, digest: Example.digest("manifest"))
        #expect(summary.counts.map(\.kind) == [.python, .wheel])
        #expect(summary.counts.map(\.archives) == [1, 2])
        #expect(summary.counts.map(\.requested) == [0, 1])
        #expect(summary.counts[1].installedBytes == 7_500)
        #expect(summary.archiveBytes == 30_002_500)
        #expect(summary.applicationFiles == 1)
        #expect(summary.archives.map(\.name) == ["cpython", "attrs", "flask"])
        let lines = summary.lines(manifest)
        #expect(lines[0].split(separator: " ") == ["name", "payroll"])
        #expect(lines.contains { $0.hasSuffix(Example.digest("manifest").hex) })
        #expect(lines.contains("attrs.pth                  attrs"))
        let bytes = try CanonicalJSON.encode(summary)
        #expect(try CanonicalJSON.decode(ManifestSummary.self, from: bytes) == summary)
    }

    @Test func hostileSizesDoNotStopTheReader() throws {
        let huge = (0..<3).map { Example.archive("a\($0)", "1", size: .max / 3) }
        var manifest = try Example.manifest(archives: huge)
        for index in manifest.archives.indices {
            manifest.archives[index].size = .max
            manifest.archives[index].installed = .init(files: .max, bytes: .max)
        }
        let summary = ManifestSummary(manifest, digest: Example.digest("m"))
        #expect(summary.archiveBytes == .max)
        #expect(PackageSet(manifest).archiveBytes == nil)
        #expect(!summary.lines(manifest).isEmpty)
    }

    @Test func anEmptyBundleHasASummary() throws {
        let manifest = try Example.manifest(archives: [])
        let summary = ManifestSummary(manifest, digest: Example.digest("m"))
        #expect(summary.counts == [])
        #expect(summary.archiveBytes == 0)
        #expect(!summary.lines(manifest).isEmpty)
    }

    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_999, "1.9 kB"), (999_999, "999.9 kB"),
            (1_000_000, "1.0 MB"), (4_294_967_296, "4.2 GB"), (UInt64.max, "18.4 EB"),
        ] as [(UInt64, String)])
    func bytesAreWrittenForPeople(_ bytes: UInt64, _ text: String) {
        #expect(ByteCount.text(bytes) == text)
    }

    @Test func columnsLineUp() {
        var table = TextTable([("name", .left), ("size", .right)])
        table.add(["flask", "7"])
        table.add(["é", "1,000"])
        #expect(table.lines == ["name    size", "flask      7", "é      1,000"])
    }
}

/// A bundle against the lock that it was cut from, and what may be handed in at all.
@Suite struct AuditSubjectTests {
    private func lock(
        _ platforms: [String] = ["linux-64"], interpreter: Lockfile.Interpreter = .capture,
        glibc: GlibcVersion = GlibcVersion(major: 2, minor: 28)
    ) -> Lockfile {
        Lockfile(
            platforms: platforms.map {
                .init(
                    name: $0, contentHash: Example.digest("spec"),
                    target: TargetDescription(
                        platform: $0, python: "3.11.2", abi: "cp311", glibc: glibc),
                    interpreter: interpreter,
                    archives: [
                        LockedArchive(
                            kind: .wheel, name: "flask", version: "3.0.3",
                            location: "https://index.test/flask-3.0.3-py3-none-any.whl",
                            sha256: Example.archive("flask", "3.0.3").sha256, size: 1_000, requested: true)
                    ])
            }, sources: ["bundle.toml"])
    }

    @Test func aBundleMatchesTheLockItWasCutFrom() throws {
        let interpreter = Example.archive("cpython", "3.11.2", kind: .python)
        let flask = Example.archive("flask", "3.0.3", requested: true)
        let manifest = try Example.manifest(archives: [interpreter, flask])
        let subject = AuditSubject.lock(lock(), name: "conda-lock.yml")
        let diff = ManifestDiff(from: try subject.packageSet(), to: PackageSet(manifest))
        #expect(diff.packages == [])
        #expect(diff.isSame)
        let other = AuditSubject.lock(lock(interpreter: .archive), name: "conda-lock.yml")
        let strict = ManifestDiff(from: try other.packageSet(), to: PackageSet(manifest))
        #expect(strict.packages.map(\.change) == [.added], "a lock that lists interpreters lists them all")
    }

    /// A lock says for which hosts it was made, a bundle what it needs: often less.
    @Test func theTargetOfALockIsNotWhatABundleNeeds() throws {
        let flask = Example.archive("flask", "3.0.3", requested: true)
        let newer = AuditSubject.lock(lock(glibc: GlibcVersion(major: 2, minor: 35)), name: "b.yml")
        for glibc in [nil, "2.17", "2.28"] {
            let manifest = try Example.manifest(archives: [flask], glibc: glibc)
            #expect(ManifestDiff(from: try newer.packageSet(), to: PackageSet(manifest)).isSame)
        }
        let older = AuditSubject.lock(lock(), name: "a.yml")
        let diff = ManifestDiff(from: try older.packageSet(), to: try newer.packageSet())
        #expect(!diff.isSame)
        #expect(diff.facts.map(\.fact) == [.targetGlibc])
    }

    @Test func aLockOfSeveralPlatformsWantsOneNamed() throws {
        let subject = AuditSubject.lock(lock(["linux-64", "linux-aarch64"]), name: "conda-lock.yml")
        let error = #expect(throws: AuditError.self) { try subject.packageSet() }
        #expect(error?.kind == .usage)
        #expect(error?.description.contains("linux-64, linux-aarch64") == true)
        #expect(throws: AuditError.self) { try subject.packageSet(platform: "win-64") }
        #expect(try subject.packageSet(platform: "linux-aarch64").packages.count == 1)
        #expect(try AuditSubject.lock(lock(), name: "l").packageSet().packages.count == 1)
    }

    @Test func manifestsAndLocksAreToldApart() throws {
        let manifest = try Example.manifest(archives: [Example.archive("flask", "3.0.3")])
        let bytes = try manifest.encoded()
        guard case .manifest(let read, let digest) = try AuditSubject.read(bytes, file: "m.json") else {
            Issue.record("a manifest was taken for a lock")
            return
        }
        #expect(read == manifest)
        #expect(digest == SHA256.hash(bytes))
        guard case .lock(let found, "l.yml") = try AuditSubject.read(Array(lock().text.utf8), file: "l.yml")
        else {
            Issue.record("a lock was taken for a manifest")
            return
        }
        #expect(found == lock())
    }

    @Test(arguments: ["", "{", "{}", "{\"airlift\": 2}", "\u{0}\u{1}", "version: 7", "[1, 2]"])
    func whatIsNeitherIsRefused(_ text: String) {
        let error = #expect(throws: (any Error).self) {
            try AuditSubject.read(Array(text.utf8), file: "some.file")
        }
        #expect((error as? any Failure)?.description.contains("some.file") == true)
    }

    @Test func aLockIsSummedUp() throws {
        let summary = LockSummary(lock(["linux-64", "linux-aarch64"]))
        #expect(summary.platforms.map(\.platform) == ["linux-64", "linux-aarch64"])
        #expect(summary.platforms[0].bytes == 1_000)
        #expect(summary.lines()[0].hasPrefix("linux-64: 1 archives, 1.0 kB, Python 3.11.2 (capture)"))
        let bytes = try CanonicalJSON.encode(summary)
        #expect(try CanonicalJSON.decode(LockSummary.self, from: bytes) == summary)
    }
}
