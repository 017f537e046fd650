import Digests
import Failures
import Files
import Workers

/// The work of one call of `fetch`: equal requests together, what is at hand settled first.
struct FetchPlan {
    /// What makes two requests one download.
    private struct Key: Hashable {
        let subject: String
        let size: UInt64?

        init(_ request: FetchRequest) {
            subject = request.sha256?.hex ?? request.url
            size = request.size
        }
    }

    struct Task {
        let index: Int
        let job: TransferJob
        let sink: StoreSink
    }

    private enum State {
        case open
        case done(sha256: SHA256Digest, size: UInt64, path: String, FetchResult.Origin)
        case failed(FetchError)
    }

    private let requests: [FetchRequest]
    /// The distinct ones.
    private var distinct: [FetchRequest] = []
    private var states: [State] = []
    /// For each request, its place among the distinct ones.
    private var places: [Int] = []

    init(_ requests: [FetchRequest]) {
        self.requests = requests
        var known: [Key: Int] = [:]
        for request in requests {
            let key = Key(request)
            if let place = known[key] {
                places.append(place)
            } else {
                known[key] = distinct.count
                places.append(distinct.count)
                distinct.append(request)
            }
        }
        states = Array(repeating: .open, count: distinct.count)
    }

    /// Settles what the store has, local files, and offline everything else.
    mutating func takeLocal(store: ArchiveStore, options: FetchOptions) throws {
        for (index, request) in distinct.enumerated() {
            try Interruption.check()
            do throws(FetchError) {
                if let kept = try Self.kept(request, store, options) {
                    states[index] = kept
                } else if case .file(let path) = try Location(request.url) {
                    let found = try store.adopt(
                        path, expected: request.sha256, size: request.size, label: request.label)
                    states[index] = .done(
                        sha256: found.sha256, size: found.size, path: store.path(of: found.sha256), .file)
                } else if options.offline {
                    throw FetchError(request.url, label: request.label, .offline)
                }
            } catch {
                states[index] = .failed(error)
            }
        }
    }

    private static func kept(_ request: FetchRequest, _ store: ArchiveStore, _ options: FetchOptions)
        throws(FetchError) -> State?
    {
        guard let digest = request.sha256 else { return nil }
        do throws(FileError) {
            guard let size = try store.size(of: digest), request.size == nil || request.size == size else {
                return nil
            }
            if options.verifiesStore, try !store.verify(digest) {
                try store.remove(digest)
                return nil
            }
            return .done(sha256: digest, size: size, path: store.path(of: digest), .store)
        } catch {
            throw FetchError(request.url, label: request.label, .file(error))
        }
    }

    /// A transfer for everything that is not settled.
    func jobs(_ fetcher: Fetcher) -> [Task] {
        var tasks: [Task] = []
        for (index, request) in distinct.enumerated() {
            guard case .open = states[index],
                case .remote(let url, let host, let isSecure)? = try? Location(request.url)
            else { continue }
            let sink = StoreSink(request, store: fetcher.store, limit: fetcher.options.sizeLimit)
            let source = fetcher.source(
                url: url, host: host, isSecure: isSecure, address: request.url, label: request.label)
            tasks.append(Task(index: index, job: TransferJob(source, sink: sink), sink: sink))
        }
        return tasks
    }

    mutating func settle(_ task: Task) {
        let request = distinct[task.index]
        if let result = task.sink.result {
            states[task.index] = .done(
                sha256: result.sha256, size: result.size, path: result.path, .network)
            return
        }
        switch task.job.outcome {
        case .failed(let error): states[task.index] = .failed(error)
        case .answered(let response):
            states[task.index] = .failed(
                FetchError(request.url, label: request.label, .status(response.status, attempts: 1)))
        case nil:
            states[task.index] = .failed(
                FetchError(request.url, label: request.label, .library("a transfer has no end")))
        }
    }

    func progress(_ tasks: [Task]) -> FetchProgress {
        var progress = FetchProgress()
        var total: UInt64? = 0
        for task in tasks {
            progress.bytesDone += task.sink.received
            if task.job.outcome != nil { progress.filesDone += 1 }
            let size = task.sink.request.size ?? task.sink.result?.size ?? task.sink.announced
            total = total.flatMap { sum in size.map { sum + $0 } }
        }
        progress.bytesTotal = total
        progress.filesTotal = tasks.count
        progress.filesReused = distinct.count - tasks.count
        return progress
    }

    private static let failuresShown = 10

    func results() throws(FailureList) -> [FetchResult] {
        let failures = states.compactMap { if case .failed(let error) = $0 { error } else { nil } }
        if !failures.isEmpty {
            var shown: [any Failure] = Array(failures.prefix(Self.failuresShown))
            let more = failures.count - shown.count
            if more > 0 { shown.append(FetchError("", .more(count: more))) }
            throw FailureList(shown)
        }
        return zip(requests, places).compactMap { request, place in
            guard case .done(let sha256, let size, let path, let origin) = states[place] else { return nil }
            return FetchResult(request: request, sha256: sha256, size: size, path: path, origin: origin)
        }
    }
}
