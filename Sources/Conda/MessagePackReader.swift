/// Reads MessagePack where it lies, one item after the other. Nothing is believed of a length that the bytes left
/// do not have.
struct MessagePackReader {
    /// One item; the members of a map or array follow as items of their own.
    enum Item {
        case map(count: Int)
        case array(count: Int)
        case string(UnsafeRawBufferPointer)
        case binary(UnsafeRawBufferPointer)
        case integer(Int64)
        /// More than a signed integer holds.
        case large(UInt64)
        case float(Double)
        case bool(Bool)
        case null
        /// An application's own type.
        case other
    }

    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    func failure(_ reason: String) -> CondaError { CondaError(.messagePack, "byte \(position)", reason) }

    mutating func next() throws(CondaError) -> Item {
        let code = try number(of: UInt8.self)
        switch code {
        case 0x00...0x7f: return .integer(Int64(code))
        case 0x80...0x8f: return .map(count: try count(Int(code & 15), each: 2))
        case 0x90...0x9f: return .array(count: try count(Int(code & 15), each: 1))
        case 0xa0...0xbf: return .string(try take(Int(code & 31)))
        case 0xc0: return .null
        case 0xc2, 0xc3: return .bool(code == 0xc3)
        case 0xc4: return .binary(try take(Int(number(of: UInt8.self))))
        case 0xc5: return .binary(try take(Int(number(of: UInt16.self))))
        case 0xc6: return .binary(try take(Int(number(of: UInt32.self))))
        case 0xc7: return try other(Int(number(of: UInt8.self)))
        case 0xc8: return try other(Int(number(of: UInt16.self)))
        case 0xc9: return try other(Int(number(of: UInt32.self)))
        case 0xca: return .float(Double(Float(bitPattern: try number(of: UInt32.self))))
        case 0xcb: return .float(Double(bitPattern: try number(of: UInt64.self)))
        case 0xcc: return .integer(Int64(try number(of: UInt8.self)))
        case 0xcd: return .integer(Int64(try number(of: UInt16.self)))
        case 0xce: return .integer(Int64(try number(of: UInt32.self)))
        case 0xcf:
            let value = try number(of: UInt64.self)
            return Int64(exactly: value).map { .integer($0) } ?? .large(value)
        case 0xd0: return .integer(Int64(Int8(bitPattern: try number(of: UInt8.self))))
        case 0xd1: return .integer(Int64(Int16(bitPattern: try number(of: UInt16.self))))
        case 0xd2: return .integer(Int64(Int32(bitPattern: try number(of: UInt32.self))))
        case 0xd3: return .integer(Int64(bitPattern: try number(of: UInt64.self)))
        case 0xd4...0xd8: return try other(1 << Int(code - 0xd4))
        case 0xd9: return .string(try take(Int(number(of: UInt8.self))))
        case 0xda: return .string(try take(Int(number(of: UInt16.self))))
        case 0xdb: return .string(try take(Int(number(of: UInt32.self))))
        case 0xdc: return .array(count: try count(Int(number(of: UInt16.self)), each: 1))
        case 0xdd: return .array(count: try count(Int(number(of: UInt32.self)), each: 1))
        case 0xde: return .map(count: try count(Int(number(of: UInt16.self)), each: 2))
        case 0xdf: return .map(count: try count(Int(number(of: UInt32.self)), each: 2))
        case 0xe0...0xff: return .integer(Int64(Int8(bitPattern: code)))
        default: throw failure("no item begins like this")
        }
    }

    mutating func key() throws(CondaError) -> UnsafeRawBufferPointer {
        guard case .string(let key) = try next() else { throw failure("a key is no string") }
        return key
    }

    /// Passes over an item with all that belongs to it.
    mutating func skip() throws(CondaError) {
        var left = 1
        while left > 0 {
            left -= 1
            switch try next() {
            case .map(let count): left += 2 * count
            case .array(let count): left += count
            default: break
            }
        }
    }

    func finish() throws(CondaError) {
        guard position == bytes.count else { throw failure("more follows its end") }
    }

    private mutating func take(_ count: Int) throws(CondaError) -> UnsafeRawBufferPointer {
        guard count <= bytes.count - position else { throw failure("it ends in the middle") }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    /// Big-endian.
    private mutating func number<Number: FixedWidthInteger>(of type: Number.Type) throws(CondaError)
        -> Number
    {
        Number(bigEndian: try take(MemoryLayout<Number>.size).loadUnaligned(as: Number.self))
    }

    private func count(_ count: Int, each: Int) throws(CondaError) -> Int {
        guard count * each <= bytes.count - position else {
            throw failure("it announces more than the bytes that it has")
        }
        return count
    }

    private mutating func other(_ count: Int) throws(CondaError) -> Item {
        _ = try take(count + 1)
        return .other
    }
}
