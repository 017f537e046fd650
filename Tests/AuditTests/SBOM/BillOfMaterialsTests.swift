import Bundle
import Digests
import Lock
import Testing

@testable import Audit

@Suite struct BillOfMaterialsTests {
    @Test func everythingInABundleIsListedWithHashesAndAddresses() throws {
        let document = try CycloneDXDocument(ExampleBill.bill().cycloneDX)
        #expect(
            Set(document.components.map(\.name)) == [
                "airlift-installer", "cpython", "etc/payroll.toml", "flask", "libpq", "markupsafe",
            ])
        let libpq = try #require(document.component("libpq"))
        #expect(
            libpq.purl
                == "pkg:conda/libpq@16.4?build=h2d7952a_1&channel=forge&subdir=linux-64&type=conda")
        #expect(libpq.hashes?.map(\.alg) == ["MD5", "SHA-256"])
        #expect(
            libpq.externalReferences?.map(\.url)
                == ["https://channel.example.org/forge/linux-64/libpq-16.4-h2d7952a_1.conda"])
        #expect(libpq.property("hook") == "link script post-link")
        #expect(
            document.component("flask")?.purl
                == "pkg:pypi/flask@3.0.3?file_name=flask-3.0.3-py3-none-any.whl")
        #expect(document.component("cpython")?.purl == "pkg:generic/cpython@3.11.2")
        #expect(document.component("cpython")?.externalReferences == nil)
        let own = try #require(document.component("etc/payroll.toml"))
        #expect(own.type == "file" && own.hashes?.first?.content == Example.digest("mode = 1").hex)
        #expect(document.metadata.component.name == "payroll")
        #expect(document.metadata.timestamp == "2026-11-21T00:00:00Z")
        #expect(document.metadata.lifecycles.map(\.phase) == ["build"])
    }

    @Test func whatNeedsWhatAndWhatWasAskedForIsTold() throws {
        let bill = try ExampleBill.bill()
        let document = try CycloneDXDocument(bill.cycloneDX)
        #expect(document.edges.contains("flask -> markupsafe"))
        #expect(document.edges.contains("payroll -> flask"))
        #expect(document.edges.contains("payroll -> cpython"))
        #expect(!document.edges.contains("payroll -> markupsafe"))
        #expect(document.component("flask")?.property("requested") == "true")
        #expect(document.component("markupsafe")?.property("requested") == "false")
        #expect(document.dependencies.count == document.components.count + 1)

        let spdx = try SPDXDocument(bill.spdx)
        for sentence in [
            "SPDXRef-DOCUMENT DESCRIBES payroll", "payroll CONTAINS markupsafe", "payroll DEPENDS_ON flask",
            "flask DEPENDS_ON markupsafe", "cpython CONTAINS libssl.so.3", "airlift-installer STATIC_LINK xz",
        ] { #expect(spdx.sentences.contains(sentence), "\(sentence)") }
        #expect(!spdx.sentences.contains("payroll DEPENDS_ON markupsafe"))
        #expect(spdx.package("flask")?.comment.contains("requested: asked for by name") == true)
    }

    @Test func licencesAreExpressionsWhereTheyAreAndTextsWhereNot() throws {
        let bill = try ExampleBill.bill()
        let document = try CycloneDXDocument(bill.cycloneDX)
        #expect(document.component("flask")?.licenses?.first?.expression == "BSD-3-Clause")
        let libpq = try #require(document.component("libpq")?.licenses?.first)
        #expect(libpq.expression == nil && libpq.license?.name == "Some words of our own")
        #expect(libpq.license?.text == nil)
        let markupsafe = try #require(document.component("markupsafe"))
        #expect(markupsafe.licenses?.first?.expression == "MIT")
        #expect(markupsafe.property("license:source") == "classifiers")
        #expect(markupsafe.property("remark")?.contains("the last resort") == true)
        #expect(document.component("airlift-installer")?.licenses == nil)

        let spdx = try SPDXDocument(bill.spdx)
        let reference = try #require(spdx.package("libpq")?.licenseDeclared)
        #expect(reference.hasPrefix("LicenseRef-airlift-"))
        let texts = spdx.hasExtractedLicensingInfos ?? []
        #expect(texts.map(\.licenseId) == ["LicenseRef-XZ-public-domain", reference])
        #expect(texts.last?.extractedText == "Some words of our own")
        #expect(spdx.package("markupsafe")?.licenseDeclared == "MIT")
        #expect(spdx.package("markupsafe")?.releaseDate == "2024-02-02T16:30:04Z")
        #expect(spdx.package("airlift-installer")?.licenseDeclared == "NOASSERTION")
    }

    @Test func aWholeTextIsCalledByItsFirstLineAndNoneIsNone() throws {
        func licence(_ text: String) throws -> (CycloneDXDocument.Component.License?, String?) {
            var archive = Example.archive("flask", "3.0.3")
            archive.license = text
            archive.licenseSource = "text"
            let bill = ExampleBill.bill(try ExampleBill.manifest([archive]))
            return (
                try CycloneDXDocument(bill.cycloneDX).component("flask")?.licenses?.first,
                try SPDXDocument(bill.spdx).package("flask")?.licenseDeclared
            )
        }
        let text = "Our own terms\n\nYou may do whatever you want, at your own risk."
        let whole = try licence("  \(text)\n").0?.license
        #expect(whole?.name == "Our own terms" && whole?.text?.content == text)
        for nothing in ["None", "UNKNOWN", " \n ", ""] {
            let (named, declared) = try licence(nothing)
            #expect(named == nil && declared == "NOASSERTION", "\(nothing)")
        }
        let long = try licence(String(repeating: "word ", count: 100)).0?.license
        #expect(long?.name.unicodeScalars.count == 120 && long?.text?.content.utf8.count == 499)
    }

    @Test func theInterpreterBringsItsLibraries() throws {
        let document = try CycloneDXDocument(ExampleBill.bill().cycloneDX)
        let ssl = try #require(document.component("libssl.so.3"))
        #expect(ssl.purl == "pkg:deb/debian/libssl3@3.0.19-1~deb12u2?distro=debian-12")
        #expect(ssl.hashes?.first?.content == Example.digest("libssl").hex)
        let own = try #require(document.component("libown.so.1"))
        #expect(own.purl == nil && own.version == nil)

        var parts = ExampleBill.interpreter
        parts = .init(libraries: parts.libraries, distribution: nil)
        let elsewhere = ExampleBill.bill(try ExampleBill.manifest(), interpreter: parts)
        #expect(
            try CycloneDXDocument(elsewhere.cycloneDX).component("libssl.so.3")?.purl
                == "pkg:generic/libssl3@3.0.19-1~deb12u2")
        let unread = ExampleBill.bill(try ExampleBill.manifest(), interpreter: nil)
        #expect(
            try CycloneDXDocument(unread.cycloneDX).component("cpython")?.property("remark")?
                .contains("was not read") == true)
    }

    @Test func anInstallerThatDoesNotSayWhatIsInItIsSaidToBeOne() throws {
        let manifest = try ExampleBill.manifest()
        func installer(_ bytes: [UInt8]?) throws -> (CycloneDXDocument.Component, [String]) {
            let document = try CycloneDXDocument(ExampleBill.bill(manifest, installer: bytes).cycloneDX)
            let component = try #require(document.component("airlift-installer"))
            let aggregates = (document.compositions ?? []).filter {
                $0.assemblies.contains(component.reference)
            }
            return (component, aggregates.map(\.aggregate))
        }
        let (marked, complete) = try installer(ExampleBill.executable())
        #expect(marked.components?.map(\.name) == ["gcc-runtime", "swift", "xz"])
        #expect(marked.property("remark") == nil && complete == ["complete"])
        let (other, unknown) = try installer(Array("another build".utf8))
        #expect(other.components == nil && unknown == ["unknown"])
        #expect(other.property("remark")?.contains("another build") == true)
        #expect(try installer(nil).0.property("remark")?.contains("not at hand") == true)
    }

    @Test func theSameCutHasTheSameDocuments() throws {
        let manifest = try ExampleBill.manifest()
        var shuffled = manifest
        shuffled.archives.reverse()
        shuffled.files.reverse()
        // What the writer fills in later.
        shuffled.entries = []
        shuffled.stub = .init(size: 8_192, sha256: Example.digest("stub"))
        for index in shuffled.archives.indices { shuffled.archives[index].crc32 = "12345678" }
        let (one, other) = (ExampleBill.bill(manifest), ExampleBill.bill(shuffled))
        #expect(one.cycloneDX == other.cycloneDX)
        #expect(one.spdx == other.spdx)

        var later = manifest
        later.version = "2026.11.22"
        #expect(ExampleBill.bill(later).identity != one.identity)
        #expect(ExampleBill.bill(manifest, phase: .installed).identity != one.identity)
        let serial = try CycloneDXDocument(one.cycloneDX).serialNumber
        #expect(serial == "urn:uuid:\(one.identity)" && serial.utf8.count == 45)
        // Version 8 and the variant of RFC 9562.
        let digits = Array(serial.utf8.dropFirst(9))
        #expect(digits[14] == UInt8(ascii: "8") && "89ab".utf8.contains(digits[19]))
        #expect(try SPDXDocument(one.spdx).documentNamespace.hasSuffix("payroll-2026.11.21-\(one.identity)"))
    }

    @Test(arguments: [
        ("2026.11.21", "2026-11-21T00:00:00Z"), ("2026.11.21.3", "2026-11-21T00:00:00Z"),
        ("2024.2.29", "2024-02-29T00:00:00Z"), ("2026.11.21-rc", "2026-11-21T00:00:00Z"),
        ("2026.2.29", nil), ("2026.11", nil), ("26.11.21", nil), ("2026.13.1", nil), ("1.2.3", nil),
        ("2026.11.121", nil), ("2026..1", nil), ("", nil),
    ])
    func aDateIsTakenFromTheVersionWhereItIsOne(version: String, expected: String?) {
        #expect(VersionDate.timestamp(version) == expected)
    }

    @Test func withoutADateTheDocumentHasNoneOrTheFirst() throws {
        let bill = ExampleBill.bill(try ExampleBill.manifest(version: "7.1"))
        #expect(try CycloneDXDocument(bill.cycloneDX).metadata.timestamp == nil)
        #expect(try SPDXDocument(bill.spdx).creationInfo.created == "1980-01-01T00:00:00Z")
    }

    @Test func aLockIsListedAsFarAsItKnows() throws {
        let wheel = LockedArchive(
            kind: .wheel, name: "flask", version: "3.0.3",
            location: "https://user:secret@index.test/flask-3.0.3-py3-none-any.whl",
            sha256: Example.digest("flask"), requested: true, dependencies: ["markupsafe": ">=2"])
        let other = LockedArchive(
            kind: .wheel, name: "markupsafe", version: "2.1.5",
            location: "wheels/markupsafe-2.1.5-py3-none-any.whl", sha256: Example.digest("m"),
            requested: false)
        let platform = Lockfile.Platform(
            name: "linux-64", contentHash: Example.digest("spec"),
            target: .init(
                platform: "linux-64", python: "3.11.2", abi: "cp311",
                glibc: GlibcVersion(major: 2, minor: 28)),
            interpreter: .capture, archives: [wheel, other])
        let bill = BillOfMaterials(platform, name: "payroll", generator: "airlift 0.1.0")
        let document = try CycloneDXDocument(bill.cycloneDX)
        #expect(document.edges == ["flask -> markupsafe", "payroll -> flask"])
        #expect(document.metadata.lifecycles.map(\.phase) == ["pre-build"])
        #expect(document.metadata.component.version == nil)
        #expect(
            document.component("flask")?.externalReferences?.map(\.url)
                == ["https://index.test/flask-3.0.3-py3-none-any.whl"])
        #expect(document.component("markupsafe")?.externalReferences == nil)
        #expect(
            document.component("markupsafe")?.property("location")
                == "wheels/markupsafe-2.1.5-py3-none-any.whl")
        #expect(try SPDXDocument(bill.spdx).package("markupsafe")?.downloadLocation == "NOASSERTION")
        #expect(!String(decoding: bill.cycloneDX + bill.spdx, as: UTF8.self).contains("secret"))
    }
}
