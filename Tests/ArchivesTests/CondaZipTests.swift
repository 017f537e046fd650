import TestSupport
import Testing

/// The ZIP archive around the two parts of a `.conda`.
@Suite struct CondaZipTests {
    let reading = CondaReading()
    static let demo = CondaArchiveTests.demo

    private func edited(_ edit: @escaping @Sendable (inout ZipBuilder) -> Void) -> CondaPackageBuilder {
        Self.demo.with { $0.editArchive = edit }
    }

    @Test func `the forms that conda's tools write are read`() throws {
        for edit: @Sendable (inout ZipMember) -> Void in [
            { _ in }, { $0.usesZip64 = true }, { $0.hasDescriptor = true },
            {
                $0.usesZip64 = true
                $0.hasDescriptor = true
            },
        ] {
            let package = edited { archive in
                for index in archive.members.indices { edit(&archive.members[index]) }
            }
            #expect(try reading.read(package)["bin/demo"] != nil)
            #expect(try reading.readInfo(package).contains("info/index.json"))
        }
        #expect(try reading.read(edited { $0.members.reverse() })["bin/demo"] != nil)
        #expect(try reading.read(edited { $0.members.removeFirst() })["bin/demo"] != nil)
        #expect(try reading.read(edited { $0.usesZip64 = true })["bin/demo"] != nil)
    }

    @Test func `each part is there once`() {
        #expect(reading.refusal(edited { $0.members.remove(at: 1) })?.contains("pkg-….tar.zst") == true)
        #expect(reading.refusal(edited { $0.members.remove(at: 2) })?.contains("info-….tar.zst") == true)
        let second = edited { archive in
            archive.members.append(
                archive.members[1].with { $0.name = Array("pkg-other-1.0-0.tar.zst".utf8) })
        }
        #expect(reading.refusal(second)?.contains("has 2") == true)
        let renamed = edited { $0.members[1].name = Array("pkg-other-1.0-0.tar.zst".utf8) }
        #expect(reading.refusal(renamed)?.contains("two packages") == true)
    }

    @Test(arguments: ["README", "sub/pkg-demo-1.0-0.tar.zst", "info/index.json", "pkg-demo-1.0-0.tar.bz2"])
    func `other members have no place`(name: String) {
        let package = edited { $0.members.append(ZipMember(name, "x", deflated: false)) }
        #expect(reading.refusal(package)?.contains("'\(name)'") == true)
    }

    @Test func `members are stored, and files`() {
        for index in 0..<3 {
            #expect(reading.refusal(edited { $0.members[index].deflated = true })?.contains("stored") == true)
        }
        #expect(reading.refusal(edited { $0.members[1].mode = 0o120777 })?.contains("a file") == true)
    }

    @Test(arguments: ["{\"conda_pkg_format_version\": 3}", "{}", "[]", "2", "{\"conda_pkg_format_version\""])
    func `another format is refused`(metadata: String) {
        let package = edited {
            $0.members[0] = ZipMember("metadata.json", metadata, deflated: false)
        }
        #expect(reading.refusal(package)?.contains("'metadata.json'") == true)
    }

    @Test func `an empty metadata.json says nothing against format 2`() throws {
        let package = edited { $0.members[0] = ZipMember("metadata.json", "", deflated: false) }
        #expect(try reading.read(package)["bin/demo"] != nil)
    }

    @Test func `headers that disagree are refused`() {
        let lies: [@Sendable (inout ZipMember) -> Void] = [
            { $0.editLocal = { $0.name = Array("pkg-evil-1.0-0.tar.zst".utf8) } },
            { $0.editLocal = { $0.size += 1 } }, { $0.editLocal = { $0.crc32 ^= 1 } },
            { $0.editLocal = { $0.method = 8 } }, { $0.editLocal = { $0.signature = 0 } },
            { $0 = $0.editingBoth { $0.crc32 ^= 1 } }, { $0.gap = [1, 2, 3, 4] },
            {
                $0.hasDescriptor = true
                $0.editDescriptor = { $0.crc32 ^= 1 }
            },
        ]
        for (number, lie) in lies.enumerated() {
            for index in 0..<3 {
                #expect(
                    reading.refusal(edited { lie(&$0.members[index]) }) != nil,
                    "lie \(number), member \(index)")
            }
        }
        #expect(reading.refusal(edited { $0.prefix = [1, 2, 3] }) != nil)
        #expect(reading.refusal(edited { $0.suffix = [1, 2, 3] }) != nil)
        #expect(reading.refusal(edited { $0.gapBeforeDirectory = [1] }) != nil)
    }
}
