import Glibc
import TestSupport
import Testing

@Suite struct ExecTests {
    private let versions = ThreeBundles.versions
    private let lazyImport = "import greeter.lazy; print(greeter.lazy.NUMBER, greeter.lazy.__file__)"

    @Test func `a module imported after the switch is that of the release that the process was started with`()
        throws
    {
        let scene = try RootScene(1)
        let service = try scene.startByExec(lazyImport)
        try scene.install(1)
        #expect(try scene.current == "releases/\(versions[1])")
        let ran = try service.goOn()
        #expect(ran.output.hasPrefix("1 \(scene.root)/releases/\(versions[0])/"), "\(ran.words)")
        // What is started now gets the new one.
        let next = try scene.startByExec(lazyImport)
        #expect(try next.goOn().output.hasPrefix("2 \(scene.root)/releases/\(versions[1])/"))
    }

    @Test func `without exec the same process would mix two releases`() throws {
        // The benign twin's evil one: it shows that the test above looks at what exec is for.
        let scene = try RootScene(1)
        let service = try scene.start(lazyImport, by: [scene.root + "/current/bin/python"])
        try scene.install(1)
        #expect(try service.goOn().output.hasPrefix("2 "))
    }

    @Test func `another release than the current one`() throws {
        let scene = try RootScene(2)
        #expect(try scene.airlift("exec", "--release", versions[0], "greet").output == "release 1\n")
        #expect(try scene.airlift("exec", "greet").output == "release 2\n")
        // By any copy of the installer, if it is told where.
        let elsewhere = try run([Product.installer, "exec", "--root", scene.root, "greet"])
        #expect(elsewhere.output == "release 2\n", "\(elsewhere.words)")
    }

    @Test func `arguments, exit code and streams are the program's`() throws {
        let scene = try RootScene(1)
        let code = "import sys; print(sys.argv[1:]); sys.stderr.write('e'); sys.exit(41)"
        let ran = try scene.airlift(
            "exec", "python", "-c", code, "--json", "-h", "--", "--release", "x y", "größe", "")
        #expect(ran.code == 41)
        #expect(ran.output == "['--json', '-h', '--', '--release', 'x y', 'größe', '']\n")
        #expect(ran.errors == "e")
        let stopped = try scene.airlift(
            "exec", "python", "-c", "import os; os.kill(os.getpid(), 15)")
        #expect(stopped.signal == SIGTERM)
    }

    @Test func `variables are those of the release, and nothing leads Python elsewhere`() throws {
        let scene = try RootScene(1)
        let prefix = "\(scene.root)/releases/\(versions[0])"
        let ran = try scene.airlift(
            "exec", "python", "-c",
            "import os; print(*(f'{k}={v}' for k, v in sorted(os.environ.items())), sep='\\n')",
            environment: [
                "PATH": "/usr/bin", "PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere", "CONDA_PREFIX": "/x",
                "VIRTUAL_ENV": "/y", "HOME": "/home/ada", "LC_ALL": "C.UTF-8",
            ])
        #expect(
            ran.output.split(separator: "\n").map(String.init) == [
                "AIRLIFT_RELEASE=\(versions[0])", "HOME=/home/ada", "LC_ALL=C.UTF-8",
                "PATH=\(prefix)/bin:/usr/bin", "VIRTUAL_ENV=\(prefix)", "VIRTUAL_ENV_PROMPT=payroll",
            ], "\(ran.words)")
    }

    /// The signals that a process ignores, by what proc(5) says of it.
    private func ignored(_ status: String) -> UInt64 {
        status.split(separator: "\n").first { $0.hasPrefix("SigIgn") }?
            .split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
    }

    @Test func `signals and umask are as the caller has them`() throws {
        let scene = try RootScene(1)
        let code = "'import os, signal; print(oct(os.umask(0)), open(\"/proc/self/status\").read())'"
        for (trap, umask) in [("trap '' PIPE", "077"), (":", "027")] {
            let ran = try run([
                "/bin/sh", "-c", "\(trap); umask \(umask); exec '\(scene.kept)' exec python -c \(code)",
            ])
            #expect(ran.output.hasPrefix("0o\(umask.drop { $0 == "0" }) "), "\(ran.words)")
            // Python ignores SIGPIPE by itself; SIGXFSZ too. Nothing may be added to them and to what this process
            // had ignored (a test runner may have, signals of the thread library for instance).
            let allowed = ignored(try run(["/bin/cat", "/proc/self/status"]).output)
            #expect(
                ignored(ran.output) & ~(allowed | 1 << UInt64(SIGPIPE - 1) | 1 << UInt64(SIGXFSZ - 1)) == 0)
        }
        let plain = try run([
            "/bin/sh", "-c", "exec '\(scene.kept)' exec python -I -c \"$0\"",
            "import subprocess; print(subprocess.run(['/bin/grep', 'SigIgn', '/proc/self/status'], restore_signals=False, capture_output=True).stdout.decode())",
        ])
        #expect(plain.code == 0, "\(plain.words)")
    }

    @Test func `what is not there is said in a sentence`() throws {
        let scene = try RootScene(1)
        let cases: [(arguments: [String], code: Int32, words: String)] = [
            (["exec", "no-such-program"], 2, "has no program 'no-such-program'"),
            (["exec"], 2, "name the program to run"),
            (["exec", "--release", "1999.01.01", "python"], 6, "'1999.01.01' is not in"),
            (["exec", "--release", "../..", "python"], 6, "is not in"),
            (["exec", "../../../bin/sh"], 2, "has no program"),
            (["exec", "/bin/sh"], 2, "has no program"),
            (["exec", "--reelase", "x", "python"], 2, "--reelase"),
        ]
        for (arguments, code, words) in cases {
            let ran = try run([scene.kept] + arguments)
            #expect(ran.code == code && ran.errors.contains(words), "\(arguments): \(ran.words)")
        }
        try scene.scratch.directory().remove(.init("payroll/current"))
        let ran = try scene.airlift("exec", "python")
        #expect(ran.code == 6 && ran.errors.contains("no release"), "\(ran.words)")
    }

    @Test func `a current that leads nowhere is refused`() throws {
        let scene = try RootScene(1)
        try scene.scratch.directory().remove(.init("payroll/current"))
        symlink("releases/2020.01.01", scene.root + "/current")
        let broken = try scene.airlift("exec", "python")
        #expect(broken.code == 6 && broken.errors.contains("although 'current' leads to it"))
        unlink(scene.root + "/current")
        symlink("/usr", scene.root + "/current")
        let outside = try scene.airlift("exec", "python")
        #expect(outside.code == 3 && outside.errors.contains("should lead to one of"), "\(outside.words)")
    }

    @Test func `a root that was moved says so instead of running by halves`() throws {
        let scene = try RootScene(1)
        rename(scene.root, scene.root + "-moved")
        let ran = try run([scene.root + "-moved/.airlift/airlift", "exec", "greet"])
        #expect(ran.code == 3 && ran.errors.contains("was installed as"), "\(ran.words)")
        // Another way to the same directory is no move.
        symlink(scene.root + "-moved", scene.root)
        #expect(try run([scene.kept, "exec", "greet"]).output == "release 1\n")
    }
}
