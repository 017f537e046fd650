import Files
import TestSupport
import Testing

/// `airlift licenses`, of bundles, installed environments and locks.
@Suite struct LicenseListTests {
    private static let gpl = "GNU GENERAL PUBLIC LICENSE\n\nVersion 3\n"

    private func scene() throws -> (workshop: Workshop, index: ToyIndex, bundle: String) {
        let workshop = try Workshop()
        var wheels = ToyIndex.greeting
        wheels[0].metadataLines = ["License-Expression: MIT", "License-File: LICENCE.größe"]
        wheels[0].files += [
            .init("greeter-1.0.dist-info/licenses/LICENCE.größe", "MIT \u{1b}[2J words\r\n"),
            .init("greeter-1.0.dist-info/licenses/vendored/COPYING", Self.gpl),
        ]
        wheels[1].metadataLines = ["License: BSD", "Classifier: License :: OSI Approved :: BSD License"]
        wheels[1].files.append(.init("shouter-2.0.dist-info/COPYING", Self.gpl + "\n"))
        let index = ToyIndex(wheels)
        try workshop.spec(index: index.url)
        return (workshop, index, try workshop.cut())
    }

    @Test func licencesAndTextsAreShown() throws {
        let (workshop, _, bundle) = try scene()
        let prefix = workshop.path + "/p"
        #expect(try Shared.install(bundle, prefix).code == 0)
        for subject in [bundle, prefix, workshop.project] {
            let table = try workshop.airlift("licenses", subject)
            #expect(table.code == 0 && table.errors == "", "\(table.words)")
            #expect(table.output.contains("MIT") && table.output.contains("\"BSD\""), "\(table.output)")
            #expect(table.output.contains("2 packages, 1 with an exact licence"), "\(table.output)")
            let texts = try workshop.airlift("licenses", subject, "Greeter")
            #expect(
                texts.output.contains("GNU GENERAL") && texts.output.contains("LICENCE.größe"),
                "\(texts.output)")
            #expect(texts.output.contains("MIT \\u{1B}[2J words") && !texts.output.contains("\u{1b}"))
            #expect(!texts.output.contains("shouter"), "\(texts.output)")
            let json = try workshop.airlift("licenses", "--json", subject)
            #expect(
                json.output.contains("\"expression\":\"MIT\"") && json.output.contains("\"license\":\"BSD\""),
                "\(json.words)")
        }
        let nobody = try workshop.airlift("licenses", bundle, "nobody")
        #expect(nobody.code == 2 && nobody.errors.contains("'nobody'"), "\(nobody.words)")
    }

    @Test func oneFileHasEveryTextOnce() throws {
        let (workshop, _, bundle) = try scene()
        for name in ["a.txt", "b.txt"] {
            let ran = try workshop.airlift("licenses", "--output", "\(workshop.path)/\(name)", bundle)
            #expect(ran.code == 0 && ran.output.contains("2 texts of 2 packages"), "\(ran.words)")
        }
        let notices = try Tree.text(workshop.path + "/a.txt")
        #expect(try Tree.text(workshop.path + "/b.txt") == notices)
        #expect(notices.split(separator: "Version 3").count == 2, "\(notices)")
        for owner in [
            "greeter 1.0: greeter-1.0.dist-info/licenses/vendored/COPYING",
            "shouter 2.0: shouter-2.0.dist-info/COPYING",
        ] {
            #expect(notices.contains(owner), "\(notices)")
        }
        let quiet = try workshop.airlift("licenses", "--quiet", "--output", "c.txt", bundle)
        #expect(quiet.words == "exit code 0\n")
        let nowhere = try workshop.airlift("licenses", "--output", "no/such/dir.txt", bundle)
        #expect(nowhere.code == 7, "\(nowhere.words)")
    }

    /// A text out of a damaged archive is no upstream's text.
    @Test func damagedArchivesShowNothing() throws {
        let (workshop, _, bundle) = try scene()
        var bytes = try Tree.bytes(bundle)
        let place = try #require(
            Bytes.place(of: Array("__version__ = '2.0'".utf8), in: bytes)
                ?? Bytes.place(of: Array("shouter/__init__.py".utf8), in: bytes))
        bytes[place] ^= 1
        let damaged = try workshop.scratch.write("damaged.sh", bytes)
        let ran = try workshop.airlift("licenses", damaged)
        #expect(ran.code == 3 && ran.errors.contains("shouter"), "\(ran.words)")
    }

    @Test func whatWasNotFetchedIsSaid() throws {
        let (workshop, _, _) = try scene()
        let ran = try workshop.airlift("licenses", "--cache", workshop.path + "/empty", workshop.project)
        #expect(ran.code == 0 && ran.errors.contains("airlift fetch"), "\(ran.words)")
    }
}
