import Glibc
import Synchronization

/// A stop that somebody asked for by a signal (Ctrl-C, kill, hang-up): noted here and looked for between pieces
/// of work, so that everything is left tidy.
public enum Interruption {
    private static let received = Atomic<Int32>(0)

    /// Notes SIGINT, SIGTERM and SIGHUP from now on; a second one ends the process at once.
    public static func watch() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                let (first, _) = Interruption.received.compareExchange(
                    expected: 0, desired: number, ordering: .relaxed)
                if !first { _exit(128 + number) }
            }
        }
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

    @inline(__always)
    private static func signal(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
        _ = Glibc.signal(number, handler)
    }
}

/// Work that was stopped by a signal.
public struct Interrupted: Error, Equatable, CustomStringConvertible {
    public let signal: Int32

    public var description: String { "stopped by signal \(signal); nothing was changed" }
}
