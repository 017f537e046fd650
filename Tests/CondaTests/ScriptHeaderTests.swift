import Conda
import Glibc
import TestSupport
import Testing

/// Headers are run by the interpreters that they are for, from a path that no shebang can name.
@Suite("Headers of scripts below long paths") struct ScriptHeaderTests {
    private static let prefixes = [
        "with space", "it's a $5 `place`".replacing("'", with: ""),
        "it's long/" + String(repeating: "long/", count: 25) + "end",
    ]

    /// Prints the arguments, the script's name and its line number of the statement, whatever the language.
    private func run(_ interpreter: String, _ shebang: String, _ body: String, expecting line: String) throws
    {
        guard access(interpreter, X_OK) == 0 else { return }
        for name in Self.prefixes {
            let directory = TemporaryDirectory()
            let prefix = directory.path + "/" + name
            try directory.write("\(name)/bin/marker", "")
            let own = interpreter.split(separator: "/").last.map(String.init) ?? ""
            #expect(symlink(interpreter, "\(prefix)/bin/\(own)") == 0)
            let script = try rewrite(
                Array("#!/opt/old/bin/\(shebang)\n\(body)\n".utf8), .init("/opt/old", .text), prefix: prefix)
            #expect(script.starts(with: "#!/bin/sh\n".utf8))
            let path = try directory.write("\(name)/bin/script", script, permissions: 0o755)
            // Nothing of the environment is on PATH: it is not activated.
            let status = system(
                "PATH=/usr/bin:/bin \(quoted(path)) one 'two  2' '$three' > \(directory.path)/out 2>&1")
            #expect(status == 0)
            #expect(try contents(directory.path + "/out") == line + "\n", "\(name)")
        }
    }

    @Test("Python") func python() throws {
        try run(
            "/usr/bin/python3", "python3 -E",
            "from __future__ import annotations\nimport sys; print(*sys.argv[1:], sys.flags.ignore_environment, sep='|')",
            expecting: "one|two  2|$three|1")
    }

    @Test("Perl, which reads options of its first line, and counts lines from it") func perl() throws {
        try run(
            "/usr/bin/perl", "perl -w", "print join('|', @ARGV, $^W, __LINE__), \"\\n\";",
            expecting: "one|two  2|$three|1|2")
    }

    @Test("shells, which read the header again", arguments: ["bash", "dash", "zsh", "ksh"])
    func shells(_ shell: String) throws {
        try run(
            "/usr/bin/\(shell)", "\(shell) -eu",
            "printf '%s|%s|%s|%s' \"$@\" \"${AIRLIFT_SHELL-gone}\"; echo",
            expecting: "one|two  2|$three|gone")
    }

    @Test("a shell that starts another script of the environment") func nested() throws {
        try run(
            "/usr/bin/bash", "bash",
            "if [ \"${1-}\" = inner ]; then echo \"${BASH_VERSION:+bash} $*\"; else \"$0\" inner x; fi",
            expecting: "bash inner x")
    }

    @Test("Tcl") func tcl() throws {
        try run("/usr/bin/tclsh", "tclsh", "puts [join $argv |]", expecting: "one|two  2|$three")
    }
}
