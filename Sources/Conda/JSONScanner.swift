import Digests
import Glibc

/// Reads JSON (RFC 8259) where it lies, one token after the other: nothing that is passed over is decoded.
///
/// Numbers other than integers are only passed over. Nesting is limited, so that a hostile document cannot
/// exhaust the stack. The bytes must stay where they are while the scanner is used.
public struct JSONScanner {
    let bytes: UnsafeRawBufferPointer
    /// Offset of the next byte.
    public internal(set) var position: Int
    static let deepest = 128

    public init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// What kind of value comes next.
    public enum Token: Hashable, Sendable { case object, array, string, number, bool, null }

    public func failure(_ reason: String) -> CondaError {
        CondaError(.json, "byte \(position)", reason)
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func peek() throws(CondaError) -> UInt8 {
        skipSpace()
        guard position < bytes.count else { throw failure("it ends in the middle") }
        return bytes[position]
    }

    private mutating func expect(_ byte: UInt8) throws(CondaError) {
        guard try peek() == byte else {
            throw failure("'\(UnicodeScalar(byte))' is expected")
        }
        position += 1
    }

    public mutating func token() throws(CondaError) -> Token {
        switch try peek() {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), 0x30...0x39: return .number
        default: throw failure("no value begins like this")
        }
    }

    /// Visits the members of an object; `visit` must read or skip the value.
    public mutating func object(
        _ visit: (inout JSONScanner, JSONKey) throws(CondaError) -> Void
    ) throws(CondaError) {
        try expect(UInt8(ascii: "{"))
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return
        }
        while true {
            let key = JSONKey(raw: try rawString())
            try expect(UInt8(ascii: ":"))
            try visit(&self, key)
            if try peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            return try expect(UInt8(ascii: "}"))
        }
    }

    /// Visits the elements of an array; `visit` must read or skip each.
    public mutating func array(_ visit: (inout JSONScanner) throws(CondaError) -> Void) throws(CondaError) {
        try expect(UInt8(ascii: "["))
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return
        }
        while true {
            try visit(&self)
            if try peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            return try expect(UInt8(ascii: "]"))
        }
    }

    /// The bytes between the quotes, escapes not undone.
    private mutating func rawString() throws(CondaError) -> UnsafeRawBufferPointer {
        try expect(UInt8(ascii: "\""))
        let start = position
        guard let base = bytes.baseAddress else { throw failure("it ends in the middle") }
        while true {
            guard position < bytes.count,
                let found = memchr(base + position, 0x22, bytes.count - position)
            else { throw failure("a string does not end") }
            let end = UnsafeRawPointer(found) - base
            // A quote is part of the string where an odd number of backslashes stands before it.
            var slashes = 0
            while end - slashes > start, bytes[end - slashes - 1] == UInt8(ascii: "\\") { slashes += 1 }
            position = end + 1
            if slashes % 2 == 0 { return UnsafeRawBufferPointer(rebasing: bytes[start..<end]) }
        }
    }

    /// A string as it stands in the document.
    mutating func key() throws(CondaError) -> JSONKey { JSONKey(raw: try rawString()) }

    mutating func colon() throws(CondaError) { try expect(UInt8(ascii: ":")) }

    mutating func comma() throws(CondaError) { try expect(UInt8(ascii: ",")) }

    public mutating func string() throws(CondaError) -> String {
        guard try token() == .string else { throw failure("a string is expected") }
        let raw = try rawString()
        guard let text = JSONKey(raw: raw).text else { throw failure("a string in it is no valid text") }
        return text
    }

    /// nil for `null`.
    public mutating func optionalString() throws(CondaError) -> String? {
        if try token() == .null {
            try skip()
            return nil
        }
        return try string()
    }

    /// An array of strings; `null` is an empty one.
    public mutating func strings() throws(CondaError) -> [String] {
        if try token() == .null {
            try skip()
            return []
        }
        var result: [String] = []
        try array { (scanner) throws(CondaError) in result.append(try scanner.string()) }
        return result
    }

    /// A whole number that fits 64 bits.
    public mutating func integer() throws(CondaError) -> Int64 {
        guard try token() == .number else { throw failure("a number is expected") }
        let start = position
        try skip()
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let value = Int64(text) { return value }
        // Python writes whole numbers of seconds as 1.0 now and then.
        if let value = Double(text), value.magnitude < 9e15, value == value.rounded() { return Int64(value) }
        throw CondaError(.json, text, "it is no whole number of 64 bits")
    }

    public mutating func bool() throws(CondaError) -> Bool {
        guard try token() == .bool else { throw failure("true or false is expected") }
        let value = bytes[position] == UInt8(ascii: "t")
        try skip()
        return value
    }

    /// Passes over one value, whatever it is.
    /// - Returns: where it lies.
    @discardableResult
    public mutating func skip() throws(CondaError) -> Range<Int> {
        let first = try peek()
        let start = position
        switch first {
        case UInt8(ascii: "\""): _ = try rawString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipContainer()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        case UInt8(ascii: "-"), 0x30...0x39:
            position += 1
            while position < bytes.count, Self.isPartOfNumber(bytes[position]) { position += 1 }
        default: throw failure("no value begins like this")
        }
        return start..<position
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "e")
            || byte == UInt8(ascii: "E") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }

    private mutating func word(_ word: StaticString) throws(CondaError) {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count, let base = bytes.baseAddress,
            memcmp(base + position, word.utf8Start, count) == 0
        else { throw failure("no value begins like this") }
        position += count
    }

    /// Nothing but white space may follow the document.
    public mutating func finish() throws(CondaError) {
        skipSpace()
        guard position == bytes.count else { throw failure("more follows its end") }
    }
}
