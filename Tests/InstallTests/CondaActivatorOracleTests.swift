import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// What conda's own activator makes of the same prefixes. Left out is where conda 24.5 does not come back to what was:
/// variables in small letters and `***unset***` stay, and what a script takes out of PATH when one environment follows
/// another is in it again. Runs only where `AIRLIFT_CONDA_PYTHON` names a Python that
/// can import conda.
@Suite("conda's activator", .enabled(if: getenv("AIRLIFT_CONDA_PYTHON") != nil))
struct CondaActivatorOracleTests {
    private let outer = ToyCondaPrefix("envs/outer")
    private let inner = ToyCondaPrefix("envs/inner place")

    init() throws {
        for (toy, word) in [(outer, "outer"), (inner, "inner")] {
            for name in ["b", "a", "A", "_", "-x", "z z"] {
                try toy.script(name, in: "activate.d", says: "+\(word)\(name)")
                try toy.script(name, in: "deactivate.d", says: "-\(word)\(name)")
            }
            try toy.put("etc/conda/env_vars.d/a.json", #"{"ONE": "a", "TWO": "\#(word)", "N": 4, "T": true}"#)
            try toy.put("etc/conda/env_vars.d/b.json", #"{"ONE": "b $x", "MINE": "\#(word)"}"#)
            try toy.put(
                "conda-meta/state",
                #"{"version": 1, "env_vars": {"T": "state", "\#(word.uppercased())": "x y"}}"#
            )
            try toy.put("conda-meta/history", "")
            try toy.finish(name: String(toy.path.split(separator: "/").last ?? ""))
        }
    }

    /// Everything exported, step by step.
    private func steps(_ commands: [String]) throws -> [[String]] {
        let python = getenv("AIRLIFT_CONDA_PYTHON").map { String(cString: $0) } ?? ""
        let steps = commands.map { "\($0)\nsay" }.joined(separator: "\n")
        let script = """
            ask () {
                eval "$(PS1="$PS1" '\(python)' -W ignore -c '
            import sys
            from conda.base.context import context
            context.__init__()
            from conda.activate import PosixActivator
            sys.stdout.write(PosixActivator(sys.argv[1:]).execute())' "$@" 2>/dev/null)"
            }
            say () {
                echo ==
                env -0 | sort -z | tr '\\n\\0' '|\\n' | grep -vE '^(_|SHLVL|PWD|OLDPWD|HOME|CONDA_EXE|CONDA_PYTHON_EXE|_CE_.*)='
                echo "PS1=$PS1"
            }
            PS1='$ '
            say
            \(steps)
            """
        let scratch = TemporaryDirectory()
        let ran = try run(
            ["bash", "--noprofile", "--norc", scratch.write("script", script)], in: "/",
            environment: [
                "OUTER": outer.path, "INNER_": inner.path, "HOME": scratch.path, "MINE": "mine",
                "CONDA_SHLVL": "0",
                // conda adds one of its own where it finds none.
                "PATH": "/usr/bin:/bin:/some/condabin",
            ])
        #expect(ran.errors == "")
        return ran.output.split(separator: "==\n").map { $0.split(separator: "\n").map(String.init) }
    }

    /// Ours keeps the user's site-packages out, and some more of what was there before.
    private func comparable(_ step: [String]) -> [String] {
        step.filter { !$0.hasPrefix("PYTHONNOUSERSITE=") && !$0.hasPrefix("__CONDA_SHLVL_") }
    }

    private let ours = [
        ". \"$OUTER/bin/activate\"", ". \"$INNER_/bin/activate\"", ". \"$INNER_/bin/activate\"", "deactivate",
        "deactivate",
    ]
    private let theirs = [
        "ask activate \"$OUTER\"", "ask activate \"$INNER_\"", "ask reactivate", "ask deactivate",
        "ask deactivate",
    ]

    @Test func `every step is the same`() throws {
        let (mine, conda) = (try steps(ours), try steps(theirs))
        #expect(mine.count == 6 && conda.count == 6)
        for (index, (a, b)) in zip(mine, conda).enumerated() {
            // Numbers and truth values: conda writes them as they are.
            #expect(comparable(a) == comparable(b), "step \(index)")
        }
        #expect(mine[0] == mine[5].filter { !$0.hasPrefix("LOG=") })
    }

    @Test(arguments: 0..<8) func `each can undo what the other did`(mix: Int) throws {
        let expected = try steps([ours[0], ours[1], ours[3], ours[4]])
        let found = try steps([
            mix & 1 == 0 ? ours[0] : theirs[0], mix & 2 == 0 ? ours[1] : theirs[1],
            mix & 4 == 0 && mix & 2 == 0 ? ours[3] : theirs[3], theirs[4],
        ])
        for (a, b) in zip(expected, found) { #expect(comparable(a) == comparable(b)) }
    }
}
