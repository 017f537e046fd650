import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Activating an environment of conda packages in the shells that are there, with no conda.
@Suite struct CondaActivationTests {
    static let prefixes = ["env", "it's here", "Gehälter $HOME `x`", "a\\b", "-p", "[a]*?", "x  y"]
    static let shells =
        ActivationTests.shells
        + [["zsh", "--emulate", "sh", "-f"], ["bash", "-f"]]
        .filter { ActivationTests.isInstalled($0[0]) }
    static let fish = ["fish", "--no-config"]
    static var allShells: [[String]] { shells + (ActivationTests.isInstalled("fish") ? [fish] : []) }

    private static func isFish(_ shell: [String]) -> Bool { shell[0] == "fish" }

    private func run(
        _ shell: [String], _ text: String, _ environment: [String: String] = [:]
    ) throws -> Ran {
        let scratch = TemporaryDirectory()
        var variables = ["PATH": "/usr/bin:/bin", "HOME": scratch.path]
        // Without a locale, fish 3 takes no letters beyond ASCII in a script.
        if Self.isFish(shell) { variables["LC_ALL"] = "C.UTF-8" }
        variables.merge(environment) { $1 }
        return try InstallTests.run(shell + [scratch.write("script", text)], in: "/", environment: variables)
    }

    /// The command that enters the environment in `$P`, or another.
    private func enter(_ shell: [String], _ variable: String = "P") -> String {
        Self.isFish(shell) ? "source \"$\(variable)/bin/activate.fish\"" : ". \"$\(variable)/bin/activate\""
    }

    /// Says the whole environment under a heading, variables of the shell's own left out.
    private let say = """
        echo "== $1"; env -0 | sort -z | grep -zvE '^(_|SHLVL|PWD|OLDPWD)=' | tr '\\n\\0' '|\\n'
        """

    private func functionSay(_ shell: [String]) -> String {
        Self.isFish(shell)
            ? "function say; \(say.replacing("$1", with: "$argv[1]")); end" : "say () { \(say); }"
    }

    /// The sections of what `say` wrote, by heading.
    private func sections(_ ran: Ran) -> [String: [String]] {
        var result: [String: [String]] = [:]
        var heading = ""
        for line in ran.output.split(separator: "\n").map(String.init) {
            if line.hasPrefix("== ") { heading = String(line.dropFirst(3)) }
            result[heading, default: []].append(line)
        }
        return result.mapValues { Array($0.dropFirst()) }
    }

    private func variables(_ section: [String]?) -> [String: String] {
        var result: [String: String] = [:]
        for line in section ?? [] {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
        }
        return result
    }

