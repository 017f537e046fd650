import Digests
import Glibc

/// Reads JSON (RFC 8259) where it lies, one token after the other: nothing that is passed over is decoded.
///
/// Numbers other than integers are only passed over. Nesting is limited, so that a hostile document cannot
/// exhaust the stack. The bytes must stay where they are while the scanner is used.
public struct JSONScanner {
    private let bytes: UnsafeRawBufferPointer
    /// Offset of the next byte.
    public private(set) var position: Int
    private static let deepest = 128

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

    /// Only counts brackets outside of strings: what stands between them is judged when it is read.
    private mutating func skipContainer() throws(CondaError) {
        var open: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                _ = try rawString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard open.count < Self.deepest else { throw failure("it nests deeper than \(Self.deepest)") }
                open.append(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The closing bracket's code is the opening one's plus two.
                guard open.popLast() == byte - 2 else { throw failure("its brackets do not match") }
                if open.isEmpty {
                    position += 1
                    return
                }
            default: break
            }
            position += 1
        }
        throw failure("it ends in the middle")
    }

    /// Nothing but white space may follow the document.
    public mutating func finish() throws(CondaError) {
        skipSpace()
        guard position == bytes.count else { throw failure("more follows its end") }
    }
}

/// A key or string as it stands in a document, escapes not yet undone.
public struct JSONKey {
    public let raw: UnsafeRawBufferPointer

    /// Whether it is this text; one that is written with escapes is decoded first.
    public static func ~= (pattern: StaticString, key: JSONKey) -> Bool {
        let count = pattern.utf8CodeUnitCount
        if key.raw.count == count, let base = key.raw.baseAddress {
            return memcmp(base, pattern.utf8Start, count) == 0
        }
        guard key.raw.count > count, key.raw.contains(UInt8(ascii: "\\")) else {
            return false
        }
        return key.text.map {
            $0.utf8.elementsEqual(UnsafeBufferPointer(start: pattern.utf8Start, count: count))
        }
            ?? false
    }

    /// With escapes undone; nil for bytes that are no UTF-8, bad escapes and control characters.
    public var text: String? {
        var hasEscape = false
        for byte in raw {
            if byte < 0x20 { return nil }
            if byte == UInt8(ascii: "\\") { hasEscape = true }
        }
        guard hasEscape else { return String(validating: raw, as: UTF8.self) }
        return unescaped()
    }

    private func unescaped() -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var index = 0
        func unit(_ at: Int) -> UInt16? {
            guard at + 4 <= raw.count,
                let pair = Hex.decode(String(decoding: raw[at..<at + 4], as: UTF8.self))
            else { return nil }
            return pair.reduce(0) { $0 << 8 | UInt16($1) }
        }
        while index < raw.count {
            let byte = raw[index]
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                index += 1
                continue
            }
            guard index + 1 < raw.count else { return nil }
            index += 2
            switch raw[index - 1] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(raw[index - 1])
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0c)
            case UInt8(ascii: "n"): bytes.append(0x0a)
            case UInt8(ascii: "r"): bytes.append(0x0d)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"):
                guard let high = unit(index) else { return nil }
                index += 4
                var units = [high]
                if UTF16.isLeadSurrogate(high) {
                    guard index + 6 <= raw.count, raw[index] == UInt8(ascii: "\\"),
                        raw[index + 1] == UInt8(ascii: "u"), let low = unit(index + 2)
                    else { return nil }
                    index += 6
                    units.append(low)
                }
                guard let text = String(validating: units, as: UTF16.self) else { return nil }
                bytes.append(contentsOf: text.utf8)
            default: return nil
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
