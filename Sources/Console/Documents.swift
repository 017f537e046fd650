import Digests

/// Writes a document to standard output in canonical JSON, characters that could move a terminal's cursor or turn
/// the direction of its text written as `\u001b`: the same document to every reader of JSON.
public func putDocument(_ document: some Encodable) throws {
    put(escapedForTerminals(try CanonicalJSON.encode(document)))
}

/// - Parameter json: what is to be escaped stands in strings: everything else of JSON is plain ASCII.
func escapedForTerminals(_ json: [UInt8]) -> [UInt8] {
    guard json.contains(where: { $0 >= 0x7f }) else { return json }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(json.count + 64)
    for scalar in String(decoding: json, as: UTF8.self).unicodeScalars {
        guard scalar.isUnsafe else {
            bytes.append(contentsOf: UTF8.encode(scalar)!)
            continue
        }
        for unit in UTF16.encode(scalar)! {
            let digits = String(unit, radix: 16)
            bytes.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
        }
    }
    return bytes
}

extension Unicode.Scalar {
    /// As `String.printable` has it, but for the line feed that ends the document.
    fileprivate var isUnsafe: Bool {
        guard value >= 0x7f else { return false }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
