import Glibc
import Testing
import Workers

@Suite struct ChildProcessTests {
    private func shell(_ script: String, environment: [String: String] = [:], merging: Bool = false) throws
        -> ChildProcess
    {
        try ChildProcess("/bin/sh", ["-c", script], environment: environment, mergingErrors: merging)
    }

    @Test func `lines go in and come out`() throws {
        let child = try ChildProcess("/bin/cat", [])
        #expect(child.send("one\nzwei é\n"))
        #expect(child.readLine() == "one")
        #expect(child.readLine() == "zwei é")
        #expect(child.send("no newline"))
        child.closeInput()
        #expect(child.readLine() == "no newline")
        #expect(child.readLine() == nil)
        #expect(child.wait() == .exited(0))
        #expect(child.wait() == .exited(0), "asked twice")
    }

    @Test func `its environment is what is given and nothing else`() throws {
        let child = try ChildProcess("/usr/bin/env", [], environment: ["ONLY": "this=that"])
        #expect(child.readAll() == "ONLY=this=that")
        let empty = try ChildProcess("/usr/bin/env", [])
        #expect(empty.readAll() == "")
    }

    @Test func `it runs where it should`() throws {
        #expect(try ChildProcess("/bin/pwd", ["-P"], directory: "/usr").readLine() == "/usr")
        #expect(try ChildProcess("/bin/pwd", ["-P"]).readLine() == "/")
    }

    @Test(arguments: [0, 1, 7, 255] as [Int32]) func `its exit code is told`(code: Int32) throws {
        #expect(try shell("exit \(code)").wait() == .exited(code))
    }

    @Test func `a signal is told apart from an exit`() throws {
        #expect(try shell("kill -KILL $$").wait() == .signalled(9))
        #expect(try shell("exit 9").wait() == .exited(9))
    }

    @Test func `standard error comes along only where asked for`() throws {
        #expect(try shell("echo out; echo err >&2").readAll() == "out")
        #expect(try shell("echo out; echo err >&2", merging: true).readAll() == "out\nerr")
    }

    @Test func `a program that no longer reads shows in what send says`() throws {
        let child = try shell("exec 0</dev/null; echo ready; read x")
        #expect(child.readLine() == "ready")
        let large = String(repeating: "x", count: 1 << 20)
        #expect(!child.send(large))
        #expect(child.wait() != .signalled(SIGPIPE))
    }

    @Test(arguments: ["/nonexistent/program", "/etc/passwd", "/"]) func `what cannot be run is named`(
        path: String
    ) throws {
        let error = try #require(throws: ChildProcess.SpawnError.self) { _ = try ChildProcess(path, []) }
        #expect(error.description.hasPrefix("cannot run '\(path)': "))
        #expect(error.code == ENOENT || error.code == EACCES)
    }

    @Test func `a directory that is not there is an error`() {
        #expect(throws: ChildProcess.SpawnError.self) {
            _ = try ChildProcess("/bin/pwd", [], directory: "/nonexistent")
        }
    }

    @Test func `a program ends with its owner`() throws {
        var child: ChildProcess? = try shell("echo $$; exec sleep 600")
        let process = try #require(child?.readLine().flatMap { pid_t($0) })
        #expect(kill(process, 0) == 0)
        child = nil
        #expect(kill(process, 0) == -1 && errno == ESRCH)
    }
}
