import Bundle
import Failures
import Glibc
import Workers

/// Runs the hooks of one environment: in a session of their own with no input, one after the other, in the prefix and
/// with the variables of its activation.
///
/// What a hook leaves behind in its session is ended with it. What makes a session of its own, as daemons do, stays.
public struct HookRunner: Sendable {
    /// The environment's prefix, absolute: of a root the release's own path.
    public let prefix: String
    /// The root; nil for a prefix of its own.
    public let root: String?
    /// The bundle's name.
    public let name: String
    /// Version of the environment.
    public let release: String
    /// Version of what was there before; nil for nothing.
    public let previous: String?
    /// Of the installer's own process.
    public let environment: [String: String]
    /// Seconds for each hook, instead of what its manifest says; nil leaves that.
    public let limit: Int?

    public init(
        prefix: String, root: String?, name: String, release: String, previous: String?,
        environment: [String: String], limit: Int? = nil
    ) {
        self.prefix = prefix
        self.root = root
        self.name = name
        self.release = release
        self.previous = previous
        self.environment = environment
        self.limit = limit
    }

    /// Runs them in order; the first that fails ends it.
    /// - Parameter started: is told each process, which leads its own session and group.
    /// - Throws: `InstallError` of kind `hostRequirements` that names the hook, how it ended and its last words;
    ///   `Interrupted` after a signal (the hook was ended).
    public func run(
        _ hooks: [Manifest.Hook], _ kind: Manifest.Hooks.Kind, started: (pid_t) throws -> Void = { _ in }
    ) throws -> [HookResult] {
        guard !hooks.isEmpty else { return [] }
        let variables = try variables(kind)
        return try hooks.map { try run($0, kind, variables, started) }
    }

    private func run(
        _ hook: Manifest.Hook, _ kind: Manifest.Hooks.Kind, _ variables: [String: String],
        _ started: (pid_t) throws -> Void
    ) throws -> HookResult {
        var tail = OutputTail()
        let seconds = limit ?? hook.timeout
        let end: BoundedProcess.End
        do {
            let path = environment["PATH"] ?? ReleaseEnvironment.usualPath
            let program = try HookProgram(prefix: prefix, path: path).find(hook.command.first ?? "")
            end = try BoundedProcess(
                program, Array(hook.command.dropFirst()), environment: variables, directory: prefix,
                limit: seconds
            ).run(started: started) { tail.append($0) }
        } catch let fault as HookFault {
            throw failure(hook, kind, "was not run: \(fault.reason)")
        } catch let error as ChildProcess.SpawnError {
            throw failure(hook, kind, "was not run: \(Self.words(error))")
        }
        let words = tail.lines.joined(separator: " / ")
        let said = words.isEmpty ? " and said nothing" : "; it said last: \(words)"
        switch end {
        case .exited(0): return HookResult(kind: kind, command: hook.command, output: tail.lines)
        case .exited(let code): throw failure(hook, kind, "ended with exit status \(code)\(said)")
        case .signalled(let signal): throw failure(hook, kind, "was ended by signal \(signal)\(said)")
        case .timedOut:
            throw failure(hook, kind, "did not end within \(seconds) seconds, and was ended\(said)")
        }
    }

    /// As an activated shell has them, with what a hook wants to know.
    private func variables(_ kind: Manifest.Hooks.Kind) throws -> [String: String] {
        var variables = try ReleaseEnvironment.variables(
            prefix: prefix, name: name, inheriting: environment)
        variables["AIRLIFT_HOOK"] = kind.rawValue
        variables["AIRLIFT_NAME"] = name
        variables["AIRLIFT_PREFIX"] = prefix
        variables["AIRLIFT_RELEASE"] = release
        variables["AIRLIFT_ROOT"] = root
        variables["AIRLIFT_PREVIOUS"] = previous
        // A trial run leaves nothing in an environment that is not to change.
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        return variables
    }

    private func failure(
        _ hook: Manifest.Hook, _ kind: Manifest.Hooks.Kind, _ how: String
    ) -> InstallError {
        InstallError(
            .hostRequirements,
            "the \(kind.rawValue) hook '\(hook.words.printable)' of \(name) \(release) \(how)")
    }

    /// A file that is there and executable, and still cannot be run.
    private static func words(_ error: ChildProcess.SpawnError) -> String {
        switch error.code {
        case ENOENT:
            "the interpreter that '\(error.executable.printable)' names in its first line does not exist"
        case ENOEXEC:
            "'\(error.executable.printable)' is neither a program for this machine nor a script that begins with '#!'"
        default: error.description.printable
        }
    }
}
