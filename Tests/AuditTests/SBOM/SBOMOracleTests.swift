import Bundle
import Digests
import Glibc
import TestSupport
import Testing

@testable import Audit

/// Names that somebody might put into the metadata of a package to break a reader of the documents.
enum HostileWords {
    static let all = [
        "größe-ÅÄ-日本語", "\"quoted\" 'twice' `thrice`", "line\nbreak\r\nand\ttab", "\u{1b}[2Jcleared",
        "nul\0inside",
        "\\u0000 \\\" \\", "</script><!--", "a/b/../c?d#e@f%g%20", "\u{202e}gnp.exe", "e\u{301}",
        "\u{feff}mark",
        " ", "LicenseRef-", "SPDXRef-DOCUMENT", "NOASSERTION",
        "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1",
        "pkg:pypi/other@1", "😀", "DocumentRef-other:LicenseRef-mine", "MIT AND", "(MIT",
        "MIT OR LicenseRef-own-terms",
        String(repeating: "x", count: 5_000),
    ]

    /// Everything that a package may name itself is hostile.
    static func manifest() throws -> Manifest {
        let archives = all.enumerated().map { index, words in
            var archive = Example.archive(words, "1.\(index)", hooks: [words], bytes: "\(index)")
            archive.version = index % 2 == 0 ? words : "1.\(index)"
            archive.filename = words + ".whl"
            archive.url = "https://index.test/\(words)#\(words)"
            archive.license = words
            archive.licenseSource = ["text", "expression", "conda", "classifiers"][index % 4]
            archive.kind = index % 3 == 0 ? .conda : .wheel
            archive.channel = words
            archive.build = words
            archive.subdir = words
            archive.released = words
            archive.md5 = words
            return archive
        }
        var manifest = try ExampleBill.manifest(ExampleBill.archives() + archives)
        manifest.summary = all.joined(separator: " ")
        manifest.files += all.map {
            .init(
                path: "etc/" + $0, source: "archives/files/etc/" + $0, size: 3, sha256: Example.digest($0),
                mode: "0644", link: nil)
        }
        return manifest
    }

    static func bill() throws -> BillOfMaterials {
        let parts = BillOfMaterials.InterpreterParts(
            libraries: all.map { .init(name: $0, path: "base/lib/" + $0, package: "\($0) \($0)") },
            distribution: all[0])
        return ExampleBill.bill(try manifest(), interpreter: parts)
    }
}

@Suite struct HostileBillTests {
    @Test func everyNameArrivesAsItIs() throws {
        let bill = try HostileWords.bill()
        let document = try CycloneDXDocument(bill.cycloneDX)
        let spdx = try SPDXDocument(bill.spdx)
        for words in HostileWords.all {
            #expect(document.component(words) != nil, "\(words.debugDescription)")
            #expect(spdx.package(words) != nil, "\(words.debugDescription)")
        }
        for bytes in [bill.cycloneDX, bill.spdx] {
            #expect(bytes.dropLast().allSatisfy { $0 >= 0x20 } && bytes.last == 0x0a, "one line")
        }
    }

    /// Two archives of one name, version and file name from two channels, and a file called like the root.
    @Test func whatIsCalledAlikeIsKeptApart() throws {
        var archives = ExampleBill.archives()
        var twin = archives[2]
        twin.sha256 = Example.digest("another flask")
        archives.append(twin)
        let document = try CycloneDXDocument(
            ExampleBill.bill(try ExampleBill.manifest(archives)).cycloneDX)
        let references = document.components.filter { $0.name == "flask" }.map(\.reference)
        #expect(references.count == 2 && Set(references).count == 2, "\(references)")
        #expect(document.dependencies.count == document.components.count + 1)
    }
}

/// Runs only where `AIRLIFT_SBOM_PYTHON` names a Python that has the official validators, see docs/oracles.md.
@Suite(.enabled(if: getenv("AIRLIFT_SBOM_PYTHON") != nil, "AIRLIFT_SBOM_PYTHON names no Python"))
struct SBOMOracleTests {
    private func judge(_ cycloneDX: [UInt8], _ spdx: [UInt8]) throws -> (code: Int32, words: String) {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()
        let scratch = TemporaryDirectory()
        let documents = [
            try scratch.write("sbom.cdx.json", cycloneDX), try scratch.write("sbom.spdx.json", spdx),
        ]
        let python = String(cString: getenv("AIRLIFT_SBOM_PYTHON"))
        let said = scratch.path + "/said"
        let code = system(
            "'\(python)' '\(root)/Benchmarks/oracles/sbom.py' --documents '\(documents[0])' '\(documents[1])' >'\(said)' 2>&1"
        )
        let words = try scratch.directory().contents(of: .init("said"))
        return (code, String(decoding: words, as: UTF8.self))
    }

    @Test func theValidatorsTakeTheDocuments() throws {
        for bill in [try ExampleBill.bill(), try HostileWords.bill()] {
            let (code, words) = try judge(bill.cycloneDX, bill.spdx)
            #expect(code == 0, "\(words)")
        }
    }

    @Test func theyDoNotTakeEverything() throws {
        let bill = try ExampleBill.bill()
        for (text, other) in [
            ("\"SHA-256\"", "\"SHA-255\""), ("pkg:pypi/flask", "pkg:/flask"),
            ("\"bom-ref\":\"pkg:generic/cpython", "\"bom-ref\":\"pkg:generic/another"),
        ] {
            let changed = String(decoding: bill.cycloneDX, as: UTF8.self).replacing(text, with: other)
            #expect(try judge(Array(changed.utf8), bill.spdx).code != 0, "\(text)")
        }
        for (text, other) in [
            ("SPDXRef-DOCUMENT", "SPDXRef-DOC_UMENT"), ("\"BSD-3-Clause\"", "\"BSD-33-Clause\""),
        ] {
            let changed = String(decoding: bill.spdx, as: UTF8.self).replacing(text, with: other)
            #expect(try judge(bill.cycloneDX, Array(changed.utf8)).code != 0, "\(text)")
        }
    }
}
