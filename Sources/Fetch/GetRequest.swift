/// One small document that is wanted in memory.
public struct GetRequest: Hashable, Sendable {
    /// Part of a document (RFC 9110 section 14).
    public enum ByteRange: Hashable, Sendable {
        case bytes(Range<UInt64>)
        /// So many bytes at its end.
        case last(UInt64)

        var header: String {
            switch self {
            case .bytes(let range): "\(range.lowerBound)-\(range.upperBound - 1)"
            case .last(let count): "-\(count)"
            }
        }
    }

    /// An http, https or file URL, or a path.
    public var url: String
    public var accept: String?
    public var range: ByteRange?
    /// Bytes; a larger document is an error.
    public var limit: UInt64
    /// What to call it in messages.
    public var label: String?

    public init(
        _ url: String, accept: String? = nil, range: ByteRange? = nil, limit: UInt64 = 64 << 20,
        label: String? = nil
    ) {
        self.url = url
        self.accept = accept
        self.range = range
        self.limit = limit
        self.label = label
    }
}

/// What a server answered in the end, after redirects. A missing local file answers 404.
public struct Response: Hashable, Sendable {
    /// 200, 206 for a range, or a final refusal below 500 such as 404; a refusal has no body.
    public let status: Int
    /// Lower case, without parameters; nil where the server names none.
    public let contentType: String?
    /// Where the document was in the end. It may hold credentials: `redacted` before it is shown.
    public let finalURL: String
    /// Empty where a range was asked for and the server sent all (status 200).
    public let body: [UInt8]
    /// Offset of the body in the whole document and the whole document's size, of a 206.
    public let partial: Partial?
    /// nil where the server sends none, and for files.
    public var validators: Validators?

    public struct Partial: Hashable, Sendable {
        public let offset: UInt64
        public let size: UInt64
    }

    public var isSuccess: Bool { status == 200 || status == 206 }
}
