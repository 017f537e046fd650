import Files
import Glibc
import Install
import TestSupport
import Testing

/// Activation scripts, in the shells that are there.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct ActivationTests {
    static let prefixes = ["env", "it's here", "Gehälter $HOME `x`", "a\\b", "-p"]
    static let shells = [
        ["dash"], ["dash", "-eu"], ["bash"], ["bash", "-eu"], ["bash", "--posix"], ["zsh", "-f"],
        ["zsh", "-fu"],
    ]
    .filter { isInstalled($0[0]) }

    static func isInstalled(_ shell: String) -> Bool { access("/usr/bin/\(shell)", X_OK) == 0 }

    /// Everything that could change, before, while and after; `P` is the prefix.
    private static let posix = """
        say() { printf '%s\\n' "$1 path <$PATH> env <${VIRTUAL_ENV-none}> name <${VIRTUAL_ENV_PROMPT-none}> home <${PYTHONHOME-none}> prompt <${PS1-none}>"; }
        say before
        . "$P/bin/activate"
        say active
        command -v python
        python -c 'import sys; print(sys.prefix)'
        . "$P/bin/activate"
        say again
        deactivate
        say after
        command -v deactivate || echo gone
        set | grep -c _AIRLIFT_ || :
        """

    @Test(arguments: shells.map { ($0, prefixes[1]) } + prefixes.map { (shells[0], $0) })
    func `a shell comes and goes`(shell: [String], name: String) throws {
        let landing = Landing(name)
        try landing.install([WheelBuilder()])
        let script = try landing.scratch.write("script", Self.posix)
        let prefix = landing.prefix
        for (home, prompt) in [("none", "old> "), ("/nowhere", "none")] {
            var environment = ["P": prefix, "PATH": "/usr/bin:/bin"]
            if home != "none" { environment["PYTHONHOME"] = home }
            if prompt != "none" { environment["PS1"] = prompt }
            let ran = try run(shell + [script], in: "/", environment: environment)
            let lines = ran.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let old = lines.first?.split(separator: " prompt ").last.map(String.init) ?? ""
            // A shell may drop or set PS1 where nobody is typing; what it had is what counts.
            let shown = old == "<none>" ? "<none>" : "<(quickstart) \(old.dropFirst())"
            let passive = "path </usr/bin:/bin> env <none> name <none> home <\(home)> prompt \(old)"
            let active =
                "path <\(prefix)/bin:/usr/bin:/bin> env <\(prefix)> name <quickstart> home <none> prompt \(shown)"
            #expect(
                lines == [
                    "before \(passive)", "active \(active)", "\(prefix)/bin/python", prefix,
                    "again \(active)",
                    "after \(passive)", "gone", "0", "",
                ], "\(shell): \(ran)")
            #expect(ran.errors == "")
        }
    }

    @Test(arguments: shells) func `the prompt is left alone where that is wished, and PATH may be missing`(
        shell: [String]
    ) throws {
        let landing = Landing()
        try landing.install([WheelBuilder()])
        let script = try landing.scratch.write(
            "script",
            """
            PS1='old> '
            VIRTUAL_ENV_DISABLE_PROMPT=1
            PATH=
            . "$P/bin/activate"
            echo "$PS1$PATH"
            deactivate
            echo "$PS1$PATH"
            """)
        let ran = try run(shell + [script], in: "/", environment: ["P": landing.prefix])
        #expect(ran.output == "old> \(landing.prefix)/bin\nold> \n", "\(ran)")
    }

    private static let fish = """
        function fish_prompt; echo -n 'old> '; end
        function say; echo "$argv[1] path <$PATH> env <$VIRTUAL_ENV> name <$VIRTUAL_ENV_PROMPT> home <$PYTHONHOME> prompt <"(fish_prompt)">"; end
        say before
        source "$P/bin/activate.fish"
        say active
        command -v python
        python -c 'import sys; print(sys.prefix)'
        source "$P/bin/activate.fish"
        say again
        deactivate
        say after
        functions -q deactivate; or echo gone
        set --names | string match '_AIRLIFT*' | count
        """

    @Test(.enabled(if: isInstalled("fish"), "fish is not installed"), arguments: prefixes)
    func `fish comes and goes`(name: String) throws {
        let landing = Landing(name)
        try landing.install([WheelBuilder()])
        let script = try landing.scratch.write("script", Self.fish)
        let prefix = landing.prefix
        for home in ["", "/nowhere"] {
            var environment = [
                "P": prefix, "PATH": "/usr/bin:/bin", "HOME": landing.scratch.path, "LC_ALL": "C.UTF-8",
            ]
            if !home.isEmpty { environment["PYTHONHOME"] = home }
            let ran = try run(["fish", "--no-config", script], in: "/", environment: environment)
            let passive = "path </usr/bin:/bin> env <> name <> home <\(home)> prompt <old> >"
            let active =
                "path <\(prefix)/bin:/usr/bin:/bin> env <\(prefix)> name <quickstart> home <> prompt <(quickstart) old> >"
            #expect(
                ran.output.split(separator: "\n").map(String.init) == [
                    "before \(passive)", "active \(active)", "\(prefix)/bin/python", prefix,
                    "again \(active)",
                    "after \(passive)", "gone", "0",
                ], "\(ran)")
        }
    }

    @Test(.enabled(if: !isInstalled("zsh"), "zsh is installed, and the tests above use it"))
    func `zsh was not there to be tried`() { #expect(!Self.shells.contains(["zsh", "-f"])) }
}
