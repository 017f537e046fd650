import Bundle
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Commands of a bundle, as hosts run them: in a prefix of its own, made of a few scripts.
@Suite struct HookRunnerTests {
    private let place = TemporaryDirectory()
    private var prefix: String { "\(place.path)/releases/2.0" }

    init() throws {
        try put("pyvenv.cfg", "home = /usr/bin\n", 0o644)
    }

    private func put(_ path: String, _ text: String, _ permissions: UInt32 = 0o755) throws {
        let path = try RelativePath("releases/2.0/\(path)")
        if let holder = path.parent { _ = try place.directory().createDirectories(holder) }
        try place.directory().replaceFile(path, with: Array(text.utf8), permissions: permissions)
    }

    private func text(_ path: String) throws -> String {
        try String(decoding: place.directory().contents(of: RelativePath(path)), as: UTF8.self)
    }

    private func run(
        _ command: [String], timeout: Int = 20, environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        _ kind: Manifest.Hooks.Kind = .preActivate
    ) throws -> [HookResult] {
        try HookRunner(
            prefix: prefix, root: place.path, name: "payroll", release: "2.0", previous: "1.0",
            environment: environment
        ).run([.init(command: command, timeout: timeout)], kind)
    }

    /// The sentence of a failure.
    private func failure(_ command: [String], timeout: Int = 20) throws -> String {
        let error = #expect(throws: InstallError.self) { _ = try run(command, timeout: timeout) }
        #expect(error?.kind == .hostRequirements)
        return error?.description ?? ""
    }

