import Archives
import Digests
import Files
import TestSupport
import Testing

/// What the two forms of a conda package have in common.
@Suite struct CondaArchiveTests {
    typealias Form = CondaPackageBuilder.Form
    let reading = CondaReading()
    static let demo = CondaPackageBuilder("demo", "1.0", "0", files: [.file("bin/demo", "run")])

    /// The payload with these members beside.
    private func demo(_ form: Form, adding members: TarFixture.Member...) -> CondaPackageBuilder {
        Self.demo.with {
            $0.form = form
            $0.editMembers = { $0 += members }
        }
    }

    @Test(arguments: Form.allCases)
    func `the form is told by the first bytes and not by the name`(form: Form) throws {
        #expect(try reading.read(Self.demo.form(form))["bin/demo"] == Array("run".utf8))
    }

    @Test(arguments: [[], [0x50], Array("PK\u{3}\u{4}".utf8), Array("BZh9".utf8), Array("hello, world".utf8)])
    func `what is no package is refused`(bytes: [UInt8]) {
        #expect(reading.refusal(bytes) != nil)
    }

    @Test(arguments: Form.allCases)
    func `every byte counts once for the progress`(form: Form) throws {
        let region = try reading.region(Self.demo.form(form).bytes)
        var seen: UInt64 = 0
        _ = try CondaArchive.read(region, progress: { seen += $0 }) { _, _ in }
        #expect(seen == region.size)
    }

    @Test(arguments: Form.allCases)
    func `a package inside a larger file is read where it lies`(form: Form) throws {
        let bytes = Self.demo.form(form).bytes
        let outer = try reading.region([UInt8](repeating: 7, count: 1_000) + bytes + [1, 2, 3])
        let inner = try outer.region(offset: 1_000, size: UInt64(bytes.count), name: "inner")
        #expect(
            try CondaArchive.read(inner, progress: { _ in }) { _, _ in }.sha256 == SHA256.hash(bytes))
    }

    @Test(arguments: Form.allCases)
    func `links that stay inside are read, and others refused by name`(form: Form) throws {
        func link(_ target: String) -> CondaPackageBuilder {
            demo(form, adding: .init("lib/sub/link", type: "2", link: target))
        }
        for target in ["../../bin/demo", "../other", "here", "../../missing"] {
            #expect(try reading.read(link(target))["lib/sub/link"] != nil)
        }
        for target in ["../../../etc/passwd", "/etc/passwd", "here/../../../..", ""] {
            #expect(reading.refusal(link(target))?.contains("'lib/sub/link'") == true)
        }
        let twin = demo(form, adding: .init("lib/copy", type: "1", link: "bin/demo"))
        #expect(try reading.read(twin)["lib/copy"] != nil)
        for target in ["lib/later", "../outside", "/etc/passwd"] {
            let hard = demo(form, adding: .init("lib/copy", type: "1", link: target))
            #expect(reading.refusal(hard)?.contains("'lib/copy'") == true)
        }
    }

    @Test(arguments: Form.allCases)
    func `hostile members are refused by name`(form: Form) {
        for name in ["../evil", "/evil", "a/../../evil", "bin/demo", "bin/demo/below", "evil\n", "C:/evil"] {
            #expect(
                reading.refusal(demo(form, adding: .init(name, "x")))?.contains("the member '") == true)
        }
        for type in ["3", "4", "6"] {
            #expect(
                reading.refusal(demo(form, adding: .init("dev", type: type)))?.contains("'dev'") == true)
        }
        let below = demo(form, adding: .init("to", type: "2", link: "bin"), .init("to/evil", "x"))
        #expect(reading.refusal(below)?.contains("'to/evil'") == true)
        let name = TarFixture.Member("x").with { $0.name = [0x66, 0xff] }
        #expect(reading.refusal(demo(form, adding: name))?.contains("UTF-8") == true)
    }

    @Test(arguments: Form.allCases)
    func `set-id bits come through, for the installer to drop`(form: Form) throws {
        let tool = TarFixture.Member("bin/tool").with { $0.mode = "0006755" }
        var permissions: UInt32?
        _ = try CondaArchive.read(
            reading.region(demo(form, adding: tool).bytes), progress: { _ in }
        ) { entry, _ in
            if entry.path.string == "bin/tool" { permissions = entry.permissions }
        }
        #expect(permissions == 0o6755)
    }

    @Test(arguments: Form.allCases)
    func `odd but legal members are read`(form: Form) throws {
        let odd = demo(
            form, adding: .init("./dot/", type: "5"), .init("./dot/file", "x"), .init("größe", "y"),
            .init("empty"))
        #expect(
            Set(try reading.read(odd).keys).isSuperset(of: ["dot", "dot/file", "größe", "empty"]))
    }

    @Test(arguments: Form.allCases)
    func `a package cut short is refused wherever it is cut`(form: Form) {
        let bytes = Self.demo.form(form).bytes
        for count in stride(from: 0, to: bytes.count, by: 37) + [bytes.count - 1] {
            #expect(reading.refusal(Array(bytes[..<count])) != nil, "\(count) of \(bytes.count)")
        }
        #expect(reading.refusal(bytes + [0]) != nil)
    }

    @Test(arguments: Form.allCases)
    func `a flipped byte is damage, or leaves another digest`(form: Form) throws {
        let bytes = Self.demo.form(form).bytes
        let digest = SHA256.hash(bytes)
        for position in stride(from: 0, to: bytes.count, by: 11) {
            var copy = bytes
            copy[position] ^= 0x20
            let summary = try? CondaArchive.read(reading.region(copy), progress: { _ in }) { _, _ in }
            #expect(summary?.sha256 != digest)
        }
    }

    @Test(arguments: Form.allCases)
    func `what exceeds a limit is refused`(form: Form) {
        var limits = TarLimits()
        let bytes = demo(form, adding: .init("big", String(repeating: "x", count: 100_000))).bytes
        #expect(reading.refusal(bytes, limits: limits) == nil)
        limits.totalSize = 50_000
        #expect(reading.refusal(bytes, limits: limits)?.contains("50000") == true)
        limits = TarLimits()
        limits.memberSize = 99_999
        #expect(reading.refusal(bytes, limits: limits)?.contains("'big'") == true)
        limits = TarLimits()
        limits.members = 1
        #expect(reading.refusal(bytes, limits: limits) != nil)
        limits = TarLimits()
        limits.nameSize = 10
        #expect(reading.refusal(bytes, limits: limits)?.contains("names") == true)
    }

    @Test(arguments: Form.allCases)
    func `a visitor's error comes out`(form: Form) throws {
        struct Stop: Error {}
        let region = try reading.region(Self.demo.form(form).bytes)
        #expect(throws: Stop.self) {
            try CondaArchive.read(region, progress: { _ in }) { _, _ in throw Stop() }
        }
        #expect(throws: Stop.self) { try CondaArchive.readInfo(region) { _, _ in throw Stop() } }
    }
}
