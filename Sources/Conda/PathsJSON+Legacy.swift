import Failures

extension PathsJSON {
    /// Reads the lists of packages from before `paths.json`: `info/files` (a path a line), `info/has_prefix`
    /// (a path, or placeholder, mode and path, each quoted where it holds spaces) and `info/no_link`.
    /// - Parameter file: how sentences name it: the archive's name, where that is known.
    /// - Throws: every fault at once.
    public init(
        files: [UInt8], hasPrefix: [UInt8]? = nil, noLink: [UInt8]? = nil, file: String = "info/files"
    ) throws(FailureList) {
        var collector = PathsCollector(file: file, subject: .files, capacity: files.count / 40)
        var placeholders: [PathKey: Placeholder] = [:]
        for line in Self.lines(hasPrefix ?? [], "has_prefix", &collector) {
            guard let (path, placeholder) = Self.placeholder(line) else {
                collector.fault(
                    "has_prefix says '\(line.prefix(200).description.printable)', and not a path, or placeholder, mode and path"
                )
                continue
            }
            placeholders[PathKey(path)] = placeholder
        }
        let unshared = Set(Self.lines(noLink ?? [], "no_link", &collector).map(PathKey.init))
        for path in Self.lines(files, "files", &collector) {
            let key = PathKey(path)
            collector.add(
                Entry(path: path, noLink: unshared.contains(key), placeholder: placeholders[key]))
        }
        self = try collector.result(.legacyFiles)
    }

    /// Lines without white space around them; empty ones and comments are passed over, as conda does.
    private static func lines(
        _ bytes: [UInt8], _ name: String, _ collector: inout PathsCollector
    ) -> [String] {
        var lines: [String] = []
        for line in bytes.split(separator: 0x0a) {
            let trimmed = trimmed(line)
            guard let first = trimmed.first, first != UInt8(ascii: "#") else { continue }
            guard let text = String(validating: trimmed, as: UTF8.self) else {
                collector.fault(
                    "a line of \(name) is not UTF-8: '\(String(decoding: trimmed, as: UTF8.self))'")
                continue
            }
            lines.append(text)
        }
        return lines
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
        var line = line
        while let first = line.first, isSpace(first) { line.removeFirst() }
        while let last = line.last, isSpace(last) { line.removeLast() }
        return line
    }

    /// nil for a line that is neither form.
    private static func placeholder(_ line: String) -> (path: String, Placeholder)? {
        var rest = Substring(line)
        var words: [String] = []
        while let first = rest.utf8.first {
            if first == 0x20 || first == 0x09 {
                rest.removeFirst()
            } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
                guard let close = rest.utf8.dropFirst().firstIndex(of: first) else { return nil }
                words.append(String(rest[rest.utf8.index(after: rest.startIndex)..<close]))
                rest = rest[rest.utf8.index(after: close)...]
            } else {
                let end = rest.utf8.firstIndex { $0 == 0x20 || $0 == 0x09 } ?? rest.endIndex
                words.append(String(rest[..<end]))
                rest = rest[end...]
            }
        }
        switch words.count {
        case 1: return (words[0], Placeholder(Placeholder.legacyText, .text))
        case 3:
            guard let mode = Placeholder.Mode(rawValue: words[1]) else { return nil }
            return (words[2], Placeholder(words[0], mode))
        default: return nil
        }
    }
}
