import Glibc
import Synchronization

/// What this process says beside its results: on standard error, and in its log.
enum Messages {
    enum Level: String { case info, note, detail, error }

    private struct State {
        var program = ""
        var quiet = false
        var verbose = false
        var log: LogFile?
        /// Columns of the progress bar that stands on the terminal's last line.
        var barWidth = 0
    }

    private static let state = Mutex(State())

    /// Begins to say what is wanted; the log begins with who asked for what.
    static func begin(
        program: String, quiet: Bool, verbose: Bool, log: LogFile?, _ title: String, _ arguments: [String]
    ) {
        state.withLock {
            $0.program = program
            $0.quiet = quiet
            $0.verbose = verbose
            $0.log = log
        }
        Self.log(.info, title + told(arguments).joined(separator: " "))
    }

    /// What follows two dashes and a program's name is that program's, which may be given passwords.
    private static func told(_ arguments: [String]) -> [String] {
        let own = arguments.prefix { $0 != "--" }
        let others = arguments.dropFirst(own.count).prefix(2)
        return own.map(shortened) + others + (own.count + others.count < arguments.count ? ["…"] : [])
    }

    /// An address may hold a password or a token: only its scheme is kept.
    private static func shortened(_ argument: String) -> String {
        guard let colon = argument.firstIndex(of: ":"), argument[colon...].hasPrefix("://") else {
            return argument
        }
        return argument[..<colon] + "://…"
    }

    /// The name by which it speaks of itself.
    static var program: String { state.withLock { $0.program } }

    static var isQuiet: Bool { state.withLock { $0.quiet } }

    static func log(_ level: Level, _ text: String) {
        guard let log = state.withLock({ $0.log }) else { return }
        log.append(level, text)
    }

    static func detail(_ text: @autoclosure () -> String) {
        let (verbose, log) = state.withLock { ($0.verbose, $0.log) }
        guard verbose || log != nil else { return }
        let text = text()
        if verbose { write(text) }
        log?.append(.detail, text)
    }

    /// A line on standard error, in the place of a progress bar where one stands there.
    static func write(_ text: String) {
        state.withLock { state in
            Terminal.write(takeBarAway(&state) + text + "\n", to: 2)
        }
    }

    /// Draws a progress bar over the one before.
    static func draw(bar line: String) {
        state.withLock { state in
            let padding = String(repeating: " ", count: max(0, state.barWidth - line.count))
            state.barWidth = line.count
            Terminal.write("\r" + line + padding, to: 2)
        }
    }

    static func clearBar() {
        state.withLock { state in
            let text = takeBarAway(&state)
            if !text.isEmpty { Terminal.write(text, to: 2) }
        }
    }

    private static func takeBarAway(_ state: inout State) -> String {
        guard state.barWidth > 0 else { return "" }
        defer { state.barWidth = 0 }
        return "\r" + String(repeating: " ", count: state.barWidth) + "\r"
    }
}

/// A step on the way: on standard error with `--verbose`, and in the log.
public func detail(_ text: @autoclosure () -> String) { Messages.detail(text()) }

/// Writes a line to standard error and to the log; standard output is for results.
public func say(_ text: String) {
    Messages.write(text)
    Messages.log(.info, text)
}
