/// A TOML document as a value, each node with its line.
struct TOMLNode {
    enum Value {
        case string(String)
        case integer(Int)
        case boolean(Bool)
        case array([TOMLNode])
        case table([String: TOMLNode])
        /// A number, date or time that no key of a spec takes, as it is written.
        case other(String)
    }
    let value: Value
    /// Counted from 1; a key's value has the key's line.
    let line: Int

    /// What was written, for an error: "the integer 3".
    var found: String {
        switch value {
        case .string(let text): "the string \"\(text)\""
        case .integer(let number): "the integer \(number)"
        case .boolean(let flag): "the boolean \(flag)"
        case .array: "an array"
        case .table: "a table"
        case .other(let text): "the value \(text) without quotes"
        }
    }

    /// Reads a document (TOML 1.0). Of numbers that are no integers, dates and times only the characters are
    /// judged, since no key takes one.
    static func read(_ bytes: [UInt8], file: String) throws(LockError) -> TOMLNode {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LockError(file: file, reason: "it is not UTF-8; save it as UTF-8")
        }
        var reader = TOMLReader(text, file: file)
        return try reader.document()
    }
}
