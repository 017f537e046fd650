/// What a wheel index answers about one project, in HTML (PEP 503) or JSON (PEP 691).
public struct SimpleIndexPage: Hashable, Sendable {
    public enum Format: Sendable {
        case html, json
    }

    /// In the order of the page.
    public let files: [IndexFile]
    /// One sentence for each entry that was passed over because it cannot be read.
    public let notes: [String]

    /// Reads a page.
    /// - Parameters:
    ///   - contentType: the header of the answer, with parameters or without; nil: judged by the first byte.
    ///   - url: where the page was found, after redirections; references are relative to it.
    /// - Throws: when the answer is no page of an index in version 1, or only part of one.
    public init(_ bytes: [UInt8], contentType: String?, url: String) throws(WheelError) {
        switch Self.format(contentType, bytes) {
        case .json: try self.init(json: bytes, url: url)
        case .html: try self.init(html: bytes, url: url)
        case nil:
            throw WheelError(
                .indexPage, url,
                "the answer's type is '\(WheelError.excerpt(contentType ?? "unknown"))', and HTML or JSON of a simple index is needed"
            )
        }
    }

    init(_ entries: [IndexEntry], notes: [String], page: URLReference) {
        var notes = notes
        files = entries.compactMap { entry in
            do throws(WheelError) { return try entry.file(page: page) } catch {
                notes.append(error.description)
                return nil
            }
        }
        self.notes = notes
    }

    /// nil for a type that no index answers with.
    static func format(_ contentType: String?, _ bytes: [UInt8]) -> Format? {
        let type = contentType.map { asciiLowered(trimmed($0.prefix { $0 != ";" })) } ?? ""
        switch type {
        case "application/vnd.pypi.simple.v1+json", "application/vnd.pypi.simple.latest+json",
            "application/json":
            return .json
        case "application/vnd.pypi.simple.v1+html", "application/vnd.pypi.simple.latest+html", "text/html",
            "application/xhtml+xml":
            return .html
        case "", "application/octet-stream", "text/plain":
            return bytes.first { !$0.isSpace } == UInt8(ascii: "{") ? .json : .html
        default: return nil
        }
    }

    /// Refuses another major version of the interface (PEP 629).
    static func check(apiVersion: String, url: String) throws(WheelError) {
        let parts = apiVersion.split(separator: ".", omittingEmptySubsequences: false).map { UInt32($0) }
        guard parts.count == 2, !parts.contains(nil), parts[0] == 1 else {
            throw WheelError(
                .indexPage, url,
                "it is in version '\(WheelError.excerpt(apiVersion))' of the interface, and 1.x is known")
        }
    }
}
