import Bundle
import Glibc
import Synchronization

/// A bar on standard error, drawn at most ten times a second and only on a terminal.
public final class ProgressBar: Sendable {
    private struct State {
        var title: String
        var total: UInt64
        var done: UInt64 = 0
        var drawn = timespec()
        var width = 0
        var unit: Unit
    }

    public enum Unit: Sendable { case bytes, items }

    private let state: Mutex<State>
    private let isVisible: Bool

    public init(_ title: String, total: UInt64, unit: Unit = .bytes, hidden: Bool = false) {
        state = Mutex(State(title: title, total: total, unit: unit))
        isVisible = Terminal.errorIsTerminal && !hidden
    }

    deinit { finish() }

    /// Begins another piece of work in the same line.
    public func restart(_ title: String, total: UInt64, unit: Unit) {
        state.withLock { state in
            state.title = title
            state.total = total
            state.done = 0
            state.unit = unit
            state.drawn = timespec()
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
            guard isVisible, state.width > 0 else { return }
            emit("\r" + String(repeating: " ", count: state.width) + "\r")
            state.width = 0
        }
    }

    private func redraw(_ state: inout State) {
        guard isVisible else { return }
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let elapsed =
            (now.tv_sec - state.drawn.tv_sec) * 1_000 + (now.tv_nsec - state.drawn.tv_nsec) / 1_000_000
        guard elapsed >= 100 else { return }
        state.drawn = now
        let line = Self.line(state.title, state.done, state.total, state.unit, width: Terminal.width - 1)
        let padding = String(repeating: " ", count: max(0, state.width - line.count))
        state.width = line.count
        emit("\r" + line + padding)
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

    private func emit(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(2, $0.baseAddress!, $0.count) }
    }
}
