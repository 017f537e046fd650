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

extension Style {
    /// The text without what sets a colour.
    static func plain(_ text: String) -> String {
        guard text.utf8.contains(0x1b) else { return text }
        return text.split(separator: "\u{1b}[", omittingEmptySubsequences: false).enumerated().map {
            index, part in
            guard index > 0, let end = part.firstIndex(of: "m"), part[..<end].allSatisfy(\.isNumber) else {
                return index > 0 ? "\u{1b}[" + part : String(part)
            }
            return String(part[part.index(after: end)...])
        }.joined()
    }
}

/// Writes a line to standard output.
public func put(_ text: String) { Terminal.write(text + "\n", to: 1) }

public func put(_ bytes: [UInt8]) { Terminal.write(bytes, to: 1) }

extension Terminal {
    static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    fileprivate static func write(_ bytes: [UInt8], to descriptor: Int32) {
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
}
