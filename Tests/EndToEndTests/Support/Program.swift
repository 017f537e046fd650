import CLinux
import Files
import Glibc
import TestSupport

/// What a program left behind.
struct Outcome {
    /// 128+n for one that a signal ended.
    let code: Int32
    /// The signal that ended it, where one did: an orderly stop is an exit code.
    let signal: Int32?
    let bytes: [UInt8]
    let errors: String

    var output: String { String(decoding: bytes, as: UTF8.self) }
    /// Both streams, for messages of failed expectations.
    var words: String { "exit code \(code)\n\(output)\(errors)" }
}

/// A program that was started, with its output going to files.
final class Program: Sendable {
    struct NotStarted: Error, CustomStringConvertible {
        let command: [String]
        let code: Int32
        var description: String { "cannot run \(command): \(String(cString: strerror(code)))" }
    }

    /// What every program gets: nothing of the developer's own environment.
    static let path = "/usr/sbin:/usr/bin:/sbin:/bin"

    let process: pid_t
    private let scratch = TemporaryDirectory()

    /// Starts it in a process group and with a signal mask of its own: test threads block signals, and children
    /// inherit that.
    init(
        _ command: [String], in directory: String = "/", environment: [String: String] = [:],
        input: String = "/dev/null"
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        for (descriptor, name) in [(Int32(1), "output"), (2, "errors")] {
            posix_spawn_file_actions_addopen(
                &actions, descriptor, "\(scratch.path)/\(name)", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        airlift_spawn_in(&actions, directory)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let variables = ["PATH": Self.path].merging(environment) { $1 }
        let argv = command.map { strdup($0) } + [nil]
        let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var process = pid_t()
        let status = Self.find(command[0]).withCString {
            posix_spawn(&process, $0, &actions, &attributes, argv, envp)
        }
        guard status == 0 else { throw NotStarted(command: command, code: status) }
        self.process = process
    }

    /// Where a program named without `/` lies.
    static func find(_ name: String) -> String {
        if name.contains("/") { return name }
        let places = path.split(separator: ":").map { "\($0)/\(name)" }
        return places.first { access($0, X_OK) == 0 } ?? name
    }

    static func exists(_ name: String) -> Bool { find(name).contains("/") }

    func send(_ signal: Int32) { kill(process, signal) }

    /// Ends it and what it started, as a power cut would.
    func destroy() { kill(-process, SIGKILL) }

    /// Waits for its end; after `seconds` it is killed, which shows as signal 9.
    func wait(seconds: Int = 240) throws -> Outcome {
        var status: Int32 = 0
        var ended = false
        for _ in 0..<(seconds * 200) where !ended {
            ended = waitpid(process, &status, WNOHANG) != 0
            if !ended { usleep(5_000) }
        }
        if !ended {
            destroy()
            waitpid(process, &status, 0)
        }
        let signal = status & 0x7f
        let directory = try scratch.directory()
        func text(_ name: String) throws -> [UInt8] {
            try directory.contents(of: RelativePath(name), limit: 1 << 30)
        }
        return Outcome(
            code: signal == 0 ? status >> 8 & 0xff : 128 + signal, signal: signal == 0 ? nil : signal,
            bytes: try text("output"), errors: String(decoding: try text("errors"), as: UTF8.self))
    }

    /// Waits until something is true, looking every two milliseconds.
    /// - Returns: false when the program ended first, or after a minute.
    func waitUntil(_ condition: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<30_000 {
            if try condition() { return true }
            var info = siginfo_t()
            waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT)
            if info.si_signo == SIGCHLD { return try condition() }
            usleep(2_000)
        }
        return false
    }
}

@discardableResult
func run(
    _ command: [String], in directory: String = "/", environment: [String: String] = [:],
    input: String = "/dev/null"
) throws -> Outcome {
    try Program(command, in: directory, environment: environment, input: input).wait()
}

/// What tests may do here, and what they find; a test that needs more says so in its `.enabled`.
enum Machine {
    static let isRoot = geteuid() == 0
    static let mayMount = isRoot && succeeds(["unshare", "-m", "-n", "-u", "true"])
    static let mayTrace = Program.exists("strace") && succeeds(["strace", "-o", "/dev/null", "true"])
    static let hasStaticBusybox =
        Program.exists("busybox")
        && ((try? run(["ldd", Program.find("busybox")]))?.words.contains("not a dynamic executable") ?? false)

    private static func succeeds(_ command: [String]) -> Bool { (try? run(command))?.code == 0 }
}
