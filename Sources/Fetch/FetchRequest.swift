import Digests

/// One file that is wanted in the store.
public struct FetchRequest: Hashable, Sendable {
    /// An http, https or file URL, or a path.
    public let url: String
    /// nil where nobody knows it yet: the result tells it.
    public let sha256: SHA256Digest?
    /// Bytes, where known.
    public let size: UInt64?
    /// What to call it in messages, usually its file name.
    public let label: String

    public init(url: String, sha256: SHA256Digest?, size: UInt64? = nil, label: String) {
        self.url = url
        self.sha256 = sha256
        self.size = size
        self.label = label
    }
}

/// A verified file in the store.
public struct FetchResult: Hashable, Sendable {
    public enum Origin: Sendable { case store, network, file }

    public let request: FetchRequest
    public let sha256: SHA256Digest
    /// Bytes.
    public let size: UInt64
    /// Of the read-only file in the store.
    public let path: String
    public let origin: Origin
}

/// How far a fetch has come. What the store held already is not counted, except in `filesReused`.
public struct FetchProgress: Hashable, Sendable {
    public var bytesDone: UInt64 = 0
    /// nil while the size of some file is unknown.
    public var bytesTotal: UInt64?
    public var filesDone = 0
    public var filesTotal = 0
    public var filesReused = 0

    public init() {}
}
