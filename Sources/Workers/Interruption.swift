import Glibc
import Synchronization

/// A stop that somebody asked for by a signal (Ctrl-C, kill, hang-up): noted here and looked for between pieces
/// of work, so that everything is left tidy.
public enum Interruption {
    private static let received = Atomic<Int32>(0)

    /// Notes SIGINT, SIGTERM and SIGHUP from now on; a second one ends the process at once. What the caller
    /// ignores (`nohup`, a job of a script) stays ignored.
    ///
    /// A system call that waits is not restarted: a question on the terminal would never end.
    public static func watch() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var before = sigaction()
            guard sigaction(number, nil, &before) == 0, !isIgnored(before) else { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                let (first, _) = Interruption.received.compareExchange(
                    expected: 0, desired: number, ordering: .relaxed)
                if !first { _exit(128 + number) }
            }
            sigaction(number, &action, nil)
        }
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// The signal that asked for a stop.
    public static var signal: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// - Throws: `Interrupted` once a stop was asked for.
    public static func check() throws {
        if let signal { throw Interrupted(signal: signal) }
    }
}

/// Work that was stopped by a signal.
public struct Interrupted: Error, Equatable, CustomStringConvertible {
    public let signal: Int32

    public init(signal: Int32) { self.signal = signal }

    public var description: String { "stopped by signal \(signal); nothing half-done is left" }
}
