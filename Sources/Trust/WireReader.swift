/// Reads the data types of RFC 4251, section 5, from the front of some bytes.
struct WireReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// So many bytes.
    mutating func take(_ count: Int, _ what: String) throws(Malformed) -> [UInt8] {
        guard count <= rest.count else {
            throw Malformed("\(what) is cut off: it has \(count) bytes, and \(rest.count) are there")
        }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func byte(_ what: String) throws(Malformed) -> UInt8 { try take(1, what)[0] }

    mutating func uint32(_ what: String) throws(Malformed) -> UInt32 {
        try take(4, what).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string(_ what: String) throws(Malformed) -> [UInt8] {
        let count = try uint32("the length of \(what)")
        return try take(Int(count), what)
    }

    /// A string that is a name: visible ASCII, as all names of the SSH protocol are (RFC 4251, section 6).
    mutating func name(_ what: String) throws(Malformed) -> String {
        let bytes = try string(what)
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw Malformed("\(what) is no name of visible ASCII characters")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A positive `mpint` without its sign byte. Only the shortest form is read: two texts must not mean one number.
    mutating func positiveNumber(_ what: String) throws(Malformed) -> [UInt8] {
        let bytes = try string(what)
        guard let first = bytes.first else { throw Malformed("\(what) is zero") }
        guard first < 0x80 else { throw Malformed("\(what) is negative") }
        guard first == 0 else { return bytes }
        guard bytes.count > 1, bytes[1] >= 0x80 else {
            throw Malformed("\(what) has a zero byte in front of it")
        }
        return Array(bytes.dropFirst())
    }

    func end(of what: String) throws(Malformed) {
        guard rest.isEmpty else { throw Malformed("\(rest.count) bytes follow after the end of \(what)") }
    }
}
