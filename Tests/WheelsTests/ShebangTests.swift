import Testing
import Wheels

@Suite("Launchers and shebangs")
struct ShebangTests {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func aLauncherIsWhatPipWrites() throws {
        let script = try EntryPoints.Script("serve = shop.cli:app.run", group: .console)
        #expect(
            text(try LauncherScript.text(for: script, interpreter: "/opt/shop/bin/python")) == """
                #!/opt/shop/bin/python
                import sys
                from shop.cli import app
                if __name__ == '__main__':
                    if sys.argv[0].endswith('.exe'):
                        sys.argv[0] = sys.argv[0][:-4]
                    sys.exit(app.run())

                """)
    }

    @Test func aShortPlainPathStandsInTheFirstLine() throws {
        let longest = "/" + String(repeating: "p", count: 123)
        #expect(text(try Shebang.lines(interpreter: longest)) == "#!\(longest)\n")
        #expect(text(try Shebang.lines(interpreter: "/p", arguments: "-u")) == "#!/p -u\n")
        #expect(text(try Shebang.lines(interpreter: "/ö$`'\\")) == "#!/ö$`'\\\n")
    }

    @Test(
        "goes through the shell",
        arguments: [
            ("/a b/python", "#!/bin/sh\n'''exec' \"/a b/python\" \"$0\" \"$@\"\n' '''\n"),
            ("/a $b/`c\"/python", "#!/bin/sh\n'''exec' '/a $b/`c\"/python' \"$0\" \"$@\"\n' '''\n"),
            ("/it's a/python", "#!/bin/sh\n'''exec' \"/it's a/python\" \"$0\" \"$@\"\n' '''\n"),
        ])
    func throughTheShell(path: String, lines: String) throws {
        #expect(text(try Shebang.lines(interpreter: path)) == lines)
    }

    @Test func aLongPathGoesThroughTheShellToo() throws {
        let long = "/" + String(repeating: "p", count: 124)
        #expect(
            text(try Shebang.lines(interpreter: long))
                == "#!/bin/sh\n'''exec' \"\(long)\" \"$0\" \"$@\"\n' '''\n")
    }

    @Test(
        "no quoting carries",
        arguments: ["python", "", "/a\nb", "/a\0b", "/a b\\c", "/it's $a b", "/a '''b"])
    func refuses(path: String) {
        #expect(reason { () throws(WheelError) in try Shebang.lines(interpreter: path) } != nil)
    }

    @Test(
        "a script of a wheel",
        arguments: [
            ("#!python\nimport x\n", "#!/p/bin/python\nimport x\n"), ("#!pythonw\r\nx", "#!/p/bin/python\nx"),
            ("#!python -u\nx\n", "#!/p/bin/python -u\nx\n"), ("#!python3", "#!/p/bin/python\n"),
        ])
    func rewrites(script: String, rewritten: String) throws {
        #expect(try Shebang.rewrite(bytes(script), interpreter: "/p/bin/python").map(text) == rewritten)
    }

    @Test func otherScriptsStayAsTheyAre() throws {
        for script in ["#!/usr/bin/python\n", "#!/bin/sh\n", "", "\u{7f}ELF", " #!python\n", "#! python"] {
            #expect(try Shebang.rewrite(bytes(script), interpreter: "/p") == nil)
        }
        #expect(throws: WheelError.self) { try Shebang.rewrite(bytes("#!python ;rm\n"), interpreter: "/p") }
        let binary: [UInt8] = bytes("#!python\n") + [0xff, 0x00, 0x0a, 0xfe]
        #expect(try Shebang.rewrite(binary, interpreter: "/p") == bytes("#!/p\n") + [0xff, 0x00, 0x0a, 0xfe])
    }
}
