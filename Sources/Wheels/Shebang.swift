/// The first line of a script, which makes the kernel start it with an interpreter.
public enum Shebang {
    /// Linux before 5.1 reads 127 bytes of the line, its end included.
    static let longest = 127

    /// The bytes that start a script run by `interpreter`, up to and with a line feed.
    ///
    /// A path with white space, or one too long for the kernel, is started through `/bin/sh`: the lines are
    /// then a command to the shell and a string to Python, as pip and distlib write them.
    ///
    /// No option is added here that shuts out the user's site-packages: an interpreter of a virtual environment
    /// without system site-packages never looks there. For another one the caller adds `-s`.
    /// - Parameter arguments: options for the interpreter, separated by spaces.
    /// - Throws: for a path or option that no quoting can carry through kernel, shell and Python.
    public static func lines(interpreter: String, arguments: String = "") throws(WheelError) -> [UInt8] {
        func refusal(_ reason: String) -> WheelError { WheelError(.launcher, interpreter, reason) }
        guard interpreter.utf8.first == UInt8(ascii: "/") else {
            throw refusal("a script needs the absolute path of its interpreter")
        }
        guard interpreter.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            throw refusal("a script cannot name an interpreter whose path holds a control character")
        }
        let options = trimmed(arguments)
        guard options.utf8.allSatisfy(isPlain) else {
            throw WheelError(
                .launcher, options, "options of an interpreter are letters, digits, spaces and =_.,:+-/")
        }
        let tail = options.isEmpty ? "" : " \(options)"
        let simple = "#!\(interpreter)\(tail)\n"
        if simple.utf8.count <= longest, !interpreter.utf8.contains(where: \.isSpace) {
            return Array(simple.utf8)
        }

        // The path stands in a quoted word of the shell and in a string of Python at once.
        let bytes = interpreter.utf8
        let expands = bytes.contains {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "`")
        }
        let quote = expands ? "'" : "\""
        if bytes.contains(UInt8(ascii: "\\")) || expands && bytes.contains(UInt8(ascii: "'"))
            || interpreter.contains("'''")
        {
            throw refusal(
                "a script cannot carry a path that is longer than \(longest) bytes or has spaces, and has quotes or backslashes too"
            )
        }
        return Array("#!/bin/sh\n'''exec' \(quote)\(interpreter)\(quote)\(tail) \"$0\" \"$@\"\n' '''\n".utf8)
    }

    /// A script of a wheel's `.data/scripts` with its first line made to name `interpreter`; nil where it does
    /// not start with `#!python` (or `#!pythonw`), so that it stays as it is.
    ///
    /// Options after the name are kept. What follows the first line is kept byte for byte; where two lines
    /// take the place of one, a source encoding other than UTF-8 declared in line 2 is no longer seen.
    public static func rewrite(_ script: [UInt8], interpreter: String) throws(WheelError) -> [UInt8]? {
        guard script.starts(with: "#!python".utf8) else { return nil }
        let end = script.firstIndex(of: 0x0a) ?? script.endIndex
        let line = script[..<end]
        let arguments = line.firstIndex { $0 == 0x20 || $0 == 0x09 }.map { line[$0...] } ?? []
        let lines = try lines(interpreter: interpreter, arguments: String(decoding: arguments, as: UTF8.self))
        return lines + script[min(end + 1, script.endIndex)...]
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || byte == 0x20 || "=_.,:+-/".utf8.contains(byte)
    }
}
