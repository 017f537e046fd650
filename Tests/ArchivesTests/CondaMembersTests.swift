import Archives
import TestSupport
import Testing

/// `info/` and payload lie where every reader looks for them, so that all see one package.
@Suite struct CondaMembersTests {
    let reading = CondaReading()
    static let demo = CondaArchiveTests.demo

    @Test func `a .conda has its metadata in the info part alone`() throws {
        let stray = Self.demo.with { $0.editInfoMembers = { $0.append(.init("lib/stray", "x")) } }
        #expect(reading.refusal(stray)?.contains("'lib/stray'") == true)
        for name in ["info/index.json", "info/link.json", "info/recipe/meta.yaml"] {
            let second = Self.demo.with { $0.editMembers = { $0.append(.init(name, "{}")) } }
            #expect(reading.refusal(second)?.contains("'\(name)'") == true)
        }
    }

    @Test func `licenses may lie in either part, and one of them in one`() throws {
        let usual = Self.demo.with { $0.licenseFiles = ["LICENSE": "free"] }
        #expect(try reading.read(usual)["info/licenses/LICENSE"] == Array("free".utf8))
        let other = Self.demo.with {
            $0.editInfoMembers = { $0.append(.init("info/licenses/LICENSE", "free")) }
        }
        #expect(try reading.read(other)["info/licenses/LICENSE"] != nil)
        #expect(try reading.readInfo(other).contains("info/licenses/LICENSE"))
        let both = other.with { $0.licenseFiles = ["LICENSE": "or not"] }
        #expect(reading.refusal(both)?.contains("'info/licenses/LICENSE'") == true)
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases)
    func `info is a directory`(form: CondaPackageBuilder.Form) throws {
        let directory = Self.demo.form(form).with {
            $0.editInfoMembers = { $0.insert(.init("info/", type: "5"), at: 0) }
        }
        #expect(try reading.read(directory)["info"] != nil)
        for member in [TarFixture.Member("info", "x"), .init("info", type: "2", link: "share")] {
            let other = Self.demo.form(form).with { $0.editMembers = { $0.append(member) } }
            #expect(reading.refusal(other)?.contains("'info'") == true)
        }
    }

    @Test func `metadata behind the payload of a .tar.bz2 is refused, since not every reader sees it`() throws
    {
        func adding(_ name: String) -> CondaPackageBuilder {
            Self.demo.form(.tarBzip2).with { $0.editMembers = { $0.append(.init(name, "{}")) } }
        }
        #expect(reading.refusal(adding("info/link.json"))?.contains("behind the payload") == true)
        for name in ["info/recipe/meta.yaml", "info/test/run_test.py", "info/licenses/LICENSE"] {
            #expect(try reading.read(adding(name))[name] != nil)
        }
    }

    @Test func `reading the metadata of a .tar.bz2 stops at the payload`() throws {
        // What lies behind the first 900,000 bytes is a block of its own, damaged here and not reached.
        let package = Self.demo.form(.tarBzip2).with {
            $0.editMembers = {
                $0.append(.init("big", (0..<1_200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }))
            }
        }
        var bytes = package.bytes
        bytes[bytes.count - 40] ^= 0xff
        var names: Set<String> = []
        try CondaArchive.readInfo(reading.region(bytes)) { entry, _ in names.insert(entry.path.string) }
        #expect(names == ["info/about.json", "info/files", "info/index.json", "info/paths.json"])
        #expect(reading.refusal(bytes) != nil)
    }

    @Test func `metadata between payload is found where no list came before`() throws {
        let package = Self.demo.form(.tarBzip2).with {
            $0.editInfoMembers = { $0.insert(.init("bin/first", "x"), at: 0) }
        }
        #expect(try reading.readInfo(package).contains("info/index.json"))
        #expect(try reading.read(package)["bin/first"] != nil)
    }
}
