/// The header lines of METADATA and WHEEL files (RFC 822 style): names in any case, values continued on
/// lines that start with white space, ended by the first empty line.
struct HeaderFields {
    /// In the order of the file; names in lower case. A continued value keeps its line feeds.
    let fields: [(name: String, value: String)]
    /// What stood where a `Name: value` line belongs.
    let faults: [String]

    init(_ bytes: [UInt8]) {
        var fields: [(name: String, value: String)] = []
        var faults: [String] = []
        var rest = bytes[...]
        if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
            var line = rest[rest.startIndex..<end]
            rest = rest[min(end + 1, rest.endIndex)...]
            if line.last == 0x0d { line.removeLast() }
            guard let first = line.first else { break }
            if first == 0x20 || first == 0x09 {
                let more = String(trimmed(String(decoding: line, as: UTF8.self)))
                if fields.isEmpty {
                    faults.append(more)
                } else {
                    fields[fields.count - 1].value += "\n" + more
                }
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7f })
            else {
                faults.append(String(decoding: line, as: UTF8.self))
                continue
            }
            fields.append(
                (
                    asciiLowered(String(decoding: line[..<colon], as: UTF8.self)),
                    String(trimmed(String(decoding: line[(colon + 1)...], as: UTF8.self)))
                ))
        }
        self.fields = fields
        self.faults = faults
    }

    /// Every value of a field, unfolded to one line each.
    func all(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map { $0.value.split(separator: "\n").joined(separator: " ") }
    }
}
