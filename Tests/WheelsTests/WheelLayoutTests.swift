import Testing
import Wheels

@Suite("Layout of wheels")
struct WheelLayoutTests {
    static let info = ["a-1.0.dist-info/METADATA", "a-1.0.dist-info/WHEEL", "a-1.0.dist-info/RECORD"]

    func layout(
        _ paths: [String], name: String = "a-1.0-py3-none-any.whl", purelib: Bool = true,
        info: [String] = info
    ) throws -> WheelLayout {
        try WheelLayout(WheelFilename(name), paths: paths + info, rootIsPurelib: purelib)
    }

    @Test func membersGoToTheirSchemes() throws {
        let layout = try layout([
            "a/__init__.py", "a/", "a-1.0.data/scripts/run", "a-1.0.data/headers/x/a.h",
            "a-1.0.data/data/share/a",
            "a-1.0.data/platlib/a.so", "a-1.0.data/purelib/p.py", "top.py", "ä.py",
            "a-1.0.dist-info/INSTALLER",
            "a-1.0.dist-info/entry_points.txt", "a-1.0.dist-info/RECORD.jws",
            "a-1.0.dist-info/licenses/RECORD",
        ])
        #expect(layout.distInfo == "a-1.0.dist-info")
        let placed = layout.members.map { "\($0.scheme.rawValue) \($0.destination)" }
        #expect(
            placed.prefix(8) == [
                "purelib a/__init__.py", "scripts run", "headers x/a.h", "data share/a", "platlib a.so",
                "purelib p.py", "purelib top.py", "purelib ä.py",
            ])
        #expect(
            layout.members.suffix(7).map(\.role)
                == [.installersOwn, .entryPoints, .recordSignature, .content, .metadata, .wheel, .record])
        #expect(try self.layout(["x.so"], purelib: false).members[0].scheme == .platlib)
        #expect(layout.caseClashes == [])
    }

    @Test func namesAreComparedNormalised() throws {
        let info = Self.info.map { $0.replacingPrefix("a-1.0", by: "Ruamel.YAML-1.0.0") }
        let wheel = "ruamel_yaml-1.0-py3-none-any.whl"
        #expect(
            try layout(["Ruamel.YAML-1.0.0.data/data/x"], name: wheel, info: info).distInfo
                == "Ruamel.YAML-1.0.0.dist-info")
    }

    @Test(
        "a member is refused, its twin is not",
        arguments: [
            ("/etc/passwd", "etc/passwd"), ("../x", "..x"), ("a/../../x", "a/.../x"), ("a/./x", "a/.x/x"),
            ("a//x", "a/x"),
            ("C:/x", "C/x"), ("c:x", "c.x"), ("a\\b", "a_b"), ("a\0b", "ab"), ("a\nb", "a b"),
            ("a\u{7f}", "a\u{e9}"), ("", "_"), ("/", "_"),
            (String(repeating: "x", count: 256), String(repeating: "x", count: 255)),
            (String(repeating: "x/", count: 2_050) + "y", String(repeating: "x/", count: 2_000) + "y"),
            ("a-1.0.data/x", "a-1.0.data/data/x"), ("a-1.0.data/include/x", "a-1.0.data/headers/x"),
            ("a-1.0.data/scripts/../x", "a-1.0.data/scripts/x"), ("b-1.0.data/data/x", "b-1.0.date/data/x"),
            ("a-1.1.data/data/x", "a-1.data/data/x"), ("stuff.data/x", "stuff/x.data"),
            ("b-1.0.dist-info/x", "b-1.0.egg-info/x"),
            ("top.py", "other.py"), ("a-1.0.data/purelib/top.py", "a-1.0.data/data/top.py"),
            ("a-1.0.data/platlib/top.py", "a-1.0.data/platlib/top.so"), ("top.py/x", "top/x"),
        ])
    func attackAndTwin(attack: String, twin: String) {
        #expect(reasons { try layout(["top.py", attack]) } != nil)
        #expect(reasons { try layout(["top.py", twin]) } == nil)
    }

    @Test(
        "the .dist-info directory is refused",
        arguments: [
            ([], "no .dist-info"), (["b-1.0.dist-info/METADATA"], "project 'b'"),
            (["a-2.dist-info/METADATA"], "version 2"),
            (["a.dist-info/METADATA"], "not named"), (["a-1.0.dist-info"], "no .dist-info"),
            (["a-1.0.dist-info/METADATA", "a-1.0.dist-info/RECORD"], "WHEEL"),
            (["A-1.0.dist-info/x"] + info, "several"),
        ])
    func distInfo(info: [String], words: String) {
        let found = reasons { try layout(["x.py"], info: info) } ?? []
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }

    @Test func allFaultsAreNamedAtOnce() {
        #expect(reasons { try layout(["/a", "b\\c", "x.py", "x.py", "a-1.0.data/y"], info: []) }?.count == 5)
    }

    @Test func namesThatDifferByCaseOrUnicodeFormAreReported() throws {
        let layout = try layout(["README", "Readme", "\u{e9}", "e\u{301}", "x"])
        #expect(layout.caseClashes.map(\.count) == [2, 2])
        #expect(layout.caseClashes[0] == ["purelib/README", "purelib/Readme"])
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, by other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
