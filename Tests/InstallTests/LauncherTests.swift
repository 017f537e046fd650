import Failures
import Install
import TestSupport
import Testing

/// Scripts and launchers, really run, at prefixes that are hard to name in a script.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct LauncherTests {
    static let prefixes = [
        "env", "two words", "Gehälter-日本", "it's", "a$HOME`b", "per%cent&;(x)",
        String(repeating: "long", count: 50), "-dash", "e\u{301}", "don't do this",
    ]

    static let wheel = WheelBuilder {
        $0.files = [
            .init(
                "demo/__init__.py",
                """
                import sys
                def main():
                    print('main', sys.argv, sys.prefix, __name__)
                    return 3
                class Tool:
                    @staticmethod
                    def run():
                        print('tool', len(sys.argv))

                """), .init("demo/cli.py", "from demo import Tool\ndef fail(): return 'words'\n"),
            .init(
                "\($0.dataDirectory)/scripts/script",
                "#!python\nimport sys\nprint('script', sys.argv[1:], sys.prefix)\nsys.exit(4)\n"),
        ]
        $0.extras = ["fast"]
        $0.entryPoints = [
            (
                "console_scripts",
                ["demo = demo:main", "demo-tool=demo.cli : Tool.run [fast]", "fail = demo.cli:fail"]
            ),
            ("gui_scripts", ["demo-gui = demo:main"]), ("demo.plugins", ["not-a-command = demo:main"]),
        ]
    }

    @Test(arguments: prefixes) func `launchers and scripts run`(name: String) throws {
        let landing = Landing(name)
        try landing.install([Self.wheel], bytecode: .target)
        let main = try landing.run("bin/demo", ["a b", "", "ü*"])
        // Python shows a text with an apostrophe in double quotes.
        let quote = name.contains("'") ? "\"" : "'"
        let arguments = "[\(quote)\(landing.prefix)/bin/demo\(quote), 'a b', '', 'ü*']"
        #expect(main.output == "main \(arguments) \(landing.prefix) demo\n", "\(main)")
        #expect(main.code == 3)
        let tool = try landing.run("bin/demo-tool")
        #expect(tool.output == "tool 1\n" && tool.code == 0, "\(tool)")
        let fail = try landing.run("bin/fail")
        #expect(fail.code == 1 && fail.errors == "words\n", "\(fail)")
        #expect(try landing.run("bin/demo-gui").code == 3)
        let script = try landing.run("bin/script", ["x"])
        #expect(script.output == "script ['x'] \(landing.prefix)\n" && script.code == 4, "\(script)")
        #expect(try landing.status("bin/not-a-command") == nil)
        #expect(try PrefixVerification.run(landing.prefix).isIntact, "running changes nothing")
    }

    @Test(arguments: [
        Case("python", ("#!python\nx\n", "#!PREFIX/bin/python\nx\n")),
        Case("pythonw", ("#!pythonw\nx\n", "#!PREFIX/bin/python\nx\n")),
        Case("options are kept", ("#!python -E -s\nx\n", "#!PREFIX/bin/python -E -s\nx\n")),
        Case("a carriage return goes", ("#!python\r\nx\n", "#!PREFIX/bin/python\nx\n")),
        Case("one line alone", ("#!python", "#!PREFIX/bin/python\n")),
        Case("another interpreter stays", ("#!/usr/bin/env python3\nx\n", "#!/usr/bin/env python3\nx\n")),
        Case("a shell script stays", ("#!/bin/sh\n#!python\n", "#!/bin/sh\n#!python\n")),
        Case("no first line stays", ("python\n", "python\n")),
        Case("a program stays", ("\u{7f}ELF\0\n#!python", "\u{7f}ELF\0\n#!python")),
        Case("an empty one stays", ("", "")),
    ])
    func `the first line of a script names the environment`(_ script: Case<(String, String)>) throws {
        let landing = Landing()
        try landing.install([
            WheelBuilder {
                $0.files.append(.init("\($0.dataDirectory)/scripts/tool", script.value.0))
                $0.files.append(.init("\($0.dataDirectory)/data/tool", script.value.0))
            }
        ])
        let expected = script.value.1.split(separator: "PREFIX", omittingEmptySubsequences: false)
            .joined(separator: landing.prefix)
        #expect(try landing.text("bin/tool") == expected)
        #expect(try landing.text("tool") == script.value.0, "only scripts are rewritten")
    }

    @Test func `a script gives way to the launcher of its name`() throws {
        let landing = Landing()
        try landing.install([
            WheelBuilder {
                $0.files =
                    Self.wheel.files + [
                        .init("\($0.dataDirectory)/scripts/demo", "#!python\nraise SystemExit(9)\n")
                    ]
                $0.entryPoints = Self.wheel.entryPoints
            }
        ])
        #expect(try landing.run("bin/demo").code == 3)
        #expect(try landing.python(RecordTests.check).output == "ok\n")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `a prefix that no script can carry is refused and nothing is left`() throws {
        let landing = Landing("$ and ' and spaces")
        let error = failure { try landing.install([Self.wheel]) }
        #expect(error?.description.contains("quotes or backslashes") == true)
        #expect(try landing.neighbours == [])
    }

    @Test func `PYTHONHOME and the user's packages do not get in by the prefix`() throws {
        let landing = Landing()
        try landing.install([Self.wheel])
        let home = TemporaryDirectory()
        try home.write(
            ".local/lib/python\(HostPython.minor)/site-packages/demo/__init__.py", "raise SystemExit(9)")
        let ran = try run(["\(landing.prefix)/bin/demo"], in: "/", environment: ["HOME": home.path])
        #expect(ran.code == 3)
    }
}
