import Bundle
import Synchronization

/// A bar on standard error, drawn at most ten times a second and only on a terminal. With `--verbose`, and in the
/// log, each piece of work is told with its time when it ends.
public final class ProgressBar: Sendable {
    private struct State {
        var title: String
        var total: UInt64
        var unit: Unit
        var done: UInt64 = 0
        var begun = ContinuousClock.now
        /// nil before the first time.
        var drawn: ContinuousClock.Instant?
        var isOver = false
    }

    public enum Unit: Sendable { case bytes, items }

    private let state: Mutex<State>
    private let isVisible: Bool

    public init(_ title: String, total: UInt64, unit: Unit = .bytes, hidden: Bool = false) {
        state = Mutex(State(title: title, total: total, unit: unit))
        isVisible = Terminal.errorIsTerminal && !hidden && !Messages.isQuiet
    }

    deinit { finish() }

    /// Begins another piece of work in the same line.
    public func restart(_ title: String, total: UInt64, unit: Unit) {
        state.withLock { state in
            Self.tell(state)
            state = State(title: title, total: total, unit: unit)
        }
        advance(0)
    }

    public func advance(_ amount: UInt64) {
        state.withLock { state in
            state.done += amount
            redraw(&state)
        }
    }

    public func set(_ done: UInt64, of total: UInt64) {
        state.withLock { state in
            state.done = done
            state.total = total
            redraw(&state)
        }
    }

    /// Takes the bar away, so that the next line starts clean.
    public func finish() {
        state.withLock { state in
            if isVisible, state.drawn != nil { Messages.clearBar() }
            if !state.isOver { Self.tell(state) }
            state.isOver = true
            state.drawn = nil
        }
    }

    private static func tell(_ state: State) {
        guard state.done > 0 || state.total > 0 else { return }
        let amount =
            switch state.unit {
            case .bytes: "\(ByteCount.text(state.done)) in "
            case .items: state.total > 1 ? "\(state.done) in " : ""
            }
        Messages.detail("\(state.title): \(amount)\(Seconds.text(since: state.begun))")
    }

    private func redraw(_ state: inout State) {
        guard isVisible, !state.isOver else { return }
        let now = ContinuousClock.now
        if let drawn = state.drawn, now - drawn < .milliseconds(100) { return }
        state.drawn = now
        Messages.draw(
            bar: Self.line(state.title, state.done, state.total, state.unit, width: Terminal.width - 1))
    }

    private static func line(_ title: String, _ done: UInt64, _ total: UInt64, _ unit: Unit, width: Int)
        -> String
    {
        let fraction = total == 0 ? 0 : min(1, Double(done) / Double(total))
        let amount =
            switch unit {
            case .bytes: "\(ByteCount.text(done)) of \(ByteCount.text(total))"
            case .items: "\(done) of \(total)"
            }
        let room = min(40, width - title.count - amount.count - 5)
        guard room >= 8 else { return String("\(title) \(amount)".prefix(width)) }
        let filled = Int(fraction * Double(room))
        return
            "\(title) [\(String(repeating: "#", count: filled))\(String(repeating: ".", count: room - filled))] \(amount)"
    }
}
