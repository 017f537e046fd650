import Glibc
import Testing

@testable import Workers

@Suite struct BoundedProcessTests {
    private func run(
        _ script: String, limit: Int = 20, environment: [String: String] = ["PATH": "/usr/bin:/bin"]
    ) throws -> (end: BoundedProcess.End, output: String) {
        var output: [UInt8] = []
        let end = try BoundedProcess(
            "/bin/sh", ["-c", script], environment: environment, directory: "/tmp", limit: limit
        )
        .run { output.append(contentsOf: $0) }
        return (end, String(decoding: output, as: UTF8.self))
    }

    @Test func `output and errors come as one, and the end is told`() throws {
        let ran = try run("echo out; echo err >&2; pwd; exit 7")
        #expect(ran.end == .exited(7) && ran.output == "out\nerr\n/tmp\n")
        #expect(try run("kill -9 $$").end == .signalled(9))
        #expect(try run(":").end == .exited(0))
    }

    @Test func `nothing is inherited: no variables, no input, no terminal, no ignored signals`() throws {
        #expect(try run("echo ${HOME-none}; cat; echo end").output == "none\nend\n")
        #expect(try run("(echo > /dev/tty) 2>/dev/null || echo none").output.hasSuffix("none\n"))
        // A broken pipe is ignored by this process once it has run another.
        #expect(try run("(while echo y; do :; done) 2>/dev/null | head -n 1; echo end").output == "y\nend\n")
    }

    @Test func `the time is over for all of it`() throws {
        let mark = "6\(UInt32.random(in: 10_000 ... 99_999))"
        let ran = try run("trap '' TERM; sleep \(mark) & echo begun; sleep \(mark)", limit: 1)
        #expect(ran.end == .timedOut && ran.output == "begun\n")
        #expect(try run("pgrep -f 'sleep \(mark)$' | grep -v $$ || echo none").output == "none\n")
    }

    @Test func `what it leaves running neither delays nor outlives it`() throws {
        let mark = "7\(UInt32.random(in: 10_000 ... 99_999))"
        #expect(try run("sleep \(mark) & echo begun").output == "begun\n")
        #expect(try run("pgrep -f 'sleep \(mark)$' | grep -v $$ || echo none").output == "none\n")
        let escaped = try run("setsid sh -c 'while echo y; do sleep 0.01; done' & echo begun")
        #expect(escaped.end == .exited(0) && escaped.output.hasPrefix("begun\n"))
    }

    @Test func `one that closes its output early is waited for`() throws {
        #expect(try run("exec >/dev/null 2>&1; sleep 0.3; exit 5").end == .exited(5))
    }

    @Test func `an error of the taker ends it`() throws {
        struct Enough: Error {}
        let process = BoundedProcess(
            "/bin/sh", ["-c", "while :; do echo y; done"], environment: [:], directory: "/", limit: 20)
        #expect(throws: Enough.self) { _ = try process.run { _ in throw Enough() } }
    }

    @Test func `a program that is not there is an error`() {
        let process = BoundedProcess("/nowhere/program", [], environment: [:], directory: "/", limit: 1)
        #expect(throws: ChildProcess.SpawnError(executable: "/nowhere/program", code: ENOENT)) {
            _ = try process.run { _ in }
        }
    }
}
