/// Reads TOML 1.0 into nodes. This reader is our own, since it gives the line of every value, and since what
/// there is for Swift ends the process on some malformed documents.
struct TOMLReader {
    /// No spec has more levels of keys or values.
    static let depthLimit = 32

    let bytes: [UInt8]
    let file: String
    var position = 0
    var line = 1
    var depth = 0

    init(_ text: String, file: String) {
        bytes = Array(text.utf8)
        self.file = file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func failure(_ reason: String) -> LockError {
        LockError(file: file, line: line, reason: "it is not valid TOML: \(reason)")
    }

    /// What stands here, for an error.
    var here: String {
        guard let byte = current else { return "the end of the file" }
        if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return "the end of the line" }
        let text = String(decoding: bytes[position...].prefix(8), as: UTF8.self)
        guard let character = text.first, byte >= 32, byte != 127 else { return "a control character" }
        return "'\(character)'"
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool { take(UInt8(ascii: character)) }

    mutating func skipSpace() {
        while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { position += 1 }
    }

    /// A line feed, alone or after a carriage return.
    mutating func takeNewline() -> Bool {
        let length = bytes[position...].starts(with: [13, 10]) ? 2 : current == 10 ? 1 : 0
        position += length
        line += length > 0 ? 1 : 0
        return length > 0
    }

    mutating func skipComment() throws(LockError) {
        guard current == UInt8(ascii: "#") else { return }
        while let byte = current, byte != 10, !bytes[position...].starts(with: [13, 10]) {
            if byte < 32 && byte != 9 || byte == 127 { throw failure("a comment holds a control character") }
            position += 1
        }
    }

    mutating func document() throws(LockError) -> TOMLNode {
        let root = TOMLTableBuilder(origin: .header, line: 1)
        var table = root
        while true {
            skipSpace()
            try skipComment()
            if takeNewline() { continue }
            guard let byte = current else { break }
            if byte == UInt8(ascii: "[") {
                table = try header(in: root)
            } else {
                try pair(into: table)
            }
            skipSpace()
            try skipComment()
            guard current == nil || takeNewline() else {
                throw failure("the end of the line is expected and not \(here)")
            }
        }
        return root.node
    }

    /// `[a.b]` or `[[a.b]]`.
    private mutating func header(in root: TOMLTableBuilder) throws(LockError) -> TOMLTableBuilder {
        position += 1
        let isArray = take("[")
        let keys = try dottedKey()
        guard take("]"), !isArray || take("]") else {
            throw failure("'\(isArray ? "]]" : "]")' is expected after a table's name and not \(here)")
        }
        do throws(TOMLTableBuilder.Conflict) {
            return try root.open(keys, isArray: isArray, line: line)
        } catch {
            throw failure(error.reason)
        }
    }

    /// `key = value`.
    mutating func pair(into table: TOMLTableBuilder) throws(LockError) {
        let start = line
        let keys = try dottedKey()
        guard take("=") else { throw failure("'=' is expected after a key and not \(here)") }
        skipSpace()
        let value = try value().value
        do throws(TOMLTableBuilder.Conflict) {
            try table.set(keys, to: TOMLNode(value: value, line: start), line: start)
        } catch {
            throw LockError(file: file, line: start, reason: "it is not valid TOML: \(error.reason)")
        }
    }

    /// One key or several with dots between; white space around each is skipped.
    private mutating func dottedKey() throws(LockError) -> [String] {
        var keys: [String] = []
        repeat {
            if keys.count == Self.depthLimit {
                throw failure("a key has more than \(Self.depthLimit) parts")
            }
            skipSpace()
            if current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") {
                guard !startsMultiline else { throw failure("a key cannot be a string of several lines") }
                keys.append(try string())
            } else {
                let start = position
                while let byte = current, Self.isBare(byte) { position += 1 }
                guard position > start else { throw failure("a key is expected and not \(here)") }
                keys.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            skipSpace()
        } while take(".")
        return keys
    }

    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
