import Glibc

/// A program that talks to the person at the terminal itself: it has this process's input, environment, directory
/// and process group, so that its questions are seen and answered, and Ctrl-C reaches it. What it writes goes to
/// standard error, since standard output is for results.
public enum ForegroundProcess {
    /// Runs it to its end.
    /// - Parameter executable: a path, or a name that is looked for in PATH.
    /// - Throws: `ChildProcess.SpawnError` where it cannot be started, `Interrupted` where a stop was asked for
    ///   meanwhile.
    public static func run(_ executable: String, _ arguments: [String]) throws -> ChildProcess.Termination {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, 2, 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // This process ignores broken pipes, and that would be inherited.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        let argv = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { argv.forEach { free($0) } }
        var process = pid_t()
        let status = posix_spawnp(&process, executable, &actions, &attributes, argv, environ)
        guard status == 0 else { throw ChildProcess.SpawnError(executable: executable, code: status) }
        var ended: Int32 = 0
        while waitpid(process, &ended, 0) < 0, errno == EINTR {}
        try Interruption.check()
        let signal = ended & 0x7f
        return signal == 0 ? .exited(ended >> 8 & 0xff) : .signalled(signal)
    }
}
