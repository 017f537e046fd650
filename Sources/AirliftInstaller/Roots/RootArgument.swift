import ArgumentParser
import Console
import Install

/// The root that a command works on.
struct RootArgument: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The root: the directory that was given to install --root. Not needed by the program that a root keeps (ROOT/.airlift/airlift).",
            valueName: "root"),
        completion: .directory)
    var root: String?

    /// Absolute.
    var path: String {
        get throws {
            guard let path = root.map(TargetOptions.absolute) ?? OwnRoot.path else {
                throw ValidationError(
                    "name the root with --root, or use the program that it keeps: ROOT/.airlift/airlift")
            }
            return path
        }
    }

    func open() throws -> ReleaseRoot { try ReleaseRoot.open(path) }
}

/// How a command that changes a root waits for others.
struct ChangeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long to wait for another run that changes the root (default: 0).", valueName: "seconds"))
    var wait: Int = 0

    func validate() throws {
        guard (0...86_400).contains(wait) else {
            throw ValidationError("--wait takes seconds from 0 to 86400")
        }
    }

    /// Calls `body` with the lock held, and says what an earlier run had left.
    func change<Value>(
        _ root: ReleaseRoot, _ output: OutputOptions, _ body: (RootLock) throws -> Value
    ) throws -> Value {
        let stamp = ChangeStamp.current(now: Timestamp.now, environment: TargetOptions.environment)
        return try root.withLock(waiting: wait, stamp) { lock in
            for sentence in lock.recovered { output.notice(sentence) }
            return try body(lock)
        }
    }
}

extension HookOptions {
    func request(_ event: ActivationLog.Event) -> ActivationRequest {
        var request = ActivationRequest(event, environment: TargetOptions.environment)
        request.runsHooks = hooks ?? true
        request.hookLimit = hookTimeout
        return request
    }
}
