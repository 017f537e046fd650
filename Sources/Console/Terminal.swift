import Glibc

/// What standard output and standard error are, and whether they take colours.
public enum Terminal {
    public static let outputIsTerminal = isatty(1) == 1
    public static let errorIsTerminal = isatty(2) == 1
    public static let inputIsTerminal = isatty(0) == 1

    /// Colours on standard output: only on a terminal, and not where NO_COLOR is set (no-color.org).
    public static let hasColor =
        outputIsTerminal && environment("NO_COLOR").isEmpty && environment("TERM") != "dumb"

    /// Columns of the terminal; 80 where that is not told.
    public static var width: Int {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    static func environment(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
}

/// Words on standard output in a colour, where it takes one.
public enum Style: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"

    public func callAsFunction(_ text: String) -> String {
        Terminal.hasColor ? "\u{1b}[\(rawValue)m\(text)\u{1b}[0m" : text
    }
}

/// Writes a line to standard error, where words and progress go; standard output is for results.
public func say(_ text: String) { write(text + "\n", to: 2) }

/// Writes a line to standard output.
public func put(_ text: String) { write(text + "\n", to: 1) }

public func put(_ bytes: [UInt8]) { write(bytes, to: 1) }

private func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

private func write(_ bytes: [UInt8], to descriptor: Int32) {
    var done = 0
    while done < bytes.count {
        let count = bytes.withUnsafeBytes {
            Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done)
        }
        if count < 0 {
            if errno == EINTR { continue }
            return
        }
        done += count
    }
}
