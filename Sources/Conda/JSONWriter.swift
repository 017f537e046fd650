import Digests

/// Writes JSON (RFC 8259) as conda lays it out: two spaces a level, a line a value, non-ASCII as it is.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private var depth = 0
    private var isFirst = true

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    private mutating func newLine() {
        bytes.append(0x0a)
        bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
    }

    private mutating func separate() {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        if depth > 0 { newLine() }
        isFirst = false
    }

    private mutating func container(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
        bytes.append(open)
        depth += 1
        isFirst = true
        body(&self)
        depth -= 1
        if !isFirst { newLine() }
        bytes.append(close)
        isFirst = false
    }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        container(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    mutating func object(_ key: StaticString, _ body: (inout JSONWriter) -> Void) {
        self.key(key)
        object(body)
    }

    mutating func array<Element>(
        _ key: StaticString, _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        self.key(key)
        container(UInt8(ascii: "["), UInt8(ascii: "]")) { writer in
            for element in elements {
                writer.separate()
                body(&writer, element)
            }
        }
    }

    mutating func field(_ key: StaticString, _ text: String) {
        self.key(key)
        string(text)
    }

    mutating func field(_ key: StaticString, _ digest: SHA256Digest) {
        self.key(key)
        bytes.append(UInt8(ascii: "\""))
        Hex.append(digest.bytes, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func field(_ key: StaticString, _ number: some BinaryInteger) {
        self.key(key)
        bytes.append(contentsOf: String(number).utf8)
    }

    mutating func field(_ key: StaticString, _ flag: Bool) {
        self.key(key)
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    }

    mutating func null(_ key: StaticString) {
        self.key(key)
        bytes.append(contentsOf: "null".utf8)
    }

    mutating func field(_ key: StaticString, _ texts: [String]) {
        array(key, texts) { writer, text in writer.string(text) }
    }

    mutating func field(_ key: String, _ text: String) {
        separate()
        string(key)
        bytes.append(contentsOf: ": ".utf8)
        string(text)
    }

    /// A key with nothing in it to escape.
    private mutating func key(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(contentsOf: "\": ".utf8)
    }

    mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            if utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: utf8)
            } else {
                for byte in utf8 { escape(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
        case 0x0a: bytes += Array("\\n".utf8)
        case 0x09: bytes += Array("\\t".utf8)
        case ..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }
}
