import Archives
import Bundle
import Digests
import Files
import TestSupport
import Testing

@testable import Audit

@Suite("The texts of licences")
struct LicenseTextsTests {
    private func region(_ bytes: [UInt8], _ name: String) throws -> (FileRegion, TemporaryDirectory) {
        let scratch = TemporaryDirectory()
        return (try FileRegion(path: scratch.write(name, bytes), name: name), scratch)
    }

    private func archive(_ kind: Manifest.Archive.Kind, _ filename: String, _ bytes: [UInt8])
        -> Manifest.Archive
    {
        var archive = Example.archive("demo", "1.0", kind: kind)
        archive.filename = filename
        archive.sha256 = SHA256.hash(bytes)
        return archive
    }

    private func paths(_ wheel: WheelBuilder) throws -> [String] {
        let (region, scratch) = try region(wheel.bytes, wheel.filename)
        defer { _ = scratch }
        return try LicenseTexts.read(archive(.wheel, wheel.filename, wheel.bytes), in: region).map(\.path)
    }

    @Test("of a wheel are what METADATA names and what lies beside it")
    func wheels() throws {
        let wheel = WheelBuilder("demo") {
            $0.metadataLines = ["License-File: terms/EULA", "License-File: AUTHORS"]
            $0.files += [
                .init("demo-1.0.dist-info/LICENSE.txt", "a"), .init("demo-1.0.dist-info/COPYING.LESSER", "b"),
                .init("demo-1.0.dist-info/licenses/terms/EULA", "c"),
                .init("demo-1.0.dist-info/AUTHORS", "d"),
                .init("demo-1.0.dist-info/top_level.txt", "no"), .init("demo/LICENSE", "no"),
                .init("LICENSE", "no"), .init("demo-1.0.dist-info/sub/LICENSE", "no"),
                .init("demo-1.0.dist-info/license.py", "no"),
            ]
        }
        #expect(
            try paths(wheel) == [
                "demo-1.0.dist-info/AUTHORS", "demo-1.0.dist-info/COPYING.LESSER",
                "demo-1.0.dist-info/LICENSE.txt", "demo-1.0.dist-info/licenses/terms/EULA",
            ])
        #expect(try paths(WheelBuilder("demo")) == [])
    }

    @Test(
        "of a conda package are those below info/licenses, in both forms",
        arguments: CondaPackageBuilder.Form.allCases)
    func conda(_ form: CondaPackageBuilder.Form) throws {
        var package = CondaPackageBuilder("demo", "1.0", files: [.file("lib/LICENSE", "no")])
        package.form = form
        package.licenseFiles = ["LICENSE.txt": "Be kind.\n", "third/NOTICE": "x"]
        let bytes = package.bytes
        let (region, scratch) = try region(bytes, package.filename)
        defer { _ = scratch }
        let texts = try LicenseTexts.read(archive(.conda, package.filename, bytes), in: region)
        #expect(texts.map(\.path) == ["info/licenses/LICENSE.txt", "info/licenses/third/NOTICE"])
        #expect(texts.first?.text == "Be kind.")
        // The benign twin's bytes with another digest in the manifest.
        #expect(throws: ArchiveError.self) {
            try LicenseTexts.read(archive(.conda, package.filename, bytes + [0]), in: region)
        }
    }

    @Test("are shown with line feeds, and without what is empty around them")
    func text() {
        func shown(_ bytes: [UInt8]) -> String { LicenseText(path: "L", bytes: bytes).text }
        #expect(shown(Array("\r\n a \r\nb\t\rc\n\n".utf8)) == " a\nb\nc")
        #expect(shown([0xef, 0xbb, 0xbf] + Array("a".utf8)) == "a")
        #expect(shown([0x61, 0xff, 0x62]) == "a\u{fffd}b")
        #expect(shown([]) == "")
    }

    @Test("are known by their place")
    func places() {
        for (path, isText) in [
            ("share/licenses/libffi8/copyright", true), ("lib/python3.11/LICENSE.txt", true),
            ("LICENSE", true),
            ("lib/python3.11/site-packages/LICENSE", false), ("lib/python3.11/license.py", false),
            ("lib/tcl8.6/LICENSE", false), ("bin/python3.11", false),
        ] { #expect(LicenseMember.isOfInterpreter(path) == isText, "\(path)") }
    }

    @Test("of real packages are found")
    func realPackages() throws {
        guard let forge = SharedData.directory("channels/forge") else { return }
        var (packages, withTexts) = (0, 0)
        for subdir in ["noarch", "linux-64"] {
            let directory = try Directory.open("\(forge)/\(subdir)")
            for name in try directory.names().sorted() where name.hasSuffix(".conda") && packages < 30 {
                let region = try FileRegion(path: "\(forge)/\(subdir)/\(name)", name: name)
                var hasher = SHA256()
                try region.forEachPiece { hasher.update($0) }
                guard region.size < 2_000_000 else { continue }
                var archive = Example.archive("demo", "1.0", kind: .conda)
                archive.filename = name
                archive.sha256 = hasher.finalize()
                packages += 1
                withTexts += try LicenseTexts.read(archive, in: region).isEmpty ? 0 : 1
            }
        }
        #expect(packages > 10 && withTexts * 10 > packages * 7, "\(withTexts) of \(packages)")
    }
}
