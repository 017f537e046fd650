import ArgumentParser
import Console
import Failures
import Glibc
import Install

struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a program of the current release.",
        discussion: """
            Examples:
              /opt/payroll/.airlift/airlift exec python --version
              /opt/payroll/.airlift/airlift exec gunicorn --workers 4 payroll:app
              /opt/payroll/.airlift/airlift exec --release 2026.10.03 payroll-report

            The program takes this one's place: same process, same files, its own exit
            code. Which release is current is looked up once, and everything names that
            release's own path: what is made current later is never mixed in. Use it in
            service units and crontabs, and never ROOT/current/bin.

            Options of exec stand before the program's name; what follows the name is the
            program's own.
            """)

    @Option(
        help: ArgumentHelp("Of this release instead of the current one.", valueName: "version"),
        completion: .custom(Completions.releases))
    var release: String?

    @OptionGroup var root: RootArgument
    @OptionGroup var output: OutputOptions

    @Argument(help: "A program of the release's bin, or its path in the release; and its arguments.")
    var command: [String] = []

    func run() throws {
        let path = try root.path
        let found = try ReleaseExec.resolve(
            root: path, release: release, command: command, inheriting: TargetOptions.environment)
        output.detail("runs \(found.executable.printable) of the release \(found.release)")
        try Inherited.become(found)
    }

    /// Everything from the program's name on is the program's: the two dashes that say so are put before it.
    static func shielded(_ arguments: [String]) -> [String] {
        guard arguments.first == configuration.commandName else { return arguments }
        var place = 1
        while place < arguments.count, arguments[place].hasPrefix("-"), arguments[place] != "--" {
            place += ["--release", "--root", "--log-file"].contains(arguments[place]) ? 2 : 1
        }
        guard place < arguments.count, arguments[place] != "--" else { return arguments }
        return Array(arguments[..<place]) + ["--"] + Array(arguments[place...])
    }
}

/// What this process was started with and changed for its own sake: a program that takes its place gets it back.
enum Inherited {
    // Unsafe for the compiler alone: written once, before this program has a second thread.
    nonisolated(unsafe) private static var mask: mode_t = 0o022
    nonisolated(unsafe) private static var ignoresPipes = false

    static func note() {
        mask = umask(0o022)
        var action = sigaction()
        if sigaction(SIGPIPE, nil, &action) == 0 {
            let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            ignoresPipes = handler == unsafeBitCast(SIG_IGN, to: Int.self)
        }
    }

    /// Does not return but to say why it could not.
    static func become(_ found: ReleaseExec) throws -> Never {
        let before = TargetOptions.environment
        for name in before.keys where found.variables[name] == nil { unsetenv(name) }
        for (name, value) in found.variables where before[name] != value { setenv(name, value, 1) }
        _ = signal(SIGPIPE, ignoresPipes ? SIG_IGN : SIG_DFL)
        umask(mask)
        let argv = found.argv.map { strdup($0) } + [nil]
        execv(found.executable, argv)
        let code = errno
        let reason =
            code == ENOENT
            ? "the interpreter that its first line names does not exist" : String(cString: strerror(code))
        throw InstallError(
            .inputOutput,
            "cannot run '\(found.executable.printable)' of the release \(found.release): \(reason)")
    }
}
