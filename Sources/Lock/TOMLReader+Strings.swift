extension TOMLReader {
    /// Whether three quotes stand here.
    var startsMultiline: Bool {
        let run = bytes[position...].prefix(3)
        return run.count == 3 && run.allSatisfy { $0 == bytes[position] }
    }

    /// A basic or literal string of one line.
    mutating func string() throws(LockError) -> String {
        let quote = bytes[position]
        position += 1
        var text: [UInt8] = []
        while let byte = current {
            if byte < 32 && byte != 9 || byte == 127 {
                throw failure(
                    byte == 10 || byte == 13
                        ? "a string has no closing quote" : "a string holds a control character")
            }
            position += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                text += try escape()
            } else {
                text.append(byte)
            }
        }
        throw failure("a string has no closing quote")
    }

    /// A basic or literal string between three quotes.
    mutating func multilineString() throws(LockError) -> String {
        let start = line
        let quote = bytes[position]
        position += 3
        _ = takeNewline()
        var text: [UInt8] = []
        while let byte = current {
            if byte == quote, startsMultiline {
                position += 3
                // Up to two quotes may stand right before the closing three.
                for _ in 0..<2 where take(quote) { text.append(quote) }
                return String(decoding: text, as: UTF8.self)
            }
            if takeNewline() {
                text.append(10)
                continue
            }
            if byte < 32 && byte != 9 || byte == 127 { throw failure("a string holds a control character") }
            position += 1
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                if !skipsLineEnd() { text += try escape() }
            } else {
                text.append(byte)
            }
        }
        throw LockError(
            file: file, line: start, reason: "it is not valid TOML: a string has no closing quotes")
    }

    /// A backslash at the end of a line takes the line's end and all white space after it away.
    private mutating func skipsLineEnd() -> Bool {
        let start = position
        skipSpace()
        guard takeNewline() else {
            position = start
            return false
        }
        repeat { skipSpace() } while takeNewline()
        return true
    }

    private mutating func escape() throws(LockError) -> [UInt8] {
        guard let byte = current else { throw failure("a string has no closing quote") }
        position += 1
        switch byte {
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = byte == UInt8(ascii: "u") ? 4 : 8
            let digits = bytes[position...].prefix(count)
            let isHex = digits.count == count && digits.allSatisfy { Self.isHexDigit($0) }
            guard isHex, let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(number)
            else { throw failure("an escape names no Unicode character") }
            guard number != 0 else { throw failure("a string holds a NUL character") }
            position += count
            return Array(String(Character(scalar)).utf8)
        default:
            throw failure(
                "a string has the unknown escape '\\\(Character(Unicode.Scalar(byte)))'; write '\\\\' for a backslash"
            )
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
