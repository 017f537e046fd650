import Digests
import Failures

extension PathsJSON {
    /// The largest document that is read, in bytes: about a million paths.
    public static let largestDocument = 256 << 20

    /// Reads `info/paths.json`, version 1.
    /// - Parameter file: how sentences name it: the archive's name, where that is known.
    /// - Throws: every fault at once: text that is no such document, another version, a path that leaves the
    ///   prefix or belongs to the environment's records, a path listed twice, a digest or size that is none.
    public init(json: [UInt8], file: String = "info/paths.json") throws(FailureList) {
        guard json.count <= Self.largestDocument else {
            throw FailureList([CondaError(.paths, file, "it is larger than 256 MiB")])
        }
        var collector = PathsCollector(file: file, capacity: json.count / 250)
        do throws(CondaError) {
            try JSONScanner.read(json) { (scanner) throws(CondaError) in
                try Self.read(&scanner, into: &collector)
            }
        } catch {
            collector.fault(error.asCause)
        }
        self = try collector.result(.paths)
    }

    private static func read(
        _ scanner: inout JSONScanner, into collector: inout PathsCollector
    ) throws(CondaError) {
        var version: Int64?
        var hasPaths = false
        try scanner.object { (scanner, key) throws(CondaError) in
            switch key {
            case "paths_version": version = try scanner.integer()
            case "paths":
                if hasPaths { collector.fault("it has two lists of paths") }
                hasPaths = true
                try scanner.array { (scanner) throws(CondaError) in
                    var draft = EntryDraft()
                    try draft.read(&scanner)
                    draft.finish(&collector)
                }
            default: try scanner.skip()
            }
        }
        if !hasPaths { collector.fault("it has no list of paths") }
        if version != 1 {
            collector.fault(
                "its paths_version is \(version.map(String.init) ?? "missing"), and only version 1 is known here"
            )
        }
    }
}

/// What one object of the list says, before it is judged.
private struct EntryDraft {
    var path: String?
    var kind = PathsJSON.Kind.file
    var sha256: SHA256Digest?
    var size: UInt64?
    var noLink = false
    var placeholder: String?
    var mode = PathsJSON.Placeholder.Mode.text
    var faults: [String] = []

    mutating func read(_ scanner: inout JSONScanner) throws(CondaError) {
        guard try scanner.token() == .object else {
            faults.append("an element of its list is no object")
            try scanner.skip()
            return
        }
        try scanner.object { (scanner, key) throws(CondaError) in try take(key, &scanner) }
    }

    private mutating func take(_ key: JSONKey, _ scanner: inout JSONScanner) throws(CondaError) {
        switch key {
        case "_path":
            if let text = try text(&scanner, "path") { path = text }
        case "path_type":
            guard let text = try text(&scanner, "path_type") else { return }
            if let kind = PathsJSON.Kind(rawValue: text) {
                self.kind = kind
            } else {
                faults.append("'\(text.prefix(40))' is no kind of path that a package can hold")
            }
        case "sha256":
            guard try scanner.token() == .string else {
                if try scanner.token() != .null { faults.append("its sha256 is no text") }
                try scanner.skip()
                return
            }
            let digits = try scanner.key()
            sha256 = SHA256Digest(hexASCII: digits.raw)
            if sha256 == nil {
                faults.append("'\(digits.text?.prefix(80) ?? "")' is no SHA-256 in hexadecimal")
            }
        case "size_in_bytes":
            let kind = try scanner.token()
            let number = try scanner.looseInteger()
            switch (kind, number) {
            case (.null, _): break
            case (.number, .some(0...)): size = number.map(UInt64.init)
            default: faults.append("its size is no number of bytes")
            }
        case "no_link":
            switch try scanner.token() {
            case .bool: noLink = try scanner.bool()
            case .null: try scanner.skip()
            default:
                try scanner.skip()
                faults.append("its no_link is neither true nor false")
            }
        case "prefix_placeholder":
            if let text = try text(&scanner, "placeholder"), !text.isEmpty { placeholder = text }
        case "file_mode":
            guard let text = try text(&scanner, "file_mode") else { return }
            if let mode = PathsJSON.Placeholder.Mode(rawValue: text) {
                self.mode = mode
            } else {
                faults.append("'\(text.prefix(40))' is no way to replace a placeholder")
            }
        default: try scanner.skip()
        }
    }

    /// nil for `null`, and for what is no text, which is noted.
    private mutating func text(_ scanner: inout JSONScanner, _ field: String) throws(CondaError) -> String? {
        switch try scanner.token() {
        case .null:
            try scanner.skip()
            return nil
        case .string:
            let text = try scanner.key().text
            if text == nil { faults.append("its \(field) is no valid text (up to byte \(scanner.position))") }
            return text
        default:
            try scanner.skip()
            faults.append("its \(field) is no text")
            return nil
        }
    }

    func finish(_ collector: inout PathsCollector) {
        guard faults.isEmpty else {
            let name =
                path.map { "the entry '\($0.prefix(200).description.printable)'" } ?? "an entry without path"
            for fault in faults { collector.fault("\(name) is wrong: \(fault)") }
            return
        }
        guard let path else { return collector.fault("an entry has no path") }
        collector.add(
            .init(
                path: path, kind: kind, sha256: sha256, size: size, noLink: noLink,
                placeholder: placeholder.map { .init($0, mode) }))
    }
}
