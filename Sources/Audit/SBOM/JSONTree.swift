/// A JSON document that is written as its source reads. Members without a value are left out.
indirect enum JSONTree: Sendable {
    case absent
    case string(String)
    case number(Int)
    case flag(Bool)
    case array([JSONTree])
    case object([(key: String, value: JSONTree)])

    /// Absent for nil.
    static func text(_ text: String?) -> JSONTree { text.map { .string($0) } ?? .absent }

    /// Absent where there are none.
    static func list(_ values: [JSONTree]) -> JSONTree { values.isEmpty ? .absent : .array(values) }

    /// Canonical bytes, as `CanonicalJSON` has them: keys sorted by their bytes, no white space, UTF-8, `/` not
    /// escaped, one newline at the end.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 << 16)
        write(to: &bytes)
        bytes.append(0x0a)
        return bytes
    }

    private var isAbsent: Bool { if case .absent = self { true } else { false } }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .absent: bytes += Array("null".utf8)
        case .string(let text): Self.write(text, to: &bytes)
        case .number(let number): bytes += Array(String(number).utf8)
        case .flag(let flag): bytes += Array((flag ? "true" : "false").utf8)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            let present = members.filter { !$0.value.isAbsent }
                .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in present.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// RFC 8259: quotation marks, backslashes and control characters are escaped, nothing else.
    private static func write(_ text: String, to bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0a: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case ..<0x20:
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONTree: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONTree)...) {
        self = .object(elements.map { (key: $0.0, value: $0.1) })
    }
}
