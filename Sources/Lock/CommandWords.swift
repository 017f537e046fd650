/// Splits a command line into words by the quoting of the POSIX shell (XCU 2.2). What a shell would do beyond that,
/// such as variables, patterns, pipes and redirections, is refused: nobody would do it, and whoever wrote it counts
/// on it.
enum CommandWords {
    struct Fault: Error {
        let reason: String
    }

    static func split(_ text: String) throws(Fault) -> [String] {
        var words: [String] = []
        var word: [UInt8]?
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x20, 0x09, 0x0a, 0x0d:
                if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
                word = nil
            case UInt8(ascii: "'"):
                guard let end = rest.firstIndex(of: byte) else { throw Fault(reason: "a ' in it has no end") }
                word = (word ?? []) + rest[..<end]
                rest = rest[rest.index(after: end)...]
            case UInt8(ascii: "\""): word = (word ?? []) + (try doubleQuoted(&rest))
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { throw Fault(reason: "a \\ stands at its end") }
                word = (word ?? []) + [next]
            default:
                try refuseShell(byte, startsWord: word == nil)
                word = (word ?? []) + [byte]
            }
        }
        if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
        return words
    }

    private static func doubleQuoted(_ rest: inout Substring.UTF8View) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return bytes
            case UInt8(ascii: "$"), UInt8(ascii: "`"): throw shell(byte)
            case UInt8(ascii: "\\"):
                // Before any other character it stands for itself.
                if let next = rest.first, #"$`"\"#.utf8.contains(next) {
                    bytes.append(next)
                    rest.removeFirst()
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        throw Fault(reason: "a \" in it has no end")
    }

    private static func refuseShell(_ byte: UInt8, startsWord: Bool) throws(Fault) {
        if "|&;<>()$`*?[".utf8.contains(byte) || startsWord && "~#".utf8.contains(byte) { throw shell(byte) }
    }

    private static func shell(_ byte: UInt8) -> Fault {
        Fault(
            reason:
                "no shell runs it that would know what '\(Character(Unicode.Scalar(byte)))' means; put '' around it where it stands for itself, or call a script of yours"
        )
    }
}