    @Test(
        arguments: allShells.map { ($0, "env") } + prefixes.map { (shells[0], $0) }
            + prefixes.map { (allShells.last ?? [], $0) })
    func `a shell comes and goes, and nothing stays`(shell: [String], name: String) throws {
        let toy = ToyCondaPrefix(name)
        try toy.script("b", in: "activate.d", says: "+b")
        try toy.script("a b", in: "activate.d", says: "+ab")
        try toy.script("it's \"\n$(x)", in: "activate.d", says: "+odd")
        try toy.script("B", in: "activate.d", says: "+B")
        try toy.script(".hidden", in: "activate.d", says: "+h")
        try toy.put("etc/conda/activate.d/skipped.bat", "exit 7")
        try toy.put("etc/conda/activate.d/directory.sh/file", "exit 7")
        try toy.script("a", in: "deactivate.d", says: "-a")
        try toy.script("z", in: "deactivate.d", says: "-z")
        try toy.put("etc/conda/env_vars.d/b.json", #"{"one": "1", "KEPT": "pkg", "LOST": null, "NUMBER": 4}"#)
        try toy.put("etc/conda/env_vars.d/a.json", #"{"ONE": "0", "ODD": "it's \"$HOME\" `x` \\ \n!"}"#)
        try toy.put(
            "conda-meta/state",
            #"{"version": 1, "env_vars": {"KEPT": "state", "NOT": "***unset***", "NEW": "ä"}}"#)
        try toy.finish()
        let ran = try run(
            shell,
            """
            \(functionSay(shell))
            say before
            \(enter(shell))
            say active
            \(enter(shell))
            say again
            deactivate
            say after
            \(Self.isFish(shell) ? "begin; functions -a; set --names; end" : "set") | grep -c '_airlift_' || :
            """, ["P": toy.path, "KEPT": "mine", "LOST": "was", "PYTHONHOME": "/h", "CONDA_SHLVL": "0"])
        #expect(ran.code == 0 && ran.errors == "", "\(shell) \(ran.errors)")
        let found = sections(ran)
        #expect(found["active"]?.isEmpty == false)
        let active = variables(found["active"])
        for (name, value) in [
            "PATH": "\(toy.path)/bin:/usr/bin:/bin", "CONDA_PREFIX": toy.path, "CONDA_SHLVL": "1",
            "CONDA_DEFAULT_ENV": toy.path, "CONDA_PROMPT_MODIFIER": "(payroll) ", "PYTHONNOUSERSITE": "1",
            "ONE": "1", "KEPT": "state", "NEW": "ä", "NUMBER": "4", "ODD": #"it's "$HOME" `x` \ |!"#,
            "LOG": "+h +B +ab +b +odd ", "__CONDA_SHLVL_0_KEPT": "mine",
        ] {
            #expect(active[name] == value, "\(name) in \(shell)")
        }
        for name in ["LOST", "PYTHONHOME", "NOT"] { #expect(active[name] == nil) }
        var again = variables(found["again"])
        #expect(again.removeValue(forKey: "LOG") == "+h +B +ab +b +odd -z -a +h +B +ab +b +odd ")
        var once = active
        once["LOG"] = nil
        #expect(again == once, "activating twice is activating once")
        var after = found["after"] ?? []
        #expect(after.popLast() == "0", "no function or variable of ours is left")
        #expect(after.filter { !$0.hasPrefix("LOG=") } == found["before"])
    }

    @Test(arguments: allShells) func `no scripts and no variables are fine, and PATH may be missing`(
        shell: [String]
    ) throws {
        let toy = ToyCondaPrefix()
        try toy.finish()
        let empty = Self.isFish(shell) ? "set -gx PATH" : "PATH="
        let ran = try run(
            shell, "\(empty); \(enter(shell)); echo \"$PATH\"; deactivate; echo \"<$PATH>\"", ["P": toy.path])
        #expect(ran.output == "\(toy.path)/bin\n<>\n", "\(ran)")
        #expect(ran.errors == "")
    }

    @Test(arguments: allShells) func `environments nest, and each comes back as it was`(shell: [String])
        throws
    {
        let (outer, inner) = (ToyCondaPrefix("A"), ToyCondaPrefix("B"))
        for (toy, word) in [(outer, "A"), (inner, "B")] {
            try toy.script("x", in: "activate.d", says: "+\(word)")
            try toy.script("x", in: "deactivate.d", says: "-\(word)")
            try toy.put("etc/conda/env_vars.d/x.json", #"{"BOTH": "\#(word)", "\#(word)": "yes"}"#)
            try toy.finish(name: word)
        }
        let ran = try run(
            shell,
            """
            \(functionSay(shell))
            say before
            \(enter(shell, "A_"))
            say A
            \(enter(shell, "B_"))
            say B
            \(enter(shell, "B_"))
            say again
            deactivate
            say back
            deactivate
            say after
            \(Self.isFish(shell) ? "begin; functions -a; set --names; end" : "set") | grep -c '_airlift_' || :
            """, ["A_": outer.path, "B_": inner.path, "BOTH": "mine", "PATH": "/first:/usr/bin:/bin"])
        #expect(ran.code == 0 && ran.errors == "", "\(shell) \(ran.errors)")
        let found = sections(ran)
        let (a, b) = (variables(found["A"]), variables(found["B"]))
        #expect(a["PATH"] == "\(outer.path)/bin:/first:/usr/bin:/bin")
        #expect(b["PATH"] == "\(inner.path)/bin:/first:/usr/bin:/bin")
        #expect([a["BOTH"], b["BOTH"]] == ["A", "B"])
        #expect([a["CONDA_SHLVL"], b["CONDA_SHLVL"]] == ["1", "2"])
        #expect(b["CONDA_PREFIX_1"] == outer.path && b["CONDA_PREFIX"] == inner.path)
        #expect(b["LOG"] == "+A -A +B ")
        #expect(variables(found["again"])["LOG"] == "+A -A +B -B +B ")
        var back = variables(found["back"])
        #expect(back.removeValue(forKey: "LOG") == "+A -A +B -B +B -B +A ")
        #expect(back == a.filter { $0.key != "LOG" })
        var after = found["after"] ?? []
        #expect(after.popLast() == "0")
        #expect(after.filter { !$0.hasPrefix("LOG=") } == found["before"])
    }

    @Test(arguments: allShells) func `the prompt tells where one is, and is given back`(shell: [String])
        throws
    {
        let (outer, inner) = (ToyCondaPrefix("A"), ToyCondaPrefix("B"))
        try outer.finish(name: "A")
        try inner.finish(name: "B", beside: true)
        let show = Self.isFish(shell) ? "fish_prompt; echo" : "echo \"$PS1\""
        let set = Self.isFish(shell) ? "function fish_prompt; echo -n 'old> '; end" : "PS1='old> '"
        let ran = try run(
            shell,
            """
            \(set)
            \(enter(shell, "A_")); \(show)
            \(enter(shell, "B_").replacing("/activate", with: "/airlift-activate")); \(show)
            \(enter(shell, "A_")); \(show)
            deactivate; \(show)
            deactivate; \(show)
            deactivate; \(show)
            """, ["A_": outer.path, "B_": inner.path])
        #expect(ran.output == "(A) old> \n(B) old> \n(A) old> \n(B) old> \n(A) old> \nold> \n", "\(ran)")
        let plain = try run(
            shell, "\(set)\n\(enter(shell)); \(show); deactivate; \(show)",
            ["P": outer.path, "CONDA_CHANGEPS1": "false"])
        #expect(plain.output == "old> \nold> \n", "\(plain)")
    }

    @Test(arguments: allShells) func `what conda left active is come back to`(shell: [String]) throws {
        let (outer, inner) = (ToyCondaPrefix("A"), ToyCondaPrefix("B"))
        try outer.script("x", in: "activate.d", says: "+A")
        try outer.script("x", in: "deactivate.d", says: "-A")
        try inner.finish()
        let ran = try run(
            shell,
            """
            \(functionSay(shell))
            say before
            \(enter(shell))
            say active
            deactivate
            say after
            \(Self.isFish(shell) ? "functions -q deactivate" : "command -v deactivate") || echo gone
            """,
            [
                "P": inner.path, "CONDA_PREFIX": outer.path, "CONDA_SHLVL": "1", "CONDA_DEFAULT_ENV": "base",
                "PATH": "/first:\(outer.path)/bin:/usr/bin:/bin",
            ])
        let found = sections(ran)
        #expect(variables(found["active"])["PATH"] == "/first:\(inner.path)/bin:/usr/bin:/bin")
        #expect(variables(found["active"])["LOG"] == "-A ")
        #expect(found["after"]?.last == "gone")
        var after = variables(found["after"])
        #expect(after.removeValue(forKey: "LOG") == "-A +A ")
        #expect(after == variables(found["before"]))
    }

    @Test(arguments: allShells) func `a virtual environment is left first`(shell: [String]) throws {
        let (outer, inner) = (ToyCondaPrefix("A"), ToyCondaPrefix("B"))
        try inner.finish()
        let activation =
            Self.isFish(shell)
            ? ActivationScript.fish(prefix: outer.path, name: "venv")
            : ActivationScript.posix(prefix: outer.path, name: "venv")
        try outer.put(Self.isFish(shell) ? "bin/activate.fish" : "bin/activate", activation)
        let ran = try run(
            shell,
            """
            \(enter(shell, "A_"))
            \(enter(shell))
            echo "$PATH"
            echo "<\(Self.isFish(shell) ? "$VIRTUAL_ENV" : "${VIRTUAL_ENV-}")>"
            deactivate
            echo "$PATH"
            """, ["A_": outer.path, "P": inner.path])
        #expect(ran.output == "\(inner.path)/bin:/usr/bin:/bin\n<>\n/usr/bin:/bin\n", "\(ran)")
        #expect(ran.errors == "")
    }

    @Test(arguments: allShells) func `options of the shell change nothing`(shell: [String]) throws {
        let toy = ToyCondaPrefix("[x]")
        try toy.script("a", in: "activate.d", says: "+a")
        try toy.script(".b", in: "activate.d", says: "+b")
        try toy.finish()
        let empty = ToyCondaPrefix("E")
        try empty.finish()
        let options =
            switch shell[0] {
            case "bash": "shopt -s failglob dotglob nocaseglob extglob; IFS=/x; set -f"
            case "zsh":
                "setopt nomatch ksh_arrays sh_word_split no_unset glob_subst rc_quotes 2>/dev/null; IFS=/x"
            case "dash": "IFS=/x; set -f"
            default: ""
            }
        let ran = try run(
            shell,
            "\(options)\n\(enter(shell)); echo \"$LOG\"; deactivate; \(enter(shell, "E")); deactivate; echo \"$PATH\"",
            ["P": toy.path, "E": empty.path])
        #expect(ran.output == "+b +a \n/usr/bin:/bin\n", "\(shell) \(ran)")
        #expect(ran.errors == "")
    }

    @Test(arguments: allShells) func `scripts see no arguments, and what they do to PATH stays`(
        shell: [String]
    ) throws {
        let toy = ToyCondaPrefix()
        try toy.put("etc/conda/activate.d/x.sh", #"PATH="/more:$PATH"; COUNT=$#; export COUNT"#)
        try toy.put("etc/conda/activate.d/x.fish", "set -gx PATH /more $PATH; set -gx COUNT (count $argv)")
        try toy.finish()
        let ran = try run(
            shell, "\(enter(shell)); echo \"$PATH $COUNT\"; deactivate; echo \"$PATH\"", ["P": toy.path])
        #expect(ran.output == "/more:\(toy.path)/bin:/usr/bin:/bin 0\n/more:/usr/bin:/bin\n", "\(ran)")
    }

    @Test func `an environment among others is called by its name`() throws {
        func name(_ prefix: String) -> String {
            CondaActivation(prefix: prefix, name: "x", variables: .init(), isVirtualEnvironment: false)
                .defaultEnvironment
        }
        #expect(name("/opt/conda/envs/payroll") == "payroll")
        #expect(name("/opt/payroll") == "/opt/payroll")
    }

    @Test(arguments: allShells) func `with another interpreter it is a virtual environment too`(
        shell: [String]
    ) throws {
        let toy = ToyCondaPrefix()
        try toy.finish(isVirtualEnvironment: true)
        let ran = try run(
            shell,
            "\(enter(shell)); echo \"$VIRTUAL_ENV $CONDA_PREFIX\"; \(enter(shell)); deactivate; env | grep -c VIRTUAL || :",
            ["P": toy.path])
        #expect(ran.output == "\(toy.path) \(toy.path)\n0\n", "\(ran)")
    }
}
