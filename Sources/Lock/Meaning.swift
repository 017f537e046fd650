/// A value written as canonical JSON (sorted keys, no white space, UTF-8), so that it can be digested.
enum Meaning {
    case text(String)
    case number(Int)
    case list([Meaning])
    case record([String: Meaning])

    /// A list of texts in the given order.
    static func texts(_ texts: some Sequence<String>) -> Meaning { .list(texts.map { .text($0) }) }

    var canonicalJSON: String {
        switch self {
        case .text(let text): return Self.quoted(text)
        case .number(let number): return String(number)
        case .list(let items): return "[" + items.map(\.canonicalJSON).joined(separator: ",") + "]"
        case .record(let fields):
            let sorted = fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return "{"
                + sorted.map { Self.quoted($0.key) + ":" + $0.value.canonicalJSON }.joined(separator: ",")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
