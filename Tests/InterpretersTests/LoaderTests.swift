import Files
import TestSupport
import Testing

@testable import Interpreters

@Suite struct LoaderCacheTests {
    private func cache(_ entries: [(name: String, path: String, hardware: UInt64)], older: Int? = nil)
        -> [UInt8]
    {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var strings: [UInt8] = []
        let place = 48 + entries.count * 24
        var table: [UInt8] = []
        for entry in entries {
            table += number(0x0303, 4) + number(place + strings.count, 4)
            strings += Array(entry.name.utf8) + [0]
            table += number(place + strings.count, 4) + number(0, 4) + number(Int(entry.hardware), 8)
            strings += Array(entry.path.utf8) + [0]
        }
        let body =
            Array("glibc-ld.so.cache1.1".utf8) + number(entries.count, 4) + number(strings.count, 4)
            + [UInt8](repeating: 0, count: 20) + table + strings
        guard let older else { return body }
        let before =
            Array("ld.so-1.7.0".utf8) + [0] + number(older, 4) + [UInt8](repeating: 1, count: older * 12)
        return before + [UInt8](repeating: 0, count: (8 - before.count % 8) % 8) + body
    }

    @Test(arguments: [nil, 0, 3]) func librariesOfTheBaselineAreFoundByName(older: Int?) {
        let found = LoaderCache(
            cache(
                [
                    ("libz.so.1", "/usr/lib/haswell/libz.so.1", 1 << 62), ("libz.so.1", "/lib/libz.so.1", 0),
                    ("libx.so", "/opt/libx.so", 0),
                ], older: older))
        #expect(found.paths == ["libz.so.1": ["/lib/libz.so.1"], "libx.so": ["/opt/libx.so"]])
    }

    @Test func aCacheCutAnywhereIsNoTrap() {
        let whole = cache([("libz.so.1", "/lib/libz.so.1", 0), ("libx.so", "/opt/libx.so", 0)], older: 2)
        for length in whole.indices { #expect(LoaderCache(Array(whole[..<length])).paths.count < 2) }
        #expect(LoaderCache(whole).paths.count == 2)
        #expect(LoaderCache([UInt8](repeating: 0xff, count: 500)).paths.isEmpty)
    }
}

@Suite struct RunpathTests {
    @Test(arguments: [
        ("bin/python3.11", "$ORIGIN/../lib"), ("lib/python3.11/lib-dynload/_ssl.so", "$ORIGIN/../.."),
        ("lib/libssl.so.3", "$ORIGIN"), ("lib/ossl-modules/legacy.so", "$ORIGIN/.."),
        ("lib64/python3.11/lib-dynload/_ssl.so", "$ORIGIN/../../../lib"),
    ])
    func librariesAreFoundRelativeToWhatNeedsThem(path: String, runpath: String) throws {
        #expect(try Relocation.runpath(from: RelativePath(path), to: "lib") == runpath)
    }
}

@Suite struct StandardLibraryTests {
    let temporary = TemporaryDirectory()

    @Test func onlyWhatRunsIsTaken() throws {
        for path in [
            "os.py", "__pycache__/os.pyc", "test/test_os.py", "json/tests/x.py", "json/__init__.py",
            "EXTERNALLY-MANAGED",
            "site-packages/pip/x.py", "config-3.11/libpython.a", "ensurepip/__init__.py", "lib-dynload/_x.so",
            "email/site-packages.txt", "ünïcode.py", "sitecustomize.py",
        ] { try temporary.write("lib/" + path, "x") }
        try temporary.write("etc/outside.py", "from outside")
        let lib = try Directory.open(temporary.path + "/lib")
        try lib.createSymbolicLink(RelativePath("alias.py"), to: "os.py")
        try lib.createSymbolicLink(RelativePath("outside.py"), to: temporary.path + "/etc/outside.py")
        try lib.createSymbolicLink(RelativePath("broken.py"), to: "/nowhere.py")
        try lib.createSymbolicLink(RelativePath("folder"), to: "../etc")
        let taken = try StandardLibrary.collect(temporary.path + "/lib", at: "lib/python3.11")
        #expect(
            taken.items.map(\.path.string)
                == [
                    "alias.py", "email/site-packages.txt", "json/__init__.py", "lib-dynload/_x.so", "os.py",
                    "outside.py",
                    "ünïcode.py",
                ].map { "lib/python3.11/" + $0 })
        guard case .link("os.py") = taken.items[0].content else {
            Issue.record("a link to a neighbour should stay one")
            return
        }
        guard case .file(let source) = taken.items[5].content else {
            Issue.record("a link that leads outside should become its file")
            return
        }
        #expect(source.hasSuffix("/etc/outside.py"))
        let left = Set(taken.leftOut.map(\.name))
        #expect(
            left.isSuperset(of: [
                "lib/python3.11/broken.py", "lib/python3.11/folder", "lib/python3.11/ensurepip",
            ]))
    }
}
