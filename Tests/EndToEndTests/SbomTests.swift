import Bundle
import Digests
import Files
import Glibc
import TestSupport
import Testing

/// The bills of materials of real cuts, as auditors get at them.
@Suite struct SbomTests {
    private static let paths = ["cyclonedx": "airlift/sbom.cdx.json", "spdx": "airlift/sbom.spdx.json"]

    private func sbom(_ arguments: String...) throws -> Outcome {
        try run([Product.airlift, "sbom"] + arguments)
    }

    @Test(.enabled(if: Program.exists("unzip"), "unzip is not here"), arguments: ["cyclonedx", "spdx"])
    func unzipAloneGivesTheDocumentThatIsPrinted(format: String) throws {
        let bundle = try Shared.whole().bundle
        let inside = try run(["unzip", "-p", bundle, try #require(Self.paths[format])])
        #expect(inside.code == 0 && inside.output.hasPrefix("{"))
        for name in ["greeter", "shouter", "cpython", "etc/payroll.toml", "airlift-installer", "libarchive"] {
            #expect(inside.output.contains("\"name\":\"\(name)\""), "\(name)")
        }
        #expect(!inside.output.contains(try Shared.whole().workshop.path), "no path of the machine")
        let printed = try sbom("--format", format, bundle)
        #expect(printed.code == 0 && printed.errors == "" && printed.bytes == inside.bytes)
        let scratch = TemporaryDirectory()
        let written = try sbom("--format", format, "--output", scratch.path + "/out.json", bundle)
        #expect(
            written.code == 0 && written.output == "Wrote \(scratch.path)/out.json.\n", "\(written.words)")
        #expect(try Tree.bytes(scratch.path + "/out.json") == inside.bytes)
    }

    /// As a shell's `>`: the link stays a link, and a device a device.
    @Test func outputGoesThroughLinksAndIntoDevices() throws {
        let scratch = TemporaryDirectory()
        try scratch.write("target", "old")
        #expect(symlink("target", scratch.path + "/link") == 0)
        let bundle = try Shared.light().bundle
        let written = try sbom("--output", scratch.path + "/link", bundle)
        #expect(written.code == 0, "\(written.words)")
        #expect(try Tree.text(scratch.path + "/target").hasPrefix("{"))
        #expect(try scratch.directory().status(of: RelativePath("link"))?.kind == .symbolicLink)
        // A device node of the test's own: only root makes one.
        let full = scratch.path + "/full"
        guard mknod(full, S_IFCHR | 0o600, (1 << 8) | 7) == 0 else { return }
        let refused = try sbom("--output", full, bundle)
        #expect(refused.code == 7 && refused.errors.contains("No space left"), "\(refused.words)")
        #expect(try scratch.directory().status(of: RelativePath("full"))?.kind == .other)
    }

    @Test func aDocumentThatWasChangedIsNotPrinted() throws {
        var bytes = try Tree.bytes(Shared.light().bundle)
        let mark = Array("\"bomFormat\"".utf8)
        let place = try #require(
            bytes.indices.first { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) })
        bytes[place + 1] ^= 1
        let scratch = TemporaryDirectory()
        let ran = try sbom(scratch.write("b.sh", bytes))
        #expect(ran.code == 3 && ran.output == "" && ran.errors.contains("sbom.cdx.json"), "\(ran.words)")
        #expect(try sbom(Shared.light().bundle).code == 0)
    }

    @Test(arguments: ["cyclonedx", "spdx"])
    func whatIsInsideIsWhatIsMadeOfABundleWithout(format: String) throws {
        let whole = try Shared.whole()
        let scratch = TemporaryDirectory()
        let reader = try BundleReader.open(whole.bundle)
        var sources: [String: BundleDraft.Source] = [:]
        var manifest = reader.manifest
        for path in manifest.archives.map(\.path) + manifest.entries.map(\.path) {
            guard !path.hasPrefix("airlift/installer-"), !path.hasPrefix("airlift/sbom.") else { continue }
            let bytes = try reader.contents(of: path, limit: 1 << 30)
            sources[path] =
                path.hasPrefix("archives/")
                ? .file(try scratch.write("parts/\(path)", bytes)) : .bytes(bytes)
        }
        let installer = try reader.contents(of: manifest.installerPath)
        manifest.entries = []
        let written = try BundleWriter(
            BundleDraft(
                manifest: manifest, stub: Stub(template: BundleBuilder.stubTemplate), installer: installer,
                sources: sources), in: scratch.directory()
        ).write()
        let made = try sbom("--format", format, written.path)
        #expect(made.code == 0 && made.output.hasPrefix("{"), "\(made.words)")
        #expect(made.bytes == (try sbom("--format", format, whole.bundle)).bytes)
    }

    @Test func locksManifestsAndPrefixesHaveOneToo() throws {
        let cut = try Shared.light()
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        let landed = try Shared.install(cut.bundle, prefix)
        #expect(landed.code == 0, "\(landed.words)")
        let manifest = try BundleReader.open(cut.bundle).manifestBytes
        for (subject, phase) in [
            (prefix, "operations"), (try scratch.write("manifest.json", manifest), "build"),
            (cut.workshop.project, "pre-build"), (cut.workshop.project + "/conda-lock.yml", "pre-build"),
        ] {
            let made = try sbom(subject)
            #expect(made.code == 0 && made.errors == "", "\(made.words)")
            #expect(made.output.contains("\"phase\":\"\(phase)\""), "\(subject)")
            #expect(made.output.contains("pkg:pypi/shouter@2.0?file_name="), "\(subject)")
            #expect(try sbom("--format", "spdx", subject).output.contains("\"SPDX-2.3\""))
            #expect(try sbom(subject).bytes == made.bytes)
        }
        #expect(try sbom("--platform", "osx-arm64", cut.bundle).code == 2)
        #expect(try sbom("--format", "csv", cut.bundle).code == 2)
        #expect(try sbom(scratch.path + "/nothing").code == 7)
    }

    @Test func cuttingTwiceGivesTheSameDocuments() throws {
        let scratch = TemporaryDirectory()
        let again = try Shared.light().workshop.cut(to: scratch.path + "/dist")
        #expect(try Tree.bytes(again) == Tree.bytes(Shared.light().bundle))
    }

    /// Both documents of real bundles, by the official validators. Other bundles: `make oracles`.
    @Test(.enabled(if: getenv("AIRLIFT_SBOM_PYTHON") != nil, "AIRLIFT_SBOM_PYTHON names no Python"))
    func theValidatorsTakeTheDocumentsOfRealBundles() throws {
        let python = String(cString: getenv("AIRLIFT_SBOM_PYTHON"))
        let ran = try run(
            [
                python, Product.root + "/Benchmarks/oracles/sbom.py", Shared.whole().bundle,
                Shared.light().bundle,
            ])
        #expect(ran.code == 0 && ran.output.contains("0 faults"), "\(ran.words)")
        let cut = try Shared.light()
        let scratch = TemporaryDirectory()
        let cdx = try scratch.write("a.json", sbom(cut.workshop.project).bytes)
        let spdx = try scratch.write("b.json", sbom("--format", "spdx", cut.workshop.project).bytes)
        let locked = try run([python, Product.root + "/Benchmarks/oracles/sbom.py", "--documents", cdx, spdx])
        #expect(locked.code == 0, "\(locked.words)")
    }
}
