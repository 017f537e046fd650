import CSeccomp
import Glibc
import Synchronization
import TestSupport
import Workers

/// What becomes of a call.
enum Verdict: Equatable {
    case proceed
    /// It does not happen, and gives this error number.
    case fail(Int32)
    /// Half of the bytes are written. For write(2) and pwrite(2).
    case shorten
    /// It does not happen, and all of its processes are dead.
    case kill
}

/// Runs a program and decides on every call of `SystemCall.all` that it, its threads and everything that it starts
/// make: one after the other, in one count, before it happens.
///
/// The kernel asks (seccomp_unotify(2)), so that no call can be missed: strace counts its injections per thread and
/// per call, and cannot say "the 17th change of anything".
enum Supervisor {
    static let isThere: Bool = {
        #if arch(x86_64)
            guard
                let ran = try? run(["true"], judge: { _ in .proceed })
            else { return false }
            return ran.code == 0
        #else
            return false
        #endif
    }()

    struct Refused: Error, CustomStringConvertible {
        let code: Int32
        var description: String { "the kernel takes no seccomp listener: \(String(cString: strerror(code)))" }
    }

    private struct Start: Sendable {
        var listener: Int32?
        var refusal: Int32 = 0
        var program: Program?
        var failure: String?
    }

    /// - Parameter judge: is called for each call of the program, once it runs: not for what starting it takes.
    static func run(
        _ command: [String], in directory: String = "/", environment: [String: String] = [:],
        judge: (SupervisedCall) throws -> Verdict
    ) throws -> Outcome {
        let start = Mutex(Start())
        let state = Shared(start)
        let numbers = SystemCall.all.map(\.number)
        // The filter stays with the thread that puts it up, so that must be a thread of its own.
        let launcher = WorkerThread {
            let listener = airlift_seccomp_listen(numbers, UInt16(numbers.count))
            state.value.withLock {
                $0.refusal = listener < 0 ? errno : 0
                $0.listener = listener
            }
            guard listener >= 0 else { return }
            do {
                // The order of a set's or dictionary's elements is part of the order of calls.
                let program = try Program(
                    command, in: directory,
                    environment: environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { $1 })
                state.value.withLock { $0.program = program }
            } catch {
                state.value.withLock { $0.failure = "\(error)" }
            }
        }
        while state.value.withLock({ $0.listener }) == nil { usleep(50) }
        let (listener, refusal) = state.value.withLock { ($0.listener ?? -1, $0.refusal) }
        guard listener >= 0 else {
            launcher.join()
            throw Refused(code: refusal)
        }
        defer { close(listener) }
        var failure: (any Error)?
        var killed = false
        Self.serve(
            listener, until: { state.value.withLock { $0.program.map(hasEnded) ?? ($0.failure != nil) } }
        ) { raw in
            if killed {
                kill(raw.thread, SIGKILL)
                return
            }
            let verdict: Verdict
            do { verdict = try decide(raw, judge) } catch {
                failure = failure ?? error
                verdict = .kill
            }
            if verdict == .kill {
                killed = true
                started(state)?.destroy()
                kill(raw.thread, SIGKILL)
            } else {
                answer(listener, raw, verdict)
            }
        }
        launcher.join()
        if let failure {
            _ = try? state.value.withLock { $0.program }?.wait()
            throw failure
        }
        if let words = state.value.withLock({ $0.failure }) { throw Unexpected(words) }
        guard let program = state.value.withLock({ $0.program }) else {
            throw Unexpected("nothing was started")
        }
        return try program.wait()
    }

    /// A mutex that a thread may hold on to.
    private final class Shared: Sendable {
        let value: Mutex<Start>
        init(_ value: consuming Mutex<Start>) { self.value = value }
    }

    /// The program, which may make its first calls before the thread that started it has written it down.
    private static func started(_ state: Shared) -> Program? {
        for _ in 0..<1_000 {
            let (program, failure) = state.value.withLock { ($0.program, $0.failure) }
            if program != nil || failure != nil { return program }
            usleep(1_000)
        }
        return nil
    }

    private static let own = SupervisedCallProgram.own

    private static func decide(
        _ raw: airlift_call, _ judge: (SupervisedCall) throws -> Verdict
    ) throws -> Verdict {
        guard let call = SystemCall.byNumber[raw.number] else { return .proceed }
        // The thread that starts the program, and its child before it becomes the program.
        guard let program = SupervisedCallProgram.of(raw.thread), program != own else { return .proceed }
        return try judge(SupervisedCall(raw, call))
    }

    private static func answer(_ listener: Int32, _ raw: airlift_call, _ verdict: Verdict) {
        switch verdict {
        case .proceed, .kill: airlift_seccomp_proceed(listener, raw.id)
        case .fail(let code): airlift_seccomp_answer(listener, raw.id, 0, code)
        case .shorten:
            guard let call = SystemCall.byNumber[raw.number],
                let count = SupervisedCall(raw, call).writeHalf()
            else {
                airlift_seccomp_proceed(listener, raw.id)
                return
            }
            airlift_seccomp_answer(listener, raw.id, Int64(count), 0)
        }
    }

    /// Takes up calls until nobody is left who could make one.
    private static func serve(_ listener: Int32, until hasEnded: () -> Bool, _ handle: (airlift_call) -> Void)
    {
        var afterEnd = 0
        while true {
            var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            let count = poll(&entry, 1, 20)
            if count < 0, errno == EINTR { continue }
            if count == 0 {
                // Whoever outlived the program by ten seconds is not waited for.
                if hasEnded() { afterEnd += 1 }
                if afterEnd > 500 { return }
                continue
            }
            if entry.revents & Int16(POLLIN) != 0 {
                var raw = airlift_call()
                if airlift_seccomp_receive(listener, &raw) == 0 { handle(raw) }
                continue
            }
            if entry.revents & Int16(POLLHUP | POLLERR) != 0 { return }
        }
    }

    private static func hasEnded(_ program: Program) -> Bool {
        var info = siginfo_t()
        waitid(P_PID, id_t(program.process), &info, WEXITED | WNOHANG | WNOWAIT)
        return info.si_signo == SIGCHLD
    }
}

/// Which executable a thread runs, by the kernel's own numbers of the file.
private enum SupervisedCallProgram {
    static let own = of(getpid())

    static func of(_ thread: pid_t) -> String? {
        var value = stat()
        guard stat("/proc/\(thread)/exe", &value) == 0 else { return nil }
        return "\(value.st_dev):\(value.st_ino)"
    }
}
