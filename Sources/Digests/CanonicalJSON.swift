import FoundationEssentials

/// JSON of which the same value always gives the same bytes: sorted keys, no white space, UTF-8, slashes not
/// escaped, one newline at the end. Values hold no floating-point numbers.
public enum CanonicalJSON {
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// The same document for people: indented, keys sorted.
    public static func encodeReadable(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return try Array(encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// - Throws: `DecodingError` for what is no such JSON.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
