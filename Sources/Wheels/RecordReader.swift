import Digests

/// Reads the rows of a RECORD from its bytes.
struct RecordReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var line = 1
    private(set) var faults: [WheelError] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private static let mostFaults = 100

    private mutating func fault(_ reason: String, line: Int) {
        if faults.count < Self.mostFaults {
            faults.append(WheelError(.record, "RECORD", "in line \(line), \(reason)"))
        }
    }

    mutating func rows() -> [RecordFile.Row] {
        var rows: [RecordFile.Row] = []
        var seen: Set<ExactText> = []
        rows.reserveCapacity(bytes.count / 80)
        seen.reserveCapacity(bytes.count / 80)
        while position < bytes.count {
            let start = line
            guard let fields = fields() else { return rows }
            if fields.count == 1, fields[0].isEmpty { continue }
            guard let row = row(fields, line: start) else { continue }
            if !seen.insert(ExactText(row.path)).inserted {
                fault("'\(WheelError.excerpt(row.path))' is listed again", line: start)
            }
            rows.append(row)
        }
        return rows
    }

    /// One field of a row: its place in the bytes, or its unquoted content.
    private enum Field {
        case plain(Range<Int>)
        case quoted([UInt8])

        var isEmpty: Bool {
            switch self {
            case .plain(let range): range.isEmpty
            case .quoted: false
            }
        }
    }

    /// The fields of the next line; nil after a fault behind which nothing can be told apart.
    private mutating func fields() -> [Field]? {
        var fields: [Field] = []
        while true {
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                guard let content = quoted() else { return nil }
                fields.append(.quoted(content))
            } else {
                let start = position
                while position < bytes.count, bytes[position] != UInt8(ascii: ","), bytes[position] != 0x0a {
                    position += 1
                }
                var end = position
                if end > start, bytes[end - 1] == 0x0d, position == bytes.count || bytes[position] == 0x0a {
                    end -= 1
                }
                fields.append(.plain(start..<end))
            }
            if position == bytes.count { return fields }
            position += 1
            if bytes[position - 1] == 0x0a {
                line += 1
                return fields
            }
        }
    }

    private mutating func quoted() -> [UInt8]? {
        let start = line
        var content: [UInt8] = []
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x0a { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                content.append(byte)
                continue
            }
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                content.append(byte)
                position += 1
                continue
            }
            if position < bytes.count, bytes[position] == 0x0d { position += 1 }
            if position == bytes.count || bytes[position] == UInt8(ascii: ",") || bytes[position] == 0x0a {
                return content
            }
            fault("something follows a closing quote", line: line)
            return nil
        }
        fault("a quote is never closed", line: start)
        return nil
    }

    private func text(_ field: Field) -> String? {
        switch field {
        case .plain(let range): String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        case .quoted(let content): String(validating: content, as: UTF8.self)
        }
    }

    private mutating func row(_ fields: [Field], line: Int) -> RecordFile.Row? {
        guard fields.count == 3 else {
            fault("there are \(fields.count) columns and not path, digest and size", line: line)
            return nil
        }
        guard let path = text(fields[0]) else {
            fault("the path is not UTF-8", line: line)
            return nil
        }
        guard !path.isEmpty else {
            fault("the path is empty", line: line)
            return nil
        }
        var size: UInt64?
        if !fields[2].isEmpty {
            size = number(fields[2])
            if size == nil {
                fault("the size '\(excerpt(fields[2]))' is no number of bytes", line: line)
                return nil
            }
        }
        if fields[1].isEmpty { return .init(path: path, digest: nil, size: size) }
        guard let digest = digest(fields[1], line: line) else { return nil }
        return .init(path: path, digest: digest, size: size)
    }

    private func withBytes<T>(_ field: Field, _ body: (UnsafeBufferPointer<UInt8>) -> T) -> T {
        switch field {
        case .plain(let range): body(UnsafeBufferPointer(rebasing: bytes[range]))
        case .quoted(let content): content.withUnsafeBufferPointer(body)
        }
    }

    private func excerpt(_ field: Field) -> String {
        WheelError.excerpt(withBytes(field) { String(decoding: $0, as: UTF8.self) })
    }

    /// nil for other characters than digits, and for a number of more than 18.
    private func number(_ field: Field) -> UInt64? {
        withBytes(field) { digits in
            guard !digits.isEmpty, digits.count <= 18, digits.allSatisfy(\.isDigit) else { return nil }
            return digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
        }
    }

    /// The algorithms that are strong enough, with the size of their digest in bytes.
    private static let algorithms: [(name: StaticString, count: Int)] = [
        ("sha256=", 32), ("sha384=", 48), ("sha512=", 64),
    ]

    private mutating func digest(_ field: Field, line: Int) -> RecordFile.Digest? {
        let read: (count: Int, bytes: [UInt8]?)? = withBytes(field) { text in
            for (name, count) in Self.algorithms {
                let length = name.utf8CodeUnitCount
                guard text.starts(with: UnsafeBufferPointer(start: name.utf8Start, count: length)) else {
                    continue
                }
                return (count, Base64URL.decode(ascii: UnsafeBufferPointer(rebasing: text[length...])))
            }
            return nil
        }
        guard let (count, decoded) = read else {
            fault(
                "the digest is '\(excerpt(field))', and one of sha256, sha384 or sha512 is needed", line: line
            )
            return nil
        }
        guard let decoded, decoded.count == count else {
            fault("'\(excerpt(field))' is not \(count) bytes in URL-safe base 64", line: line)
            return nil
        }
        switch count {
        case 32: return .sha256(SHA256Digest(bytes: decoded))
        case 48: return .sha384(decoded)
        default: return .sha512(decoded)
        }
    }
}
