import Digests

/// The `direct_url.json` of a distribution that was not taken from an index by name (PEP 610).
public struct DirectURL: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// A file with its digest, where one is known.
        case archive(sha256: SHA256Digest?)
        case directory(editable: Bool)
    }

    /// Without user name and password, which the PEP does not let through.
    public let url: String
    public let source: Source

    public init(url: String, source: Source) {
        self.url = Self.withoutCredentials(url)
        self.source = source
    }

    /// The bytes of the file: JSON with sorted keys, a line feed at the end.
    public func encoded() -> [UInt8] {
        let info: String
        switch source {
        case .archive(let digest?):
            info = #""archive_info":{"hash":"sha256=\#(digest.hex)","hashes":{"sha256":"\#(digest.hex)"}}"#
        case .archive(nil): info = #""archive_info":{}"#
        case .directory(let editable): info = editable ? #""dir_info":{"editable":true}"# : #""dir_info":{}"#
        }
        return Array("{\(info),\"url\":\(Self.quoted(url))}\n".utf8)
    }

    private static func withoutCredentials(_ url: String) -> String {
        guard let slashes = url.firstRange(of: "://")?.upperBound else { return url }
        let rest = url[slashes...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return url }
        return String(url[..<slashes]) + rest[authority.index(after: at)...]
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
