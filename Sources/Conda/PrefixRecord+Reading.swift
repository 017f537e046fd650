import Digests

extension PrefixRecord {
    /// What a record says of the files that it put into the prefix, in its order; nothing else of it is looked at.
    /// - Parameter file: how sentences name it.
    /// - Throws: for what is no such record, and for a path without name.
    public static func paths(json: [UInt8], file: String) throws(CondaError) -> [Path] {
        do throws(CondaError) {
            return try JSONScanner.read(json) { (scanner) throws(CondaError) in
                var paths: [Path] = []
                try scanner.object { (scanner, key) throws(CondaError) in
                    switch key {
                    case "paths_data":
                        try scanner.object { (scanner, key) throws(CondaError) in
                            guard "paths" ~= key else {
                                try scanner.skip()
                                return
                            }
                            try scanner.array { (scanner) throws(CondaError) in
                                paths.append(try path(&scanner))
                            }
                        }
                    default: try scanner.skip()
                    }
                }
                return paths
            }
        } catch {
            throw CondaError(.prefixRecord, file, error.asCause)
        }
    }

    private static func path(_ scanner: inout JSONScanner) throws(CondaError) -> Path {
        var name: String?
        var path = Path("", .hardlink)
        var placeholder: String?
        var mode = PathsJSON.Placeholder.Mode.text
        try scanner.object { (scanner, key) throws(CondaError) in
            switch key {
            case "_path": name = try scanner.string()
            case "path_type": path.type = PathType(rawValue: try scanner.string()) ?? .hardlink
            case "sha256": path.sha256 = try digest(&scanner)
            case "sha256_in_prefix": path.sha256InPrefix = try digest(&scanner)
            case "size_in_bytes": path.size = try scanner.looseInteger().flatMap { UInt64(exactly: $0) }
            case "no_link": path.noLink = try scanner.token() == .bool ? try scanner.bool() : false
            case "prefix_placeholder": placeholder = try scanner.optionalString()
            case "file_mode":
                mode = try scanner.optionalString().flatMap { .init(rawValue: $0) } ?? .text
            default: try scanner.skip()
            }
        }
        guard let name else { throw scanner.failure("a path in it has no name") }
        path.path = name
        path.placeholder = placeholder.flatMap { $0.isEmpty ? nil : .init($0, mode) }
        return path
    }

    /// nil for `null`, and for an empty string, which conda writes for links.
    private static func digest(_ scanner: inout JSONScanner) throws(CondaError) -> SHA256Digest? {
        guard let text = try scanner.optionalString(), !text.isEmpty else { return nil }
        guard let digest = SHA256Digest(hex: text) else {
            throw scanner.failure("'\(text.prefix(80))' is no SHA-256 in hexadecimal")
        }
        return digest
    }
}
