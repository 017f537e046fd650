import Digests

/// Pages of a wheel index to be written: HTML (PEP 503) and JSON (PEP 691), version 1.1 of the interface (PEP 700).
///
/// The same value gives the same bytes. What comes from packages is escaped; references are relative, so that the
/// pages serve from a directory and from any server.
public struct SimpleProject: Hashable, Sendable {
    /// One wheel that is offered.
    public struct File: Hashable, Sendable {
        public var filename: String
        /// Relative to the page, escaped as a URL is (RFC 3986).
        public var reference: String
        public var sha256: SHA256Digest
        /// Bytes.
        public var size: UInt64
        public var version: String
        /// Requires-Python.
        public var requiresPython: String?
        /// Of the METADATA that lies beside the wheel (PEP 658, PEP 714).
        public var metadata: SHA256Digest?
        /// RFC 3339, when upstream published it (PEP 700); HTML has no place for it.
        public var uploadTime: String?

        public init(
            filename: String, reference: String, sha256: SHA256Digest, size: UInt64, version: String,
            requiresPython: String? = nil, metadata: SHA256Digest? = nil, uploadTime: String? = nil
        ) {
            self.uploadTime = uploadTime
            self.filename = filename
            self.reference = reference
            self.sha256 = sha256
            self.size = size
            self.version = version
            self.requiresPython = requiresPython
            self.metadata = metadata
        }
    }

    public var name: ProjectName
    public var files: [File]

    public init(_ name: ProjectName, files: [File]) {
        self.name = name
        self.files = files
    }

    public var html: [UInt8] {
        SimpleHTML.page(title: "Links for \(name.normalized)", links: files.map(\.link))
    }

    public var json: [UInt8] {
        get throws {
            let offers = files.map { file in
                let metadata = file.metadata.map { ["sha256": $0.hex] }
                return JSONFile(
                    filename: file.filename, url: file.reference, hashes: ["sha256": file.sha256.hex],
                    size: file.size, requiresPython: file.requiresPython, coreMetadata: metadata,
                    oldCoreMetadata: metadata, uploadTime: file.uploadTime)
            }
            var versions: [String] = []
            for file in files where !versions.contains(file.version) { versions.append(file.version) }
            return try CanonicalJSON.encode(
                JSONPage(meta: .init(), name: name.normalized, versions: versions, files: offers))
        }
    }

    private struct JSONPage: Encodable {
        let meta: SimpleMeta
        let name: String
        let versions: [String]
        let files: [JSONFile]
    }

    private struct JSONFile: Encodable {
        let filename: String
        let url: String
        let hashes: [String: String]
        let size: UInt64
        let requiresPython: String?
        let coreMetadata: [String: String]?
        let oldCoreMetadata: [String: String]?
        let uploadTime: String?

        enum CodingKeys: String, CodingKey {
            case filename, url, hashes, size
            case requiresPython = "requires-python"
            case coreMetadata = "core-metadata"
            case oldCoreMetadata = "dist-info-metadata"
            case uploadTime = "upload-time"
        }
    }
}

extension SimpleProject.File {
    fileprivate var link: SimpleHTML.Link {
        var attributes: [(String, String)] = []
        if let requiresPython { attributes.append(("data-requires-python", requiresPython)) }
        if let metadata {
            attributes.append(("data-core-metadata", "sha256=\(metadata)"))
            attributes.append(("data-dist-info-metadata", "sha256=\(metadata)"))
        }
        return .init(reference: "\(reference)#sha256=\(sha256)", text: filename, attributes: attributes)
    }
}

/// The page that lists all projects.
public struct SimpleRoot: Hashable, Sendable {
    public var projects: [ProjectName]

    public init(_ projects: [ProjectName]) { self.projects = projects }

    public var html: [UInt8] {
        SimpleHTML.page(
            title: "Simple index",
            links: projects.map { .init(reference: "\($0.normalized)/", text: $0.normalized, attributes: []) }
        )
    }

    public var json: [UInt8] {
        get throws {
            try CanonicalJSON.encode(
                Page(meta: .init(), projects: projects.map { .init(name: $0.normalized) }))
        }
    }

    private struct Page: Encodable {
        struct Project: Encodable { let name: String }
        let meta: SimpleMeta
        let projects: [Project]
    }
}

private struct SimpleMeta: Encodable {
    let version = SimpleHTML.version

    enum CodingKeys: String, CodingKey {
        case version = "api-version"
    }
}

/// HTML 5 as PEP 503 and PEP 629 want it.
enum SimpleHTML {
    static let version = "1.1"

    struct Link {
        let reference: String
        let text: String
        let attributes: [(String, String)]
    }

    static func page(title: String, links: [Link]) -> [UInt8] {
        let rows = links.map { link in
            let attributes = ([("href", link.reference)] + link.attributes)
                .map { " \($0)=\"\(escaped($1))\"" }.joined()
            return "<a\(attributes)>\(escaped(link.text))</a><br>\n"
        }
        return Array(
            """
            <!DOCTYPE html>
            <html>
            <head><meta charset="utf-8"><meta name="pypi:repository-version" content="\(version)"><title>\(escaped(title))</title></head>
            <body>
            \(rows.joined())</body>
            </html>

            """.utf8)
    }

    static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result += Array("&amp;".utf8)
            case UInt8(ascii: "<"): result += Array("&lt;".utf8)
            case UInt8(ascii: ">"): result += Array("&gt;".utf8)
            case UInt8(ascii: "\""): result += Array("&quot;".utf8)
            case UInt8(ascii: "'"): result += Array("&#39;".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension URLReference {
    /// A path of a URL: `/` and unreserved characters stay, every other byte is escaped (RFC 3986, section 2).
    public static func escapedPath(_ path: String) -> String {
        let plain = Set("/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            if plain.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
