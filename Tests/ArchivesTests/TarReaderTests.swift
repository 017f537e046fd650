import Archives
import Digests
import Failures
import Files
import TestSupport
import Testing

@Suite struct TarReaderTests {
    let temporary = TemporaryDirectory()

    private func read(_ bytes: [UInt8], limits: TarLimits = TarLimits()) throws -> [String: [UInt8]] {
        let file = try OpenFile.read(temporary.write("a.tar", bytes))
        var contents: [String: [UInt8]] = [:]
        _ = try TarReader.read(file, limits: limits) { entry, content in
            contents[entry.path.string] = try content.bytes()
        }
        return contents
    }

    private func refusal(of bytes: [UInt8]) throws -> String {
        let error = try #require(throws: TarError.self) { try read(bytes) }
        #expect(error.kind == .damaged)
        return error.description
    }

    @Test func membersComeWithTheirContent() throws {
        let bytes = TarFixture.of(
            .init("./", type: "5"), .init("./bin/", type: "5"), .init("./bin/tool", "run"),
            .init("empty", ""), .init("bin/alias", type: "2", link: "tool"),
            .init("copy", type: "1", link: "./bin/tool"))
        let file = try OpenFile.read(temporary.write("a.tar", bytes))
        var entries: [TarEntry] = []
        let summary = try TarReader.read(file) { entry, _ in entries.append(entry) }
        #expect(entries.map(\.path.string) == ["bin", "bin/tool", "empty", "bin/alias", "copy"])
        #expect(
            entries.map(\.kind) == [
                .directory, .file, .file, .symbolicLink(target: "tool"),
                .hardLink(target: try RelativePath("bin/tool")),
            ])
        #expect(entries[1].size == 3 && entries[1].permissions == 0o644)
        #expect(entries[1].modificationTime == 0o14000000000)
        #expect(summary == TarSummary(size: UInt64(bytes.count), sha256: SHA256.hash(bytes)))
    }

    @Test func aRangeOfALargerFileIsReadAndHashedAlone() throws {
        let tar = TarFixture.of(.init("a", "one"))
        let file = try OpenFile.read(temporary.write("outer", [9, 9, 9] + tar + [7, 7]))
        var seen = 0
        let summary = try TarReader.read(
            file, at: 3, length: UInt64(tar.count), observing: { seen += $0.count }
        ) { entry, content in
            let bytes = try content.bytes()
            #expect(bytes == Array("one".utf8))
        }
        #expect(summary.sha256 == SHA256.hash(tar))
        #expect(seen == tar.count)
        #expect(throws: TarError.self) {
            try TarReader.read(file, at: 3, length: UInt64(tar.count) + 3) { _, _ in }
        }
        #expect(throws: TarError.self) { try TarReader.read(file, at: 1 << 40) { _, _ in } }
    }

    @Test func namesOutsideASCIIAreReadWithoutALocale() throws {
        var fixture = TarFixture()
        fixture.pax([("path", "größe/日本.txt")])
        fixture.add(.init("short", "data"))
        fixture.add(.init("café", "raw"))
        fixture.pax([("linkpath", "日本.txt")])
        fixture.add(.init("größe/link", type: "2", link: "x"))
        fixture.end()
        let contents = try read(fixture.bytes)
        #expect(Set(contents.keys) == ["größe/日本.txt", "café", "größe/link"])
        #expect(contents["größe/日本.txt"] == Array("data".utf8))
    }

    @Test func namesThatAreNoUTF8AreRefused() throws {
        var member = TarFixture.Member("x")
        member.name = [0x66, 0xff, 0x67]
        #expect(try refusal(of: TarFixture.of(member)).contains("not UTF-8"))
    }

    @Test(arguments: ["/etc/passwd", "../up", "a/../../b", "a//b", "a/./b"])
    func pathsThatLeadElsewhereAreRefused(name: String) throws {
        #expect(try refusal(of: TarFixture.of(.init("fine"), .init(name))).contains(name))
    }

    @Test(arguments: ["3", "4", "6"])
    func devicesAndFifosAreRefused(type: String) throws {
        #expect(try refusal(of: TarFixture.of(.init("dev", type: type))).contains("'dev'"))
    }

    @Test func aNameMayBeUsedOnce() throws {
        #expect(try refusal(of: TarFixture.of(.init("a", "1"), .init("./a", "2"))).contains("twice"))
        #expect(try refusal(of: TarFixture.of(.init("a/b"), .init("a"))).contains("twice"))
        #expect(try read(TarFixture.of(.init("a/b"), .init("a/", type: "5"), .init("a/c"))).count == 3)
    }

    @Test func nothingLiesBelowAFileOrALink() throws {
        #expect(try refusal(of: TarFixture.of(.init("a"), .init("a/b"))).contains("is a file"))
        let below = TarFixture.of(.init("lib", type: "5"), .init("l", type: "2", link: "lib"), .init("l/x"))
        #expect(try refusal(of: below).contains("symbolic link"))
    }

    @Test(arguments: ["/etc", "../../x", "..", "ok/../x", "", "../\u{301}x", "ok\u{600}/../x"])
    func linksThatLeadOutsideAreRefused(target: String) throws {
        #expect(throws: TarError.self) {
            try read(TarFixture.of(.init("a", type: "5"), .init("l", type: "2", link: target)))
        }
    }

    @Test(arguments: ["../sibling", "x/y", "./x", "../../top", "../\u{301}x", "..\u{301}/x"])
    func linksThatStayInsideAreRead(target: String) throws {
        #expect(try read(TarFixture.of(.init("a/b/l", type: "2", link: target))).count == 1)
    }

    @Test func hardLinksNameAnEarlierFile() throws {
        for target in ["missing", "/etc/passwd", "../x", "dir"] {
            #expect(throws: TarError.self) {
                try read(TarFixture.of(.init("dir", type: "5"), .init("l", type: "1", link: target)))
            }
        }
    }

    @Test func sizesBeyondTheLimitsAreRefused() throws {
        let huge: [UInt8] = [0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
        let negative = [UInt8](repeating: 0xff, count: 12)
        #expect(throws: TarError.self) { try read(TarFixture.of(.init("a", size: huge))) }
        #expect(throws: TarError.self) { try read(TarFixture.of(.init("a", size: negative))) }
        var limits = TarLimits()
        limits.memberSize = 3
        #expect(throws: TarError.self) { try read(TarFixture.of(.init("a", "four")), limits: limits) }
        limits = TarLimits()
        limits.members = 1
        #expect(throws: TarError.self) { try read(TarFixture.of(.init("a"), .init("b")), limits: limits) }
        limits = TarLimits()
        limits.totalSize = 1_024
        #expect(throws: TarError.self) { try read(TarFixture.of(.init("a"), .init("b")), limits: limits) }
    }

    @Test func theEndMarkIsNeededAndEndsIt() throws {
        let whole = TarFixture.of(.init("a", "text"))
        #expect(try refusal(of: Array(whole.dropLast(1_024))).contains("end"))
        #expect(try refusal(of: whole + TarFixture.of(.init("hidden"))).contains("follows"))
        #expect(try read(whole + [UInt8](repeating: 0, count: 8_192)).count == 1)
    }

    @Test func aTruncatedArchiveIsAnErrorAtEveryBlock() throws {
        let whole = TarFixture.of(.init("a", "text"), .init("b", String(repeating: "x", count: 2_000)))
        for length in stride(from: 0, to: whole.count - 1, by: 97) {
            #expect(throws: (any Error).self) { try read(Array(whole[..<length])) }
        }
    }

    @Test func anyByteOfAHeaderMayBeWrongWithoutATrap() throws {
        var fixture = TarFixture()
        fixture.pax([("path", "long"), ("mtime", "-5.25"), ("size", "4")])
        fixture.add(.init("a", "text"))
        fixture.add(.init("link", type: "2", link: "a"))
        fixture.end()
        #expect(try read(fixture.bytes).count == 2)
        for position in stride(from: 0, to: fixture.bytes.count, by: 3) {
            var bytes = fixture.bytes
            bytes[position] ^= 0xff
            _ = try? read(bytes)
        }
    }

    @Test func garbageIsNoArchive() throws {
        #expect(throws: TarError.self) { try read([]) }
        #expect(throws: TarError.self) { try read(Array("hello, this is text\n".utf8)) }
        #expect(throws: TarError.self) { try read([UInt8](repeating: 0xa5, count: 10_000)) }
    }

    @Test func aSizeSaidTwiceMustAgree() throws {
        func archive(_ size: String) -> [UInt8] {
            var fixture = TarFixture()
            fixture.pax([("size", size)])
            fixture.add(.init("a", "text"))
            fixture.end()
            return fixture.bytes
        }
        #expect(try read(archive("4")).count == 1)
        for size in ["0", "3", "512", "-1", "+4", "x", "99999999999999999999"] {
            #expect(throws: TarError.self) { try read(archive(size)) }
        }
    }

    @Test func extendedHeadersThatReadersUnderstandDifferentlyAreRefused() throws {
        func archive(_ records: [[(String, String)]], type: String = "0") -> [UInt8] {
            var fixture = TarFixture()
            for record in records { fixture.pax(record) }
            fixture.add(.init("a", type: type))
            fixture.end()
            return fixture.bytes
        }
        #expect(
            try read(archive([[("path", "b"), ("SCHILY.xattr.user.x", "y"), ("comment", "")]])).keys.first
                == "b")
        #expect(throws: TarError.self) { try read(archive([[("path", "b"), ("path", "c")]])) }
        #expect(throws: TarError.self) { try read(archive([[("path", "b")], [("path", "c")]])) }
        #expect(throws: TarError.self) { try read(archive([[("path", "")]])) }
        #expect(throws: TarError.self) { try read(archive([[("path", "b\u{0}c")]])) }
        #expect(throws: TarError.self) { try read(archive([[("hdrcharset", "BINARY")]])) }
        #expect(throws: TarError.self) { try read(archive([[("GNU.sparse.major", "1")]])) }
        var dangling = TarFixture()
        dangling.pax([("path", "b")])
        dangling.end()
        #expect(throws: TarError.self) { try read(dangling.bytes) }
    }

    @Test func aWrongChecksumIsDamage() throws {
        var bytes = TarFixture.of(.init("a", "text"))
        bytes[0] = UInt8(ascii: "b")
        #expect(try refusal(of: bytes).contains("checksum"))
    }

    @Test func onlyFilesHaveContent() throws {
        for type in ["1", "2", "5"] {
            let bytes = TarFixture.of(.init("target"), .init("a", type: type, "hidden", link: "target"))
            #expect(try refusal(of: bytes).contains("only a file has content"))
        }
    }

    @Test(arguments: ["C:/x", "c:\\x", "..\\x", "a\nb", "a\u{7f}"])
    func namesThatMeanSomethingElseElsewhereAreRefused(name: String) throws {
        #expect(throws: TarError.self) { try read(TarFixture.of(.init(name))) }
    }

    @Test func aBackslashAloneIsALetter() throws {
        #expect(try read(TarFixture.of(.init("systemd\\x2dunit"))).count == 1)
    }

    @Test func aVisitorsErrorComesOut() throws {
        struct Stop: Error {}
        let file = try OpenFile.read(temporary.write("a.tar", TarFixture.of(.init("a", "1"))))
        #expect(throws: Stop.self) { try TarReader.read(file) { _, _ in throw Stop() } }
    }
}
