import Files

/// The part of JSON Schema (draft 2020-12) that docs/schemas uses.
///
/// One thing is stricter here: a key that no schema describes is a fault. Readers are to pass over such keys.
public struct JSONSchemas: Sendable {
    /// By file name.
    public let documents: [String: JSONValue]

    /// - Parameter directory: all of whose files are schemas.
    public init(_ directory: Directory) throws {
        documents = try Dictionary(
            uniqueKeysWithValues: directory.names().map {
                ($0, try JSONValue(directory.contents(of: RelativePath($0))))
            })
    }

    /// What is wrong with a document, each with the place in it.
    public func faults(of value: JSONValue, by file: String) -> [String] {
        guard let schema = documents[file] else { return ["there is no schema \(file)"] }
        return judge(value, schema, file, at: "")
    }

    /// Every key that a schema and those that it refers to describe.
    public func keys(of file: String) -> Set<String> {
        var keys: Set<String> = []
        visit(documents[file] ?? .null, file) { schema in
            if case .object(let properties)? = schema["properties"] { keys.formUnion(properties.keys) }
        }
        return keys
    }

    /// Words of the schemas that are not understood here: what they ask for would not be checked.
    public func unknownWords() -> Set<String> {
        var words: Set<String> = []
        for (file, schema) in documents {
            visit(schema, file) { schema in
                if case .object(let object) = schema { words.formUnion(object.keys) }
            }
        }
        return words.subtracting([
            "$schema", "$id", "$defs", "$ref", "title", "type", "properties", "required", "items", "enum",
            "const", "pattern",
        ])
    }

    private func judge(_ value: JSONValue, _ schema: JSONValue, _ file: String, at place: String) -> [String]
    {
        if case .text(let reference)? = schema["$ref"] {
            guard let (target, home) = resolve(reference, from: file) else {
                return ["\(place): there is no \(reference)"]
            }
            return judge(value, target, home, at: place)
        }
        if let expected = schema["const"], value != expected {
            return ["\(place): \(value) is not \(expected)"]
        }
        if case .list(let values)? = schema["enum"], !values.contains(value) {
            return ["\(place): \(value) is none of \(values)"]
        }
        switch (schema["type"], value) {
        case (nil, _), ("string", .text), ("integer", .number), ("boolean", .bool): return []
        case ("array", .list(let items)):
            guard let schema = schema["items"] else { return ["\(place): items are not described"] }
            return items.enumerated().flatMap { judge($1, schema, file, at: "\(place)[\($0)]") }
        case ("object", .object(let object)):
            return judge(object, schema, file, at: place)
        case (let type?, _): return ["\(place): \(value) is no \(type)"]
        }
    }

    private func judge(
        _ object: [String: JSONValue], _ schema: JSONValue, _ file: String, at place: String
    ) -> [String] {
        guard case .object(let properties)? = schema["properties"],
            case .list(let required)? = schema["required"]
        else { return ["\(place): its keys are not described"] }
        var faults = required.compactMap { key -> String? in
            guard case .text(let key) = key, object[key] == nil else { return nil }
            return "\(place): '\(key)' is missing"
        }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            guard let schema = properties[key] else {
                faults.append("\(place).\(key) is not described")
                continue
            }
            faults += judge(value, schema, file, at: "\(place).\(key)")
        }
        return faults
    }

    private func resolve(_ reference: String, from file: String) -> (JSONValue, String)? {
        let parts = reference.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        let home = parts[0].isEmpty ? file : parts[0]
        var value = documents[home]
        for step in parts.dropFirst().joined().split(separator: "/") { value = value?[String(step)] }
        return value.map { ($0, home) }
    }

    /// The schema, and each below it.
    private func visit(_ schema: JSONValue, _ file: String, _ body: (JSONValue) -> Void) {
        body(schema)
        if case .text(let reference)? = schema["$ref"], let (target, home) = resolve(reference, from: file) {
            visit(target, home, body)
        }
        if let items = schema["items"] { visit(items, file, body) }
        if case .object(let properties)? = schema["properties"] {
            for property in properties.values { visit(property, file, body) }
        }
    }
}
