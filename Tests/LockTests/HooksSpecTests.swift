import Digests
import Failures
import Testing

@testable import Lock

@Suite("The hooks of a spec")
struct HooksSpecTests {
    private static let head = "name = 'payroll'\nplatforms = ['linux-64']\n[python]\nhost = '3.11'\n"

    private func read(_ text: String) throws -> SpecHooks {
        try EnvironmentSpec.read(Array((Self.head + "[hooks]\n" + text).utf8), file: "bundle.toml").hooks
    }

    @Test("are command lines, words, or tables with a limit of their own")
    func everyForm() throws {
        let hooks = try read(
            """
            timeout = 90
            pre-activate = ["bin/python -m payroll.selftest", ["bin/payroll", "say it", ""]]
            post-activate = [{ command = "systemctl reload 'pay roll'", timeout = 5 }]
            post-install = [{ command = ["/usr/bin/true"] }]
            pre-uninstall = []
            """)
        #expect(
            hooks.preActivate == [
                .init(command: ["bin/python", "-m", "payroll.selftest"], timeout: 90, line: 7),
                .init(command: ["bin/payroll", "say it", ""], timeout: 90, line: 7),
            ])
        #expect(
            hooks.postActivate == [.init(command: ["systemctl", "reload", "pay roll"], timeout: 5, line: 8)])
        #expect(hooks.postInstall == [.init(command: ["/usr/bin/true"], timeout: 90, line: 9)])
        #expect(hooks.preUninstall == [])
        #expect(try read("pre-activate = ['a']").preActivate.first?.timeout == 60)
        #expect(try read("").isEmpty)
    }

    @Test(
        "are refused with line and advice",
        arguments: [
            ("pre_activate = ['a']", "did you mean 'pre-activate'"),
            ("pre-activate = 'a'", "must be an array of commands"),
            ("pre-activate = [1]", "must be a string or an array of words, not the integer 1"),
            ("pre-activate = ['']", "must name a program"),
            ("pre-activate = [[]]", "must name a program"),
            ("pre-activate = [['', 'a']]", "must name a program"),
            ("pre-activate = [['a', 1]]", "each word of"),
            ("pre-activate = ['../evil']", "no relative path"),
            ("pre-activate = ['bin/../../evil']", "no relative path"),
            ("pre-activate = [['a', \"b\\u0000\"]]", "NUL"),
            ("pre-activate = [{ timeout = 3 }]", "needs a command"),
            ("pre-activate = [{ command = 'a', tiemout = 3 }]", "did you mean 'timeout'"),
            ("pre-activate = [{ command = 'a', timeout = 0 }]", "seconds from 1 to 86400"),
            ("timeout = 1_000_000", "seconds from 1 to 86400"),
            ("timeout = '60'", "seconds from 1 to 86400"),
            ("pre-activate = ['a && b']", "no shell runs it that would know what '&' means"),
            ("pre-activate = ['a $HOME']", "'$'"), ("pre-activate = ['a \"$HOME\"']", "'$'"),
            ("pre-activate = ['rm *.pyc']", "'*'"), ("pre-activate = ['~/a']", "'~'"),
            ("pre-activate = ['a # b']", "'#'"), ("pre-activate = ['a >b']", "'>'"),
            ("pre-activate = [\"a 'b\"]", "has no end"), ("pre-activate = ['a \"b']", "has no end"),
            ("pre-activate = ['a \\']", "stands at its end"),
        ])
    func refusals(_ text: String, _ says: String) {
        let error = #expect(throws: FailureList.self) { _ = try read(text) }
        let words = error.map { "\($0)" } ?? ""
        #expect(words.contains(says), "\(words)")
        #expect(words.contains("6"), "the line")
    }

    @Test(
        "are split into words as a shell splits them",
        arguments: [
            ("a b  c", ["a", "b", "c"]), ("a 'b c' d", ["a", "b c", "d"]), (#"a "b \" c""#, ["a", "b \" c"]),
            (#"a\ b"#, ["a b"]), ("a''b", ["ab"]), ("a '' \"\"", ["a", "", ""]), (#"a "\n""#, ["a", #"\n"#]),
            ("a '$x' '*'", ["a", "$x", "*"]), (#"a \$x"#, ["a", "$x"]), ("a#b a~", ["a#b", "a~"]),
            ("  ", []), ("\té ü\n", ["é", "ü"]),
        ])
    func words(_ text: String, _ words: [String]) throws {
        #expect(try CommandWords.split(text) == words)
    }

    @Test("count in what the spec means, their lines do not")
    func meaning() throws {
        func digest(_ text: String) throws -> SHA256Digest {
            try EnvironmentSpec.read(Array((Self.head + text).utf8), file: "bundle.toml").meaningDigest
        }
        let one = try digest("[hooks]\npre-activate = ['a b']\n")
        #expect(try digest("") == digest("[hooks]\n"))
        #expect(try digest("") != one)
        #expect(try digest("\n\n[hooks]\npre-activate = [['a', 'b']]\n") == one)
        #expect(try digest("[hooks]\npost-activate = ['a b']\n") != one)
        #expect(try digest("[hooks]\npre-activate = ['a b']\ntimeout = 61\n") != one)
    }
}
