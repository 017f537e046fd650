/// `info/about.json`: what a person may want to know of a package. Everything in it is optional.
public struct AboutJSON: Hashable, Sendable {
    public var license: String?
    public var licenseFamily: String?
    public var summary: String?
    public var description: String?
    public var home: String?
    public var documentation: String?
    /// Where its source is developed.
    public var development: String?

    public init() {}

    /// - Throws: for what is no JSON object. A field of an unexpected kind counts as not stated, for packages
    ///   of every age carry lists, numbers and null here, and nothing is decided by them.
    public init(json: [UInt8]) throws(CondaError) {
        var about = AboutJSON()
        do throws(CondaError) {
            try json.withUnsafeBytes { bytes throws(CondaError) in
                var scanner = JSONScanner(bytes)
                try scanner.object { (scanner, key) throws(CondaError) in
                    switch key {
                    case "license": about.license = try scanner.looseText()
                    case "license_family": about.licenseFamily = try scanner.looseText()
                    case "summary": about.summary = try scanner.looseText()
                    case "description": about.description = try scanner.looseText()
                    case "home": about.home = try scanner.looseText()
                    case "doc_url": about.documentation = try scanner.looseText()
                    case "dev_url": about.development = try scanner.looseText()
                    default: _ = try scanner.skip()
                    }
                }
                try scanner.finish()
            }
        } catch {
            throw CondaError(.metadata, "info/about.json", error.asCause)
        }
        self = about
    }
}

extension JSONScanner {
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
