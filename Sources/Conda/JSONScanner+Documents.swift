/// Reading the small documents of packages, which people and tools of many years wrote.
extension JSONScanner {
    /// Reads one whole document.
    static func read<Value>(
        _ bytes: [UInt8], _ body: (inout JSONScanner) throws(CondaError) -> Value
    ) throws(CondaError) -> Value {
        try bytes.withUnsafeBufferPointer { (bytes) throws(CondaError) -> Value in
            var scanner = JSONScanner(UnsafeRawBufferPointer(bytes))
            let value = try body(&scanner)
            try scanner.finish()
            return value
        }
    }

    /// A string that says something; the strings of a list, joined by commas; nil for all else.
    mutating func looseText() throws(CondaError) -> String? {
        var behind = self
        _ = try behind.skip()
        defer { self = behind }
        switch try token() {
        case .string: return (try? string()).flatMap { $0.isEmpty ? nil : $0 }
        case .array: return (try? strings()).flatMap { $0.isEmpty ? nil : $0.joined(separator: ", ") }
        default: return nil
        }
    }

    /// The strings of a list, `null` elements left out; a single string split at commas and spaces.
    mutating func looseStrings() throws(CondaError) -> [String] {
        switch try token() {
        case .string: return try string().split { $0 == "," || $0 == " " }.map(String.init)
        case .array:
            var result: [String] = []
            try array { (scanner) throws(CondaError) in
                if let text = try scanner.optionalString() { result.append(text) }
            }
            return result
        default:
            _ = try skip()
            return []
        }
    }

    /// A whole number, also one written as a string; nil for `null` and for what is neither.
    mutating func looseInteger() throws(CondaError) -> Int64? {
        var behind = self
        _ = try behind.skip()
        defer { self = behind }
        switch try token() {
        case .number: return try? integer()
        case .string: return (try? string()).flatMap { Int64($0) }
        default: return nil
        }
    }
}

extension CondaError {
    /// The error as the cause of another one.
    var asCause: String { subject == .json ? "at \(text), \(reason)" : description }
}
