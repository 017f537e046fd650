extension TOMLReader {
    /// The value that starts here.
    mutating func value() throws(LockError) -> TOMLNode {
        let start = line
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else {
            throw failure("values are nested more than \(Self.depthLimit) deep")
        }
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return TOMLNode(value: .string(try startsMultiline ? multilineString() : string()), line: start)
        case UInt8(ascii: "["): return TOMLNode(value: .array(try array()), line: start)
        case UInt8(ascii: "{"): return TOMLNode(value: try inlineTable(), line: start)
        default: return TOMLNode(value: try bareValue(), line: start)
        }
    }

    private mutating func array() throws(LockError) -> [TOMLNode] {
        position += 1
        var elements: [TOMLNode] = []
        while true {
            try skipLines()
            if take("]") { return elements }
            elements.append(try value())
            try skipLines()
            if take(",") { continue }
            guard take("]") else { throw failure("',' or ']' is expected in an array and not \(here)") }
            return elements
        }
    }

    private mutating func skipLines() throws(LockError) {
        repeat {
            skipSpace()
            try skipComment()
        } while takeNewline()
    }

    private mutating func inlineTable() throws(LockError) -> TOMLNode.Value {
        position += 1
        let table = TOMLTableBuilder(origin: .header, line: line)
        skipSpace()
        if take("}") { return table.node.value }
        while true {
            try pair(into: table)
            skipSpace()
            if take("}") { return table.node.value }
            guard take(",") else {
                throw failure("',' or '}' is expected in an inline table and not \(here)")
            }
        }
    }

    /// A boolean, number, date or time.
    private mutating func bareValue() throws(LockError) -> TOMLNode.Value {
        let start = position
        while let byte = current, Self.isBare(byte) || "+:.".utf8.contains(byte) { position += 1 }
        var text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard !text.isEmpty else { throw failure("a value is expected and not \(here)") }
        if text == "true" { return .boolean(true) }
        if text == "false" { return .boolean(false) }
        if let number = Self.integer(text) { return .integer(number) }
        let digits = "0123456789"
        let unsigned = text.drop { $0 == "+" || $0 == "-" }
        guard unsigned == "inf" || unsigned == "nan" || unsigned.first.map({ digits.contains($0) }) == true
        else {
            throw failure("'\(text)' is no value; a text needs quotes")
        }
        // A date and a time may have one space between them.
        if text.utf8.count == 10, current == UInt8(ascii: " "), position + 1 < bytes.count,
            digits.utf8.contains(bytes[position + 1])
        {
            position += 1
            let time = position
            while let byte = current, Self.isBare(byte) || "+:.".utf8.contains(byte) { position += 1 }
            text += " " + String(decoding: bytes[time..<position], as: UTF8.self)
        }
        return .other(text)
    }

    /// Underscores stand between digits only; no leading zeros; 64 bits.
    private static func integer(_ text: String) -> Int? {
        var digits = text[...]
        let isNegative = digits.first == "-"
        let isSigned = isNegative || digits.first == "+"
        if isSigned { digits = digits.dropFirst() }
        var radix = 10
        for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] where !isSigned && digits.hasPrefix(prefix) {
            radix = base
            digits = digits.dropFirst(2)
        }
        let parts = digits.split(separator: "_", omittingEmptySubsequences: false)
        guard !parts.contains(""), radix != 10 || digits == "0" || digits.first != "0",
            digits.utf8.allSatisfy({ isBare($0) && $0 != UInt8(ascii: "-") })
        else { return nil }
        return Int((isNegative ? "-" : "") + parts.joined(), radix: radix)
    }
}
