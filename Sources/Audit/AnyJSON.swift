import Digests

/// Any JSON document as a value, with whatever keys it has.
indirect enum AnyJSON: Codable, Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    /// Anything else than a whole number of 64 bits.
    case fraction(Double)
    case text(String)
    case list([AnyJSON])
    case object([String: AnyJSON])

    /// - Throws: `DecodingError` for what is no JSON.
    static func read(_ bytes: [UInt8]) throws -> AnyJSON {
        try CanonicalJSON.decode(AnyJSON.self, from: bytes)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(value)
        } else if let value = try? container.decode(Double.self) {
            self = .fraction(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([AnyJSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: AnyJSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .fraction(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .object(let fields): try container.encode(fields)
        }
    }
}
