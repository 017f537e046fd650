import Digests

/// Writes MessagePack as the JSON document of the same meaning, so that shards of repodata are read by the one
/// reader of repodata: binary becomes hexadecimal text, as digests stand in JSON (CEP 16).
struct MessagePackJSON {
    private var reader: MessagePackReader
    private var json: [UInt8] = []
    private static let deepest = 64

    /// - Throws: `CondaError` for what is no MessagePack, for keys that are no text, and for deep nesting.
    static func transcode(_ bytes: [UInt8]) throws(CondaError) -> [UInt8] {
        var failure: CondaError?
        let json = bytes.withUnsafeBytes { bytes -> [UInt8] in
            var writer = MessagePackJSON(reader: MessagePackReader(bytes))
            writer.json.reserveCapacity(2 * bytes.count)
            do throws(CondaError) {
                try writer.value(depth: 0)
                try writer.reader.finish()
            } catch {
                failure = error
            }
            return writer.json
        }
        if let failure { throw failure }
        return json
    }

    private init(reader: MessagePackReader) { self.reader = reader }

    private mutating func value(depth: Int) throws(CondaError) {
        guard depth <= Self.deepest else { throw reader.failure("it nests deeper than \(Self.deepest)") }
        switch try reader.next() {
        case .map(let count):
            json.append(UInt8(ascii: "{"))
            for number in 0..<count {
                if number > 0 { json.append(UInt8(ascii: ",")) }
                text(try reader.key())
                json.append(UInt8(ascii: ":"))
                try value(depth: depth + 1)
            }
            json.append(UInt8(ascii: "}"))
        case .array(let count):
            json.append(UInt8(ascii: "["))
            for number in 0..<count {
                if number > 0 { json.append(UInt8(ascii: ",")) }
                try value(depth: depth + 1)
            }
            json.append(UInt8(ascii: "]"))
        case .string(let bytes): text(bytes)
        case .binary(let bytes): json += "\"\(Hex.encode(bytes))\"".utf8
        case .integer(let value): json += "\(value)".utf8
        case .large(let value): json += "\(value)".utf8
        case .float(let value): json += (value.isFinite ? "\(value)" : "null").utf8
        case .bool(let value): json += "\(value)".utf8
        case .null, .other: json += "null".utf8
        }
    }

    private mutating func text(_ bytes: UnsafeRawBufferPointer) {
        json.append(UInt8(ascii: "\""))
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
            case 0..<0x20: json += "\\u00\(Hex.encode([byte]))".utf8
            default: json.append(byte)
            }
        }
        json.append(UInt8(ascii: "\""))
    }
}
