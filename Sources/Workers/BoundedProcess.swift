import CLinux
import Glibc

/// A program of somebody else's, run to its end within a time limit: in a session of its own, so that it has no
/// terminal to ask on and everything it starts can be ended with it; with nothing to read, and its output and errors
/// as one stream.
public struct BoundedProcess: Sendable {
    public let executable: String
    public let arguments: [String]
    /// All of it; nothing is inherited.
    public let environment: [String: String]
    /// Where it runs.
    public let directory: String
    /// Seconds after which it is ended.
    public let limit: Int

    public enum End: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// The time was over.
        case timedOut
    }

    /// Seconds between asking everything of the session to end and ending it.
    private static let grace = 2

    public init(
        _ executable: String, _ arguments: [String], environment: [String: String], directory: String,
        limit: Int
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.limit = limit
    }

    /// - Parameters:
    ///   - started: is told the process, which is the leader of its session and of its group.
    ///   - output: gets what the program writes, in pieces.
    /// - Throws: `ChildProcess.SpawnError`, `Interrupted` after a signal (the program was ended), and what `started`
    ///   and `output` throw (likewise).
    public func run(
        started: (pid_t) throws -> Void = { _ in }, output: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> End {
        let (process, pipe) = try start()
        defer { close(pipe) }
        let stream = OutputStream(pipe)
        let deadline = Self.now() + limit
        var timedOut = false
        do {
            try started(process)
            while !Self.hasEnded(process) {
                try Interruption.check()
                if Self.now() >= deadline {
                    timedOut = true
                    break
                }
                try stream.take(wait: 100, output)
            }
        } catch {
            Self.endSession(process, politely: false)
            _ = Self.reap(process)
            throw error
        }
        Self.endSession(process, politely: timedOut)
        // What it started and left behind may hold the pipe open and write on: only what is there already is read.
        var pieces = 0
        while pieces < 64, try stream.take(wait: 0, output) { pieces += 1 }
        let end = Self.reap(process)
        return timedOut ? .timedOut : end
    }

    private func start() throws -> (pid_t, Int32) {
        var pipe: [Int32] = [-1, -1]
        guard airlift_pipe(&pipe) == 0 else {
            throw ChildProcess.SpawnError(executable: executable, code: errno)
        }
        var nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        if nothing < 0 { nothing = airlift_memory_file() }
        defer { close(nothing) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, nothing, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 2)
        airlift_spawn_in(&actions, directory)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A broken pipe is ignored here, and what is ignored would stay so in the program.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK) | Self.setsid)
        let argv = ([executable] + arguments).map { strdup($0) } + [nil]
        let envp = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var process = pid_t()
        let status = posix_spawn(&process, executable, &actions, &attributes, argv, envp)
        close(pipe[1])
        guard status == 0 else {
            close(pipe[0])
            throw ChildProcess.SpawnError(executable: executable, code: status)
        }
        return (process, pipe[0])
    }

    /// `POSIX_SPAWN_SETSID` of glibc 2.26, hidden by its header without `_GNU_SOURCE`.
    private static let setsid: Int16 = 0x80

    /// Without taking its number away: as long as it is there, its group cannot be another's.
    private static func hasEnded(_ process: pid_t) -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.si_signo != 0
    }

    private static func endSession(_ process: pid_t, politely: Bool) {
        if politely {
            kill(-process, SIGTERM)
            let end = now() + grace
            while now() < end, !hasEnded(process) { usleep(20_000) }
        }
        kill(-process, SIGKILL)
        // Those that were forked while others were ended are found by looking again.
        for _ in 0..<10 {
            let others = SessionMembers.others(than: process)
            if others.isEmpty { break }
            for other in others { kill(other, SIGKILL) }
        }
    }

    private static func reap(_ process: pid_t) -> End {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }
}

/// The reading end of a pipe that may never see its end.
private final class OutputStream {
    private let pipe: Int32
    private var isAtEnd = false
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(_ pipe: Int32) { self.pipe = pipe }

    /// - Parameter wait: milliseconds.
    /// - Returns: whether something was read.
    @discardableResult
    func take(wait: Int32, _ output: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        if isAtEnd {
            usleep(UInt32(wait) * 100)
            return false
        }
        var polled = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, wait) > 0 else { return false }
        let count = read(pipe, &buffer, buffer.count)
        if count < 0, errno == EINTR { return true }
        guard count > 0 else {
            isAtEnd = true
            return false
        }
        try buffer.withUnsafeBytes { try output(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        return true
    }
}
