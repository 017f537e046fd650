/// The first lines of a script: a shebang, or, where the kernel could not follow one, a header that starts the
/// interpreter from `/bin/sh`.
///
/// conda and rattler start what is not Python with `/usr/bin/env` instead, which finds the interpreter only in an
/// activated environment. The headers here need no activation; where there is none for an interpreter, it is
/// `/usr/bin/env` here too.
enum ScriptHeader {
    /// Linux before 5.1 reads 127 bytes of the line, its end included.
    static let longest = 127

    /// For a script of Python.
    /// - Parameter interpreter: its absolute path.
    static func python(_ interpreter: String) -> [UInt8] {
        (reexecution(of: Array(interpreter.utf8), options: []) ?? Array("#!\(interpreter)".utf8)) + [0x0a]
    }

    /// What must stand in place of `#!interpreter options`, without a line feed at the end; nil where the line
    /// can stay, for the kernel understands it or nothing here could do better.
    static func reexecution(of interpreter: [UInt8], options: [UInt8]) -> [UInt8]? {
        let length = 2 + interpreter.count + (options.isEmpty ? 0 : 1 + options.count) + 1
        let hasSpace = interpreter.contains { $0 == 0x20 || $0 == 0x09 }
        guard length > longest || hasSpace, let path = quoted(interpreter),
            !options.contains(UInt8(ascii: "\\"))
        else { return nil }
        let name = interpreter[(interpreter.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...]
        let start = path + words(options)
        switch Family(name) {
        case .python:
            // To the shell: exec, and a comment. To Python: a string.
            return bytes("#!/bin/sh\n'''exec' ", start, " \"$0\" \"$@\" #'''")
        case .shell:
            // The shell that is started reads the same lines: the variable tells it that it is the one. A
            // process keeps its number over exec, and no other process has it meanwhile.
            return bytes(
                "#!/bin/sh\nif [ \"${AIRLIFT_SHELL-}\" != \"$$\" ]; then AIRLIFT_SHELL=$$; export AIRLIFT_SHELL; exec ",
                start, " \"$0\" \"$@\"; fi; unset AIRLIFT_SHELL")
        case .skipsToItsName:
            // -x passes over everything before a #! line with the interpreter's name, and counts lines from it.
            return bytes("#!/bin/sh\nexec ", start, " -x \"$0\" \"$@\"\n#!")
                + name + (options.isEmpty ? [] : [0x20] + options)
        case .tcl:
            // To Tcl, the backslash makes the next line part of the comment; to the shell it does not.
            return bytes("#!/bin/sh\n# \\\nexec ", start, " \"$0\" \"$@\"")
        case .other:
            return Array("#!/usr/bin/env ".utf8) + name + (options.isEmpty ? [] : [0x20] + options)
        }
    }

    /// How an interpreter can be started by the shell out of its own script.
    private enum Family {
        case python, shell, skipsToItsName, tcl, other

        init(_ name: ArraySlice<UInt8>) {
            let text = String(decoding: name, as: UTF8.self)
            let stem = text.prefix { !("0"..."9" ~= $0) }
            let rest = text[stem.endIndex...]
            guard rest.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == 0x2e || $0 == UInt8(ascii: "t") }) else {
                self = .other
                return
            }
            switch stem {
            case "python", "pythonw", "pypy": self = .python
            case "sh", "bash", "dash", "ash", "ksh", "mksh", "zsh": self = .shell
            case "perl", "ruby": self = .skipsToItsName
            case "tclsh", "wish", "expect": self = .tcl
            default: self = .other
            }
        }
    }

    /// A word of the shell that may also stand in a string of Python; nil for a path that cannot.
    static func quoted(_ path: [UInt8]) -> [UInt8]? {
        if path.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == UInt8(ascii: "\\") }) { return nil }
        let expands = path.contains {
            $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "`")
        }
        if !expands && !path.contains(UInt8(ascii: "'")) {
            return [UInt8(ascii: "\"")] + path + [UInt8(ascii: "\"")]
        }
        guard path.contains(UInt8(ascii: "'")) else { return bytes("'", path, "'") }
        // Three of them would end the string of Python.
        return expands || String(decoding: path, as: UTF8.self).contains("'''")
            ? nil : bytes("\"", path, "\"")
    }

    /// Options, with a space before them. The kernel hands over all of them as one argument; plain ones are split,
    /// since their author expects it.
    private static func words(_ options: [UInt8]) -> [UInt8] {
        if options.isEmpty { return [] }
        let isPlain = options.allSatisfy { byte in
            byte == 0x20 || "=_.,:+-/".utf8.contains(byte) || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
        }
        if isPlain { return [0x20] + options }
        let escaped = options.flatMap { $0 == UInt8(ascii: "'") ? Array("'\"'\"'".utf8) : [$0] }
        return bytes(" '", escaped, "'")
    }

    private static func bytes(_ before: String, _ middle: [UInt8], _ after: String) -> [UInt8] {
        Array(before.utf8) + middle + after.utf8
    }
}
