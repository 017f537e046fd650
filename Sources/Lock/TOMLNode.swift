import TOMLKit

/// A parsed TOML document as a value, each node with its line.
struct TOMLNode {
    enum Value {
        case string(String)
        case integer(Int)
        case boolean(Bool)
        case array([TOMLNode])
        case table([String: TOMLNode])
        /// A kind that no key of a spec has: floating-point numbers, dates and times.
        case other(String)
    }
    let value: Value
    /// Counted from 1.
    let line: Int

    /// What was written, for an error: "the integer 3".
    var found: String {
        switch value {
        case .string(let text): "the string \"\(text)\""
        case .integer(let number): "the integer \(number)"
        case .boolean(let flag): "the boolean \(flag)"
        case .array: "an array"
        case .table: "a table"
        case .other(let kind): kind
        }
    }

    /// Reads a document (TOML 1.0).
    static func read(_ bytes: [UInt8], file: String) throws(LockError) -> TOMLNode {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LockError(file: file, reason: "it is not UTF-8; save it as UTF-8")
        }
        // The parser takes a C string and gives C strings: a NUL would silently end the document or a value.
        for nul in ["\0", "\\u0000", "\\U00000000"] {
            if let place = text.firstRange(of: nul) {
                let line = text[..<place.lowerBound].utf8.count(where: { $0 == UInt8(ascii: "\n") }) + 1
                throw LockError(file: file, line: line, reason: "it contains a NUL character; remove it")
            }
        }
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw LockError(
                file: file, line: error.source.begin.line,
                reason: "it is not valid TOML: \(error.description)")
        } catch {
            throw LockError(file: file, reason: "it is not valid TOML: \(error)")
        }
        return convert(table, at: [], line: 1, lines: TOMLLines(text).lines)
    }

    private static func convert(_ table: TOMLTable, at path: [String], line: Int, lines: [[String]: Int])
        -> TOMLNode
    {
        var fields: [String: TOMLNode] = [:]
        for key in table.keys {
            guard let value = table[key]?.tomlValue else { continue }
            fields[key] = convert(value, at: path + [key], outer: line, lines: lines)
        }
        return TOMLNode(value: .table(fields), line: line)
    }

    private static func convert(_ value: TOMLValue, at path: [String], outer: Int, lines: [[String]: Int])
        -> TOMLNode
    {
        let line = lines[path] ?? outer
        if let table = value.table { return convert(table, at: path, line: line, lines: lines) }
        if let text = value.string { return TOMLNode(value: .string(text), line: line) }
        if let flag = value.bool { return TOMLNode(value: .boolean(flag), line: line) }
        if let number = value.int { return TOMLNode(value: .integer(number), line: line) }
        guard let array = value.array else {
            return TOMLNode(value: .other("a \(value.type.description)"), line: line)
        }
        var elements: [TOMLNode] = []
        for index in 0..<array.count {
            elements.append(
                convert(array[index].tomlValue, at: path + ["[\(index)]"], outer: line, lines: lines))
        }
        return TOMLNode(value: .array(elements), line: line)
    }
}
