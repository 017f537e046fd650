import Digests
import Failures
import Files

/// Where the bytes of a transfer go. Called from within libcurl's write function, on the calling thread.
protocol TransferSink: AnyObject {
    /// Bytes of earlier attempts that a further attempt may build upon.
    var held: UInt64 { get }
    /// The body begins. `offset` is `held`, or 0 to begin anew.
    /// - Parameter length: of the body in bytes, where the server tells it.
    func begin(at offset: UInt64, length: UInt64?) throws(FetchError)
    func receive(_ bytes: UnsafeRawBufferPointer) throws(FetchError)
    /// The body is whole, as far as the connection tells.
    func finish() throws(FetchError)
    /// No further attempt follows.
    func abandon()
}

/// Into the store, checked against the request.
final class StoreSink: TransferSink {
    let request: FetchRequest
    private let store: ArchiveStore
    private let limit: UInt64
    private var partial: PartialArchive?
    private(set) var announced: UInt64?
    private(set) var result: FetchResult?
    /// A wrong hash of a file in two parts may only mean that the parts are of two versions.
    private(set) var wasResumed = false

    init(_ request: FetchRequest, store: ArchiveStore, limit: UInt64) {
        self.request = request
        self.store = store
        self.limit = limit
    }

    /// Only with a known hash can parts of two attempts be put together.
    var held: UInt64 { request.sha256 == nil ? 0 : received }

    var received: UInt64 { result?.size ?? partial?.size ?? 0 }

    private func refuse(_ reason: FetchError.Reason) -> FetchError {
        FetchError(request.url, label: request.label, reason)
    }

    private func checked<T>(_ body: () throws(FileError) -> T) throws(FetchError) -> T {
        do throws(FileError) { return try body() } catch { throw refuse(.file(error)) }
    }

    func begin(at offset: UInt64, length: UInt64?) throws(FetchError) {
        if let length {
            let whole = offset + length
            if let size = request.size, size != whole {
                throw refuse(.wrongSize(expected: size, actual: whole))
            }
            announced = whole
        }
        wasResumed = offset > 0
        if offset == 0 { partial = nil }
        if partial == nil {
            partial = try checked { () throws(FileError) in try PartialArchive(in: store) }
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(FetchError) {
        guard let partial else { return }
        let size = partial.size + UInt64(bytes.count)
        if let expected = request.size, size > expected {
            throw refuse(.wrongSize(expected: expected, actual: nil))
        }
        if size > limit { throw refuse(.tooLarge(limit: limit)) }
        try checked { () throws(FileError) in try partial.write(bytes) }
    }

    func finish() throws(FetchError) {
        guard let partial else { return }
        defer { self.partial = nil }
        if let size = request.size, size != partial.size {
            throw refuse(.wrongSize(expected: size, actual: partial.size))
        }
        let digest = partial.digest()
        if let expected = request.sha256, expected != digest {
            throw refuse(.wrongHash(expected: expected, actual: digest))
        }
        try checked { () throws(FileError) in try partial.commit(as: digest) }
        result = FetchResult(
            request: request, sha256: digest, size: partial.size, path: store.path(of: digest),
            origin: .network)
    }

    func abandon() { partial = nil }
}

/// Into memory.
final class MemorySink: TransferSink {
    let request: GetRequest
    private(set) var body: [UInt8] = []

    init(_ request: GetRequest) { self.request = request }

    var held: UInt64 { 0 }

    func begin(at offset: UInt64, length: UInt64?) throws(FetchError) {
        body = []
        guard let length else { return }
        if length > request.limit { throw tooLarge }
        body.reserveCapacity(Int(min(length, 1 << 20)))
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(FetchError) {
        guard UInt64(body.count + bytes.count) <= request.limit else { throw tooLarge }
        body.append(contentsOf: bytes)
    }

    func finish() {}

    func abandon() { body = [] }

    private var tooLarge: FetchError {
        FetchError(request.url, label: request.label, .tooLarge(limit: request.limit))
    }
}
