/// A value and its MessagePack, each in the shortest form.
public indirect enum MessagePackValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral, Sendable
{
    case text(String)
    case binary([UInt8])
    case number(Int)
    case list([MessagePackValue])
    case map([(String, MessagePackValue)])
    case null

    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int) { self = .number(value) }
    public init(arrayLiteral elements: MessagePackValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, MessagePackValue)...) { self = .map(elements) }
    public init(nilLiteral: ()) { self = .null }

    public var bytes: [UInt8] {
        switch self {
        case .null: return [0xc0]
        case .text(let text):
            let bytes = Array(text.utf8)
            return Self.head(bytes.count, short: 0xa0, below: 32, long: 0xda) + bytes
        case .binary(let bytes): return [0xc5] + Self.big(bytes.count, 2) + bytes
        case .number(let value):
            return 0..<128 ~= value ? [UInt8(value)] : [0xd3] + Self.big(value, 8)
        case .list(let items):
            return Self.head(items.count, short: 0x90, below: 16, long: 0xdc) + items.flatMap(\.bytes)
        case .map(let items):
            return Self.head(items.count, short: 0x80, below: 16, long: 0xde)
                + items.flatMap { MessagePackValue.text($0.0).bytes + $0.1.bytes }
        }
    }

    private static func head(_ count: Int, short: UInt8, below: Int, long: UInt8) -> [UInt8] {
        count < below ? [short | UInt8(count)] : [long] + big(count, 2)
    }

    private static func big(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
