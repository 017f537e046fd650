import Files
import Glibc
import Install
import TestSupport
import Testing
import Workers

/// Two releases, of which tests run programs.
private struct Releases {
    let scratch = TemporaryDirectory()

    init() throws {
        for name in ["old", "new"] {
            // `cat` waits for its input, and says by its echo that it runs.
            try scratch.write("releases/\(name)/bin/cat", Self.cat(), permissions: 0o755)
            try scratch.write("releases/\(name)/lib/module.so", "code\n")
        }
    }

    private static func cat() throws -> [UInt8] {
        let file = try OpenFile.read("/usr/bin/cat")
        return try file.bytes(at: 0, count: Int(file.status().size))
    }

    func path(_ name: String) -> String { "\(scratch.path)/releases/\(name)" }

    func look() throws -> ReleaseUse {
        try ReleaseUse.look(for: [
            "old": Directory.open(path("old")), "new": Directory.open(path("new")),
        ])
    }

    /// Starts a program that echoes its input, and waits until it does.
    func start(
        _ command: [String], in directory: String = "/", environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let child = try ChildProcess(
            command[0], Array(command.dropFirst()), environment: environment, directory: directory)
        #expect(child.send("here\n"))
        #expect(child.readLine() == "here")
        return child
    }
}

@Suite struct ReleaseUseTests {
    private let releases: Releases

    init() throws { releases = try Releases() }

    @Test func `where nothing runs, nothing is used`() throws {
        let running = try releases.start(["/usr/bin/cat"])
        let use = try releases.look()
        #expect(use.users.isEmpty)
        _ = running.wait()
    }

    @Test func `a running program uses its release and no other, until it ends`() throws {
        let running = try releases.start([releases.path("old") + "/bin/cat"])
        let use = try releases.look()
        #expect(use.users["new"] == nil)
        let user = try #require(use.users["old"]?.first)
        #expect(use.users["old"]?.count == 1)
        #expect(user.sign == .executable && user.command == "cat")
        #expect(user.path == releases.path("old") + "/bin/cat")
        #expect(use.words(of: "old") == "process \(user.process) (cat) runs '\(user.path)'")
        _ = running.wait()
        #expect(try releases.look().users.isEmpty)
    }

    @Test func `a program whose file was removed since still counts`() throws {
        let running = try releases.start([releases.path("old") + "/bin/cat"])
        #expect(unlink(releases.path("old") + "/bin/cat") == 0)
        #expect(try releases.look().users["old"]?.first?.path == releases.path("old") + "/bin/cat")
        _ = running.wait()
    }

    @Test func `one that works in a release uses it`() throws {
        let running = try releases.start(["/usr/bin/cat"], in: releases.path("old") + "/lib")
        #expect(try releases.look().users.mapValues { $0.map(\.sign) } == ["old": [.directory]])
        _ = running.wait()
    }

    @Test func `one that works in the release itself uses it`() throws {
        let running = try releases.start(["/usr/bin/cat"], in: releases.path("new"))
        #expect(try releases.look().users.mapValues { $0.map(\.sign) } == ["new": [.directory]])
        _ = running.wait()
    }

    @Test func `one that holds a file open uses it`() throws {
        let script = "exec 3<'\(releases.path("old"))/lib/module.so'; exec cat"
        let running = try releases.start(["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
        #expect(try releases.look().users.mapValues { $0.map(\.sign) } == ["old": [.open]])
        _ = running.wait()
    }

    @Test func `one that was started with a path in a release uses it`() throws {
        let script = "read line; echo \"$line\"; read line"
        let running = try releases.start(["/bin/sh", "-c", script, releases.path("old") + "/bin/worker"])
        #expect(try releases.look().users.mapValues { $0.map(\.sign) } == ["old": [.argument]])
        _ = running.wait()
    }

    @Test(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3"))
    func `mapped files count after they were closed`() throws {
        let code = """
            import mmap, sys
            with open('\(releases.path("old"))/lib/module.so', 'rb') as file:
                held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            sys.stdout.write(sys.stdin.readline()); sys.stdout.flush(); sys.stdin.readline()
            """
        // mmap keeps a descriptor of its own; the map is found before it.
        let running = try releases.start([HostPython.path, "-I", "-c", code])
        #expect(try releases.look().users.mapValues { $0.map(\.sign) } == ["old": [.mapped]])
        _ = running.wait()
    }

    @Test(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3"))
    func `the host's Python in a virtual environment may import from it later`() throws {
        let echo =
            "import sys; sys.stdout.write(sys.stdin.readline()); sys.stdout.flush(); sys.stdin.readline()"
        let running = try releases.start(
            [HostPython.path, "-c", echo], environment: ["VIRTUAL_ENV": releases.path("old")])
        #expect(try releases.look().users.mapValues { $0.map(\.sign) } == ["old": [.environment]])
        _ = running.wait()
        // Any other program with that variable is a child that went its own way.
        let other = try releases.start(["/usr/bin/cat"], environment: ["VIRTUAL_ENV": releases.path("old")])
        #expect(try releases.look().users == [:])
        _ = other.wait()
    }

    @Test func `a release that was renamed since is known again`() throws {
        let running = try releases.start([releases.path("old") + "/bin/cat"])
        let held = try Directory.open(releases.path("old"))
        #expect(rename(releases.path("old"), releases.path(".old.gone")) == 0)
        let use = try ReleaseUse.look(for: ["old": held])
        #expect(use.users["old"]?.first?.path == releases.path(".old.gone") + "/bin/cat")
        _ = running.wait()
    }

    @Test func `a path that only begins alike is another`() throws {
        try releases.scratch.write("releases/older/x", "x")
        let running = try releases.start(["/usr/bin/cat"], in: releases.path("older"))
        #expect(try releases.look().users.isEmpty)
        _ = running.wait()
    }

    @Test(.enabled(if: canMountHere, "needs the right to mount"))
    func `a container that has the release under another path uses it`() throws {
        try releases.scratch.write("elsewhere/x", "x")
        let (old, elsewhere) = (releases.path("old"), releases.scratch.path + "/elsewhere")
        let script = "mount --bind '\(old)' '\(elsewhere)' && exec '\(elsewhere)/bin/cat'"
        let running = try releases.start(
            ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        let use = try releases.look()
        #expect(use.users["new"] == nil)
        #expect(use.users["old"]?.map(\.sign) == [.executable])
        #expect(use.users["old"]?.first?.path == elsewhere + "/bin/cat")
        _ = running.wait()
    }

    @Test func `without proc there is no answer`() throws {
        let nowhere = TemporaryDirectory()
        #expect(throws: FileError.self) {
            try ReleaseUse.look(for: [:], proc: nowhere.path + "/proc")
        }
    }

    @Test func `what is hidden is said`() throws {
        // As hidepid has it: the own processes alone.
        let proc = TemporaryDirectory()
        #expect(symlink("/proc/\(getpid())", proc.path + "/\(getpid())") == 0)
        let use = try ReleaseUse.look(
            for: ["old": Directory.open(releases.path("old"))], proc: proc.path)
        #expect(use.isHidden && use.users.isEmpty)
        #expect(use.blindness?.contains("are hidden here") == true)
    }

    @Test func `many users are counted, few are named`() throws {
        let running = try (0..<5).map { _ in try releases.start([releases.path("old") + "/bin/cat"]) }
        let use = try releases.look()
        #expect(use.users["old"]?.count == 5)
        #expect(use.words(of: "old").hasSuffix(", and 2 more"))
        running.forEach { _ = $0.wait() }
    }
}