    @Test func `a hook runs in its prefix, with the environment's variables and nobody else's`() throws {
        try put(
            "bin/tell",
            "#!/bin/sh\nenv -u PWD -u OLDPWD -u SHLVL -u _ -u AIRLIFT_HOOK | sort; pwd; cat; echo \"$1|$2\"\n"
        )
        let inherited = [
            "PATH": "/usr/bin:/bin", "MINE": "kept", "PYTHONPATH": "/evil", "PYTHONHOME": "/evil",
            "CONDA_PREFIX": "/other", "CONDA_SHLVL": "3", "VIRTUAL_ENV": "/other", "AIRLIFT_ROOT": "/other",
        ]
        let results = try run(["tell", "a b", ""], environment: inherited)
        #expect(
            results.flatMap(\.output) == [
                "AIRLIFT_NAME=payroll", "AIRLIFT_PREFIX=\(prefix)",
                "AIRLIFT_PREVIOUS=1.0", "AIRLIFT_RELEASE=2.0", "AIRLIFT_ROOT=\(place.path)", "MINE=kept",
                "PATH=\(prefix)/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE=1", "VIRTUAL_ENV=\(prefix)",
                "VIRTUAL_ENV_PROMPT=payroll", prefix, "a b|",
            ])
        #expect(results.map(\.command) == [["tell", "a b", ""]] && results[0].kind == .preActivate)
    }

    @Test func `a conda environment has conda's variables`() throws {
        _ = try place.directory().createDirectories(RelativePath("releases/2.0/conda-meta"))
        try put("etc/conda/env_vars.d/a.json", #"{"GDAL_DATA": "/x"}"#, 0o644)
        let output = try run(["sh", "-c", "echo $CONDA_PREFIX $CONDA_SHLVL $GDAL_DATA $PYTHONNOUSERSITE"])
        #expect(output.flatMap(\.output) == ["\(prefix) 1 /x 1"])
    }

    @Test func `programs are the environment's before the host's`() throws {
        try put("bin/true", "#!/bin/sh\necho mine\n")
        try put("libexec/check", "#!/bin/sh\necho check\n")
        #expect(try run(["true"])[0].output == ["mine"])
        #expect(try run(["libexec/check"])[0].output == ["check"])
        #expect(
            try run(["/bin/sh", "-c", "env true; echo $AIRLIFT_HOOK"])[0].output == ["mine", "pre-activate"])
        #expect(try run(["printf", "host"])[0].output == ["host"])
        // A directory or a file without the right to be run is passed over, as a shell does.
        _ = try place.directory().createDirectories(RelativePath("releases/2.0/bin/printf"))
        try put("bin/echo", "no program", 0o644)
        #expect(try run(["printf", "host"])[0].output == ["host"])
        #expect(try run(["echo", "host"])[0].output == ["host"])
        // Where the process has no PATH there is the usual one; what is no absolute directory is nowhere.
        #expect(try run(["printf", "x"], environment: [:])[0].output == ["x"])
        #expect(throws: InstallError.self) { _ = try run(["printf", "x"], environment: ["PATH": ".:bin"]) }
    }

    @Test func `a program that cannot be run is named with its cause`() throws {
        try put("bin/plain", "echo x", 0o644)
        try put("bin/words", "echo x\n")
        try put("bin/lost", "#!/nowhere/python\n")
        let of = "of payroll 2.0 was not run:"
        #expect(
            try failure(["nowhere", "x y"])
                == "the pre-activate hook 'nowhere 'x y'' \(of) there is no program 'nowhere' in '\(prefix)/bin', nor on the PATH of this host (/usr/bin:/bin)"
        )
        #expect(try failure(["bin/none"]).hasSuffix("\(of) '\(prefix)/bin/none' does not exist"))
        #expect(try failure(["/nowhere/none"]).hasSuffix("\(of) '/nowhere/none' does not exist"))
        #expect(try failure(["bin/plain/x"]).hasSuffix("does not exist"))
        #expect(try failure(["/usr/bin"]).hasSuffix("'/usr/bin' is a directory and no program"))
        #expect(try failure(["/dev/null"]).hasSuffix("'/dev/null' is no file"))
        #expect(try failure(["bin/plain"]).contains("is not executable for this user"))
        #expect(try failure(["bin/words"]).contains("neither a program for this machine nor a script"))
        #expect(try failure(["lost"]).contains("'\(prefix)/bin/lost' names in its first line does not exist"))
    }

    @Test func `a failure says how it ended and what it said last`() throws {
        #expect(
            try failure(["sh", "-c", "echo one; echo two >&2; exit 3"])
                == "the pre-activate hook 'sh -c 'echo one; echo two >&2; exit 3'' of payroll 2.0 ended with exit status 3; it said last: one / two"
        )
        #expect(try failure(["sh", "-c", "kill -9 $$"]).hasSuffix("was ended by signal 9 and said nothing"))
        #expect(try failure(["false"]).hasSuffix("ended with exit status 1 and said nothing"))
        let escape = try failure(["sh", "-c", "printf 'a\\033[2Jb\\n'; exit 1"])
        #expect(escape.hasSuffix(#"it said last: a\u{1B}[2Jb"#))
    }

    @Test func `one that hangs is ended with all that it started`() throws {
        let mark = "8\(UInt32.random(in: 10_000 ... 99_999))"
        let words = try failure(
            ["sh", "-c", "trap '' TERM; sleep \(mark) & echo begun; sleep \(mark)"], timeout: 1)
        #expect(words.hasSuffix("did not end within 1 seconds, and was ended; it said last: begun"))
        #expect(try run(["sh", "-c", "pgrep -f '^sleep \(mark)$' || echo none"])[0].output == ["none"])
    }

    @Test func `what it leaves running does not hold anything up`() throws {
        let mark = "9\(UInt32.random(in: 10_000 ... 99_999))"
        #expect(try run(["sh", "-c", "sleep \(mark) & echo begun"])[0].output == ["begun"])
        // A shell with job control gives each job a group of its own, in the same session.
        #expect(try run(["bash", "-mc", "sleep \(mark) & echo begun"])[0].output.contains("begun"))
        #expect(try run(["sh", "-c", "pgrep -f '^sleep \(mark)$' || echo none"])[0].output == ["none"])
    }

    @Test func `megabytes of output leave their last lines`() throws {
        let script =
            "i=0; while [ $i -lt 200 ]; do head -c 100000 /dev/zero | tr '\\0' x; i=$((i+1)); done; echo; seq 100"
        let output = try run(["sh", "-c", script])[0].output
        #expect(output.last == "100" && output.count == 12)
        #expect(try failure(["sh", "-c", "yes | head -c 9000000; exit 4"]).contains("exit status 4"))
        #expect(try failure(["yes"], timeout: 1).contains("did not end within 1 seconds"))
    }

    @Test func `one that closes its output is waited for`() throws {
        #expect(try run(["sh", "-c", "exec >&- 2>&-; sleep 0.2; exit 0"])[0].output == [])
        #expect(try failure(["sh", "-c", "exec >&- 2>&-; sleep 0.2; exit 6"]).contains("exit status 6"))
    }

    @Test func `the first that fails is the last that runs`() throws {
        try put("bin/note", "#!/bin/sh\necho $1 >> \"$AIRLIFT_ROOT/order\"\n[ \"$1\" != b ]\n")
        let hooks = ["a", "b", "c"].map { Manifest.Hook(command: ["note", $0]) }
        let runner = HookRunner(
            prefix: prefix, root: place.path, name: "payroll", release: "2.0", previous: nil,
            environment: ["PATH": "/usr/bin:/bin"])
        #expect(throws: InstallError.self) { _ = try runner.run(hooks, .postActivate) }
        #expect(try text("order") == "a\nb\n")
        #expect(try runner.run([], .postActivate) == [])
        var started: [pid_t] = []
        _ = try runner.run([hooks[0]], .postActivate) { started.append($0) }
        #expect(started.count == 1 && started[0] > 1)
    }

    @Test func `who runs it may give another limit`() throws {
        let runner = HookRunner(
            prefix: prefix, root: nil, name: "payroll", release: "2.0", previous: nil,
            environment: ["PATH": "/usr/bin:/bin"], limit: 1)
        let error = #expect(throws: InstallError.self) {
            _ = try runner.run([.init(command: ["sleep", "30"], timeout: 20)], .preActivate)
        }
        #expect(error?.description.contains("within 1 seconds") == true)
        #expect(
            try runner.run(
                [.init(command: ["sh", "-c", "echo ${AIRLIFT_ROOT-none} ${AIRLIFT_PREVIOUS-none}"])],
                .preActivate)[0].output
                == ["none none"])
    }
}
