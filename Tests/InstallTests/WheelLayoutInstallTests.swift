import Digests
import Files
import Install
import TestSupport
import Testing

/// "Installing a wheel" and "File contents" of the binary distribution format.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct WheelLayoutInstallTests {
    let landing = Landing()

    @Test(arguments: [true, false]) func `each scheme has its directory`(isPurelib: Bool) throws {
        try landing.install([
            WheelBuilder("Demo-App", "1.0") {
                $0.isPurelib = isPurelib
                let data = $0.dataDirectory
                $0.files = [
                    .init("demo_app/__init__.py", "root"), .init("\(data)/purelib/pure.py", "pure"),
                    .init("\(data)/platlib/plat.py", "plat"), .init("\(data)/scripts/tool", "script"),
                    .init("\(data)/headers/deep/demo.h", "header"),
                    .init("\(data)/data/share/doc/demo.txt", "data"),
                ]
            }
        ])
        let site = landing.site
        let expected = [
            "\(site)/demo_app/__init__.py": "root", "\(site)/pure.py": "pure", "\(site)/plat.py": "plat",
            "bin/tool": "script",
            "include/site/python\(HostPython.minor)/demo-app/deep/demo.h": "header",
            "share/doc/demo.txt": "data",
        ]
        for (path, text) in expected { #expect(try landing.text(path) == text, "\(path)") }
        let ofWheel = try landing.recorded().keys.filter {
            !$0.contains(".dist-info/") && expected[$0] == nil
        }
        #expect(
            ofWheel.sorted() == [
                "bin/activate", "bin/activate.fish", "bin/python", "bin/python3",
                "bin/python\(HostPython.minor)",
                "etc/app.toml", "lib64", "pyvenv.cfg",
            ])
        #expect(try landing.status("\(site)/Demo_App-1.0.data") == nil)
    }

    @Test(
        arguments: [
            (0o100644, 0o644), (0o100755, 0o755), (0o100600, 0o644), (0o100777, 0o755), (0o100666, 0o644),
            (0o100744, 0o755), (0, 0o644),
        ] as [(UInt32, UInt32)])
    func `of the mode only the executable bit counts`(stored: UInt32, installed: UInt32) throws {
        try landing.install([
            WheelBuilder {
                $0.files.append(.init("demo/run", "x", mode: stored))
                $0.files.append(.init("\($0.dataDirectory)/data/share/run", "x", mode: stored))
                $0.files.append(.init("\($0.dataDirectory)/scripts/run", "x", mode: stored))
            }
        ])
        for path in ["\(landing.site)/demo/run", "share/run"] {
            #expect(try landing.status(path)?.permissions == installed, "\(path)")
        }
        #expect(try landing.status("bin/run")?.permissions == 0o755, "scripts are run")
    }

    @Test func `times of the archive are restored, read as UTC`() throws {
        try landing.install([
            WheelBuilder {
                $0.editMembers = { members in
                    for index in members.indices {
                        members[index] = members[index].editingBoth {
                            // 2021-03-04 05:06:08 in MS-DOS form.
                            $0.date = 41 << 9 | 3 << 5 | 4
                            $0.time = 5 << 11 | 6 << 5 | 4
                        }
                    }
                }
            }
        ])
        for path in ["demo/__init__.py", "demo-1.0.dist-info/METADATA"] {
            #expect(try landing.status("\(landing.site)/\(path)")?.modificationTime == 1_614_834_368)
        }
    }

    @Test(arguments: [true, false]) func `a member too large for memory is streamed`(deflated: Bool) throws {
        var large = [UInt8](repeating: 0x61, count: 24 << 20)
        large += Array("the end".utf8)
        try landing.install([
            WheelBuilder {
                $0.deflated = deflated
                $0.files.append(.init("demo/large.bin", large, mode: 0o100755))
            }
        ])
        let path = "\(landing.site)/demo/large.bin"
        #expect(try SHA256.hash(landing.bytes(path)) == SHA256.hash(large))
        #expect(try landing.status(path)?.permissions == 0o755)
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test(arguments: [
        "Gehälter.py", "e\u{301}.py", "日本/語.py", " leading.txt", "trailing ", "two  words.txt", "a,b.txt",
        "quo\"te.txt", "it's.txt", "\u{301}combining.txt", "%41.txt", "#.txt", "-rf", "a -> b", ".hidden",
    ])
    func `odd names are names`(name: String) throws {
        try landing.install([
            WheelBuilder {
                $0.files.append(.init("demo/\(name)", "odd"))
                $0.files.append(.init("\($0.dataDirectory)/data/share/\(name)", "odd"))
            }
        ])
        #expect(try landing.text("\(landing.site)/demo/\(name)") == "odd")
        #expect(try landing.text("share/\(name)") == "odd")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
        #expect(try landing.python(RecordTests.check).output == "ok\n")
    }

    @Test func `names that differ by Unicode form alone are two names`() throws {
        try landing.install([
            WheelBuilder {
                $0.files += [.init("demo/\u{e9}.txt", "composed"), .init("demo/e\u{301}.txt", "decomposed")]
            }
        ])
        #expect(try landing.text("\(landing.site)/demo/\u{e9}.txt") == "composed")
        #expect(try landing.text("\(landing.site)/demo/e\u{301}.txt") == "decomposed")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `files of the application are there with their modes`() throws {
        let bundle = try landing.bundle {
            $0.ownFiles = [
                .init("etc/app.toml", "port = 1\n"),
                .init("bin/hook", "#!/bin/sh\necho hooked\n", mode: "0755"),
                .init("share/Gehälter.txt", "ü", mode: "0640"),
            ]
        }
        try landing.install(bundle)
        #expect(try landing.text("etc/app.toml") == "port = 1\n")
        #expect(try landing.status("share/Gehälter.txt")?.permissions == 0o640)
        #expect(try landing.run("bin/hook").output == "hooked\n")
    }
}
