/// Where each key and array element of a TOML document stands: the parser in use gives positions of errors
/// only. Expects a document that has been parsed already, and forgives what the parser would not.
///
/// A path is the keys from the root, with `[n]` for the n-th element of an array.
struct TOMLLines {
    private(set) var lines: [[String]: Int] = [:]
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        var table: [String] = []
        var counts: [[String]: Int] = [:]
        while true {
            skipSpace(newlines: true)
            guard let byte = current else { return }
            if byte == UInt8(ascii: "[") {
                position += 1
                let isArray = take(UInt8(ascii: "["))
                table = dottedKey()
                if isArray {
                    let index = counts[table, default: 0]
                    counts[table] = index + 1
                    note(table)
                    table.append("[\(index)]")
                }
                note(table)
                skipLine()
            } else {
                statement(in: table)
                skipLine()
            }
        }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func note(_ path: [String]) {
        if lines[path] == nil { lines[path] = line }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace(newlines: Bool) {
        while let byte = current {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\n") where newlines:
                position += 1
                line += 1
            case UInt8(ascii: "#") where newlines:
                while let byte = current, byte != UInt8(ascii: "\n") {
                    _ = byte
                    position += 1
                }
            default: return
            }
        }
    }

    private mutating func skipLine() {
        while let byte = current {
            position += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                return
            }
        }
    }

    /// key (. key)* = value
    private mutating func statement(in table: [String]) {
        let path = table + dottedKey()
        for length in table.count + 1..<max(path.count, table.count + 1) { note(Array(path[..<length])) }
        note(path)
        skipSpace(newlines: false)
        if take(UInt8(ascii: "=")) { value(at: path) }
    }

    private mutating func dottedKey() -> [String] {
        var keys: [String] = []
        while true {
            skipSpace(newlines: false)
            guard let byte = current else { return keys }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                keys.append(quoted())
            } else {
                let start = position
                while let byte = current, Self.isBare(byte) { position += 1 }
                if start == position { return keys }
                keys.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            skipSpace(newlines: false)
            if !take(UInt8(ascii: ".")) { return keys }
        }
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private mutating func value(at path: [String]) {
        skipSpace(newlines: false)
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = quoted()
        case UInt8(ascii: "["):
            position += 1
            var index = 0
            while true {
                skipSpace(newlines: true)
                if current == nil || take(UInt8(ascii: "]")) { return }
                if take(UInt8(ascii: ",")) { continue }
                let element = path + ["[\(index)]"]
                note(element)
                let before = position
                value(at: element)
                if position == before { return }
                index += 1
            }
        case UInt8(ascii: "{"):
            position += 1
            while true {
                skipSpace(newlines: true)
                if current == nil || take(UInt8(ascii: "}")) { return }
                if take(UInt8(ascii: ",")) { continue }
                let before = position
                statement(in: path)
                if position == before { return }
            }
        default:
            while let byte = current, !Self.endsValue(byte) { position += 1 }
        }
    }

    private static func endsValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "\n"):
            true
        default: false
        }
    }

    /// A string of any of the four kinds; escapes are undone as far as keys need it.
    private mutating func quoted() -> String {
        let quote = bytes[position]
        let run = bytes[position...].prefix(3)
        let isMultiline = run.count == 3 && run.allSatisfy { $0 == quote }
        position += isMultiline ? 3 : 1
        var text: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case quote:
                if !isMultiline { return String(decoding: text, as: UTF8.self) }
                if bytes[position...].prefix(2).elementsEqual([quote, quote]) {
                    position += 2
                    // Up to two quotes may stand right before the closing three.
                    while take(quote) { text.append(quote) }
                    return String(decoding: text, as: UTF8.self)
                }
                text.append(byte)
            case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""): escape(into: &text)
            case UInt8(ascii: "\n"):
                line += 1
                text.append(byte)
            default: text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape(into text: inout [UInt8]) {
        guard let byte = current else { return }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let digits = bytes[position...].prefix(byte == UInt8(ascii: "u") ? 4 : 8)
            position += digits.count
            if let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            {
                text += Array(String(Character(scalar)).utf8)
            }
        case UInt8(ascii: "\n"): line += 1
        default: text.append(byte)
        }
    }
}
