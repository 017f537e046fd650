import Bundle
import Digests
import Testing

@testable import Audit

@Suite struct ManifestDiffTests {
    private let flask = Example.archive("flask", "3.0.3", requested: true)

    private func diff(_ a: Manifest, _ b: Manifest) -> ManifestDiff {
        ManifestDiff(from: PackageSet(a), to: PackageSet(b))
    }

    private func facts(_ diff: ManifestDiff) -> [String] {
        diff.facts.map { "\($0.fact.rawValue): \($0.from) -> \($0.to)" }
    }

    @Test func aManifestIsTheSameAsItself() throws {
        let manifest = try Example.manifest(archives: [flask])
        let diff = diff(manifest, manifest)
        #expect(diff.isSame)
        #expect(diff.facts == [])
        #expect(diff.lines.contains("The environments are the same."))
    }

    @Test func aLaterCutOfTheSameEnvironmentIsTheSame() throws {
        let diff = diff(
            try Example.manifest(version: "2026.10.03", archives: [flask]),
            try Example.manifest(version: "2026.11.21", archives: [flask]))
        #expect(diff.isSame)
        #expect(
            facts(diff) == [
                "version: 2026.10.03 -> 2026.11.21", "serial: 2026100300000 -> 2026112100000",
            ])
    }

    @Test func requirementsOnTheHostAreDifferences() throws {
        let diff = diff(
            try Example.manifest(archives: [flask], glibc: "2.28"),
            try Example.manifest(archives: [flask], glibc: "2.35"))
        #expect(!diff.isSame)
        #expect(facts(diff) == ["glibc: 2.28 -> 2.35"])
        let without = self.diff(
            try Example.manifest(archives: [flask], glibc: nil),
            try Example.manifest(archives: [flask], glibc: "2.28"))
        #expect(facts(without) == ["glibc: none -> 2.28"])
    }

    @Test func anotherInterpreterIsADifference() throws {
        let diff = diff(
            try Example.manifest(archives: [flask], python: "3.11.2"),
            try Example.manifest(archives: [flask], python: "3.11.9"))
        #expect(!diff.isSame)
        #expect(facts(diff).first == "python_version: 3.11.2 -> 3.11.9")
        #expect(diff.facts.map(\.fact) == [.pythonVersion, .environment])
    }

    @Test func anotherInstallerIsADifference() throws {
        let diff = diff(
            try Example.manifest(archives: [flask]),
            try Example.manifest(archives: [flask], installer: "another installer"))
        #expect(!diff.isSame)
        #expect(diff.facts.map(\.fact) == [.installer])
    }

    @Test func filesOfTheApplicationAreCompared() throws {
        let diff = diff(
            try Example.manifest(archives: [flask], file: "mode = 1"),
            try Example.manifest(archives: [flask], file: "mode = 2"))
        #expect(!diff.isSame)
        #expect(diff.files.map(\.path) == ["etc/payroll.toml"])
        #expect(diff.files.map(\.change) == [.changed])
        let file = PackageSet.File(sha256: Example.digest("x"), mode: "0644")
        let moved = ManifestDiff(
            from: Example.set([], files: ["a": file]), to: Example.set([], files: ["b": file]))
        #expect(moved.files.map(\.change) == [.removed, .added])
        let executable = PackageSet.File(sha256: Example.digest("x"), mode: "0755")
        let modes = ManifestDiff(
            from: Example.set([], files: ["a": file]), to: Example.set([], files: ["a": executable]))
        #expect(modes.files.map(\.change) == [.changed])
    }

    @Test func sizesAreTold() throws {
        let diff = diff(
            try Example.manifest(archives: [flask]),
            try Example.manifest(archives: [flask, Example.archive("numpy", "2.1", size: 12_345_678)]))
        #expect(diff.size.archivesFrom == 1_000)
        #expect(diff.size.archivesTo == 12_346_678)
        #expect(diff.lines.contains("  archives: 1.0 kB -> 12.3 MB (+12.3 MB)"))
    }

    @Test func theOrderOfTheArchivesDoesNotMatter() throws {
        let archives = [flask, Example.archive("numpy", "2.1"), Example.archive("attrs", "24.2")]
        let other = [Example.archive("idna", "3.7"), flask]
        let one = Example.set(archives.map(PackageSet.Package.init))
        let reversed = Example.set(archives.reversed().map(PackageSet.Package.init))
        let to = Example.set(other.map(PackageSet.Package.init))
        #expect(
            try CanonicalJSON.encode(ManifestDiff(from: one, to: to))
                == CanonicalJSON.encode(ManifestDiff(from: reversed, to: to)))
    }

    @Test func theDocumentIsReadAsItWasWritten() throws {
        let diff = diff(
            try Example.manifest(archives: [flask, Example.archive("idna", "3.7")]),
            try Example.manifest(
                version: "2026.12.01", archives: [Example.archive("flask", "3.1.0")], glibc: "2.31",
                file: "other"))
        let bytes = try CanonicalJSON.encode(diff)
        #expect(try CanonicalJSON.decode(ManifestDiff.self, from: bytes) == diff)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"{"airlift_diff":1,"#))
        #expect(text.contains(#""change":"up""#))
    }

    @Test func swappedBytesAreSaidLoudly() throws {
        let lines = diff(
            try Example.manifest(archives: [flask]),
            try Example.manifest(archives: [Example.archive("flask", "3.0.3", bytes: "swapped")])
        ).lines
        #expect(lines[2].hasPrefix("WARNING:"))
        #expect(lines.contains { $0.hasPrefix("OTHER BYTES  wheel  flask") })
    }

    @Test func textForTerminalsHoldsNoControlCharacters() throws {
        let evil = Example.archive("flask\u{1B}[2K\r\u{202E}", "1.0\n2.0")
        let manifest = try Example.manifest(archives: [evil])
        let lines =
            diff(try Example.manifest(archives: []), manifest).lines
            + ManifestSummary(manifest, digest: Example.digest("m")).lines(manifest)
        let bad = lines.flatMap(\.unicodeScalars).filter {
            [.control, .format].contains($0.properties.generalCategory)
        }
        #expect(bad.isEmpty)
        #expect(lines.contains { $0.contains(#"flask\u{1B}[2K\u{D}\u{202E}"#) })
    }

    @Test func fourHundredPackagesAreComparedInAMoment() throws {
        func archives(_ minor: Int) -> [Manifest.Archive] {
            (0..<400).map { Example.archive("package-\($0)", "1.\($0 % 7 == 0 ? minor : 0).0rc\($0)") }
        }
        let (a, b) = (
            try Example.manifest(archives: archives(1)), try Example.manifest(archives: archives(2))
        )
        let clock = ContinuousClock()
        var result: ManifestDiff?
        let time = clock.measure { result = diff(a, b) }
        #expect(result?.packages.count == 58)
        #expect(time < .milliseconds(500))
    }
}
