import Failures

/// Variables that an activated environment sets: those of packages (`etc/conda/env_vars.d/*.json`) and those of the
/// environment (`conda-meta/state`), which win (CEP 32).
public struct EnvironmentVariables: Hashable, Sendable {
    /// The value by which conda keeps a variable from being set.
    public static let unset = "***unset***"

    public private(set) var values: [String: String]

    public init(_ values: [String: String] = [:]) { self.values = values }

    /// Reads one document of `env_vars.d`: an object of strings. Numbers and booleans count as their text.
    /// - Throws: for what is no such document, and for a name that no shell takes for a variable's: it becomes
    ///   part of a script.
    public init(packageJSON: [UInt8], file: String) throws(CondaError) {
        values = try Self.read(packageJSON, file: file) { (scanner, values) throws(CondaError) in
            try Self.variables(&scanner, into: &values)
        }
    }

    /// Reads `conda-meta/state`.
    public init(stateJSON: [UInt8], file: String = "conda-meta/state") throws(CondaError) {
        values = try Self.read(stateJSON, file: file) { (scanner, values) throws(CondaError) in
            try scanner.object { (scanner, key) throws(CondaError) in
                switch key {
                case "env_vars": try Self.variables(&scanner, into: &values)
                default: try scanner.skip()
                }
            }
        }
    }

    /// Takes over what a later document says. Documents are taken in the order of their names' code points.
    public mutating func merge(_ other: EnvironmentVariables) {
        values.merge(other.values) { _, later in later }
    }

    /// Those to set, sorted by name.
    public var assignments: [(name: String, value: String)] {
        values.filter { $0.value != Self.unset }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The text of `conda-meta/state`.
    public func stateJSON() -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.object("env_vars") { writer in
                for (name, value) in values.sorted(by: { $0.key < $1.key }) { writer.field(name, value) }
            }
        }
        return writer.bytes + [0x0a]
    }

    /// Letters, digits and underscores, no digit first (POSIX).
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39 ~= first) else { return false }
        return text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
        }
    }

    private static func read(
        _ bytes: [UInt8], file: String,
        _ body: (inout JSONScanner, inout [String: String]) throws(CondaError) -> Void
    ) throws(CondaError) -> [String: String] {
        var values: [String: String] = [:]
        do throws(CondaError) {
            try JSONScanner.read(bytes) { (scanner) throws(CondaError) in
                try body(&scanner, &values)
            }
        } catch {
            throw CondaError(.metadata, file, error.asCause)
        }
        return values
    }

    private static func variables(
        _ scanner: inout JSONScanner, into values: inout [String: String]
    ) throws(CondaError) {
        try scanner.object { (scanner, key) throws(CondaError) in
            guard let name = key.text, isName(name) else {
                throw scanner.failure(
                    "'\((key.text ?? "?").prefix(80))' is no name of an environment variable")
            }
            switch try scanner.token() {
            case .string: values[name] = try scanner.string()
            case .number: values[name] = String(try scanner.integer())
            case .bool: values[name] = try scanner.bool() ? "True" : "False"
            default: throw scanner.failure("the value of \(name) is no text")
            }
            if values[name]?.utf8.contains(0) == true {
                throw scanner.failure("the value of \(name) holds a NUL")
            }
        }
    }
}
