import Digests
import Files

/// One document that changes at its source and may be too large for memory.
public struct DownloadRequest: Hashable, Sendable {
    /// An http or https URL.
    public var url: String
    /// Bytes; a larger document is an error.
    public var limit: UInt64
    /// What to call it in messages.
    public var label: String?
    /// Of the copy that is at hand: the server then need not send it again.
    public var validators: Validators?

    public init(_ url: String, limit: UInt64, label: String? = nil, validators: Validators? = nil) {
        self.url = url
        self.limit = limit
        self.label = label
        self.validators = validators
    }
}

/// By what a server tells one state of a document from another (RFC 9110 section 8.8).
public struct Validators: Hashable, Sendable {
    public var etag: String?
    public var lastModified: String?

    public init(etag: String?, lastModified: String?) {
        self.etag = etag
        self.lastModified = lastModified
    }

    var headers: [String] {
        [etag.map { "If-None-Match: " + $0 }, lastModified.map { "If-Modified-Since: " + $0 }].compactMap {
            $0
        }
    }
}

/// A document as it came from the server: a temporary file, which goes with the last reference.
public final class Download {
    /// Of the file, for as long as this is kept.
    public let path: String
    /// Bytes.
    public let size: UInt64
    public let validators: Validators?
    private let partial: PartialArchive

    init(_ partial: PartialArchive, validators: Validators?) {
        self.partial = partial
        self.validators = validators
        path = partial.path
        size = partial.size
    }
}

/// How a server answered in the end.
public enum DownloadAnswer {
    case file(Download)
    /// The copy whose validators were sent is still right.
    case notModified
    /// A refusal below 500, such as 404.
    case refused(status: Int)
}

extension Fetcher {
    /// Brings documents into temporary files, in parallel; nothing of them stays in the store.
    /// - Returns: one for each request, in their order. 429 and 5xx are errors once all attempts are used up. After
    ///   a signal what is left fails as `interrupted`: the caller asks `Interruption`.
    public func download(_ requests: [DownloadRequest]) -> [Result<DownloadAnswer, FetchError>] {
        var results: [Result<DownloadAnswer, FetchError>?] = Array(repeating: nil, count: requests.count)
        var jobs: [(index: Int, job: TransferJob, sink: DownloadSink)] = []
        for (index, request) in requests.enumerated() {
            do throws(FetchError) {
                guard case .remote(let url, let host, let isSecure) = try Location(request.url) else {
                    throw FetchError(
                        request.url, label: request.label,
                        .unsupportedAddress("it is no address of a server"))
                }
                if options.offline { throw FetchError(request.url, label: request.label, .offline) }
                let source = self.source(
                    url: url, host: host, isSecure: isSecure, address: request.url, label: request.label)
                let sink = DownloadSink(request, store: store)
                let job = TransferJob(source, headers: request.validators?.headers ?? [], sink: sink)
                jobs.append((index, job, sink))
            } catch {
                results[index] = .failure(error)
            }
        }
        run(jobs.map(\.job)) {}
        for (index, job, sink) in jobs { results[index] = Self.answer(job, sink) }
        return results.enumerated().map { index, result in
            result ?? .failure(FetchError(requests[index].url, .library("a request was lost")))
        }
    }

    private static func answer(_ job: TransferJob, _ sink: DownloadSink) -> Result<DownloadAnswer, FetchError>
    {
        switch job.outcome {
        case .answered(let response):
            if response.status == 304 { return .success(.notModified) }
            guard response.isSuccess, let partial = sink.whole else {
                return .success(.refused(status: response.status))
            }
            return .success(.file(Download(partial, validators: response.validators)))
        case .failed(let error): return .failure(error)
        case nil: return .failure(job.error(.library("a transfer has no end")))
        }
    }
}

/// Into a temporary file.
final class DownloadSink: TransferSink {
    private let request: DownloadRequest
    private let store: ArchiveStore
    private var partial: PartialArchive?
    private(set) var whole: PartialArchive?

    init(_ request: DownloadRequest, store: ArchiveStore) {
        self.request = request
        self.store = store
    }

    /// Two attempts may see two states of the document.
    var held: UInt64 { 0 }

    private func refuse(_ reason: FetchError.Reason) -> FetchError {
        FetchError(request.url, label: request.label, reason)
    }

    func begin(at offset: UInt64, length: UInt64?) throws(FetchError) {
        if let length, length > request.limit { throw refuse(.tooLarge(limit: request.limit)) }
        do throws(FileError) { partial = try PartialArchive(in: store) } catch { throw refuse(.file(error)) }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(FetchError) {
        guard let partial else { return }
        guard partial.size + UInt64(bytes.count) <= request.limit else {
            throw refuse(.tooLarge(limit: request.limit))
        }
        do throws(FileError) { try partial.write(bytes) } catch { throw refuse(.file(error)) }
    }

    func finish() {
        whole = partial
        partial = nil
    }

    func abandon() { partial = nil }
}
