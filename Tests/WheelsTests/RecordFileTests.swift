import Digests
import Testing
import Wheels

@Suite("RECORD files")
struct RecordFileTests {
    static let empty = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    let nothing = SHA256.hash("")

    @Test func rowsAreRead() throws {
        let record = try RecordFile(
            bytes(
                "a/b.py,\(Self.empty),0\r\n\"a/q\"\"x,\ny.py\",\(Self.empty)=,12\n\na-1.dist-info/RECORD,,\nü.py,\(Self.empty),"
            ))
        #expect(record.rows.map(\.path) == ["a/b.py", "a/q\"x,\ny.py", "a-1.dist-info/RECORD", "ü.py"])
        #expect(record.rows.map(\.size) == [0, 12, nil, nil])
        #expect(record.rows[0].digest == .sha256(nothing) && record.rows[2].digest == nil)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let rows: [RecordFile.Row] = [
            .init(path: "z.py", sha256: nothing, size: 0),
            .init(path: "a,\"b\"\n.py", sha256: nothing, size: 7),
            .init(path: "d/RECORD", digest: nil, size: nil),
            .init(path: "Z.py", digest: .sha512(.init(repeating: 1, count: 64)), size: 1),
        ]
        let written = RecordFile(rows: rows).encoded()
        #expect(try Set(RecordFile(written).rows) == Set(rows))
        #expect(try RecordFile(written).encoded() == written)
        #expect(String(decoding: written, as: UTF8.self).hasPrefix("Z.py,sha512="))
        #expect(RecordFile(rows: [rows[0]]).encoded() == bytes("z.py,\(Self.empty),0\n"))
    }

    @Test(
        "is refused",
        arguments: [
            ("a.py,md5=1B2M2Y8AsgTpgAmY7PhCfg,0\n", "md5"),
            ("a.py,sha1=2jmj7l5rSw0yVb_vlWAYkK_YBwk,0\n", "sha1"),
            ("a.py,sha256=AAAA,0\n", "32 bytes"), ("a.py,\(empty),-1\n", "'-1'"),
            ("a.py,\(empty),x\n", "'x'"),
            ("a.py,\(empty)\n", "2 columns"), ("a.py,\(empty),0,1\n", "4 columns"),
            (",\(empty),0\n", "path is empty"),
            ("\"a.py,\(empty),0\n", "never closed"), ("\"a\"b,\(empty),0\n", "closing quote"),
            ("a.py,47DEQpj8,0\n", "sha256, sha384 or sha512"),
            ("a.py,,0\nb.py,,\na.py,,\n", "line 3, 'a.py' is listed again"),
            ("a.py,\(empty)x,0\n", "32 bytes"), ("a.py,\(empty),99999999999999999999\n", "no number"),
            ("PK\u{3}\u{4}", "1 columns"),
        ])
    func refuses(text: String, words: String) {
        let found = reasons { try RecordFile(bytes(text)) } ?? []
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(
            reasons { try RecordFile([0x61, 0xff, 0x2c, 0x2c, 0x0a]) }?.first?.contains("not UTF-8") == true)
        #expect(reasons { try RecordFile(.init(repeating: 0x0a, count: 1_000)) } == nil)
        #expect(reasons { try RecordFile(.init(repeating: 0x2c, count: 100_000)) }?.count == 1)
    }

    @Test func composedAndDecomposedNamesAreTwoFiles() throws {
        #expect(try RecordFile(bytes("\u{e9}.py,,\ne\u{301}.py,,\n")).rows.count == 2)
    }

    func member(_ path: String, _ text: String = "") -> WheelMember {
        WheelMember(path: path, size: UInt64(text.utf8.count), sha256: SHA256.hash(text))
    }

    @Test func anHonestWheelHasNoProblems() throws {
        let record = try RecordFile(
            bytes("a.py,\(Self.empty),0\nb.py,\(Self.empty),\na-1.dist-info/RECORD,,\n"))
        let members = [
            member("a.py"), member("b.py"), member("a-1.dist-info/RECORD", "x"),
            member("a-1.dist-info/RECORD.jws"),
        ]
        #expect(record.problems(with: members, distInfo: "a-1.dist-info") == [])
    }

    @Test func everyProblemIsNamed() throws {
        let record = try RecordFile(
            bytes(
                "changed.py,\(Self.empty),0\nsize.py,\(Self.empty),5\ngone.py,\(Self.empty),0\nunsigned.py,,0\na-1.dist-info/RECORD,\(Self.empty),\n"
            ))
        let members = [
            member("changed.py", "x"), member("size.py"), member("unsigned.py"), member("extra.py"),
            member("other-1.dist-info/RECORD"), member("a-1.dist-info/RECORD"),
        ]
        let problems = record.problems(with: members, distInfo: "a-1.dist-info")
        #expect(
            problems.map(\.text) == [
                "changed.py", "changed.py", "size.py", "unsigned.py", "extra.py", "other-1.dist-info/RECORD",
                "a-1.dist-info/RECORD", "gone.py",
            ])
        #expect(problems[0].reason.contains("1 bytes") && problems[1].reason.contains("47DEQpj8HBSa"))
    }

    @Test func aLongRecordIsReadInMilliseconds() throws {
        let text = (0..<5_000).map { "package/module_\($0)/file_with_a_name.py,\(Self.empty),\($0)\n" }
            .joined()
        let record = bytes(text)
        var best = Duration.seconds(60)
        for _ in 0..<3 {
            let start = ContinuousClock.now
            #expect(try RecordFile(record).rows.count == 5_000)
            best = min(best, ContinuousClock.now - start)
        }
        // A few milliseconds when optimised; the bound is for an unoptimised build on a busy machine.
        #expect(best < .milliseconds(500))
    }
}
