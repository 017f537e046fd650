import Digests

/// A package URL (github.com/package-url/purl-spec): `pkg:type/namespace/name@version?qualifiers`.
public struct PackageURL: Hashable, Sendable, CustomStringConvertible {
    public var type: String
    /// Its parts; empty for most types.
    public var namespace: [String]
    public var name: String
    public var version: String?
    /// Those with an empty value are left out.
    public var qualifiers: [String: String]

    public init(
        type: String, namespace: [String] = [], name: String, version: String? = nil,
        qualifiers: [String: String] = [:]
    ) {
        self.type = type
        self.namespace = namespace
        self.name = name
        self.version = version
        self.qualifiers = qualifiers
    }

    /// A conda package.
    /// - Parameters:
    ///   - channel: URL, path or name; its last component is what the type asks for.
    ///   - filename: decides between the two forms of archives.
    public static func conda(
        name: String, version: String, build: String?, channel: String?, subdir: String?, filename: String
    ) -> PackageURL {
        let label = channel?.split(separator: "/").last.map(String.init)
        return PackageURL(
            type: "conda", name: name.lowercased(), version: version,
            qualifiers: [
                "build": build ?? "", "channel": label ?? "", "subdir": subdir ?? "",
                "type": filename.hasSuffix(".tar.bz2") ? "tar.bz2" : "conda",
            ])
    }

    /// A wheel; its name normalised (PEP 503).
    public static func wheel(name: String, version: String, filename: String) -> PackageURL {
        PackageURL(
            type: "pypi", name: name.lowercased(), version: version, qualifiers: ["file_name": filename])
    }

    /// Whether there is a name; without one there is no package URL.
    var isNamed: Bool { name.unicodeScalars.contains { !$0.properties.isWhitespace } }

    /// Canonical: qualifiers sorted, each part percent-encoded.
    public var description: String {
        var text = "pkg:\(type)"
        for part in namespace + [name] { text += "/" + Self.encoded(part) }
        if let version, !version.isEmpty { text += "@" + Self.encoded(version) }
        let present = qualifiers.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
        for (index, (key, value)) in present.enumerated() {
            text += "\(index == 0 ? "?" : "&")\(key)=\(Self.encoded(value))"
        }
        return text
    }

    /// All but letters, digits, `.-_~` and the colon, which the specification wants as it is, as `%XX`.
    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if WebAddress.isUnreserved(byte) || byte == UInt8(ascii: ":") {
                bytes.append(byte)
            } else {
                bytes += WebAddress.escape(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
