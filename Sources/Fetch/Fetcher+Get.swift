import Files
import Glibc

extension Fetcher {
    /// Reads small documents into memory, in parallel.
    /// - Returns: one for each request, in their order. A refusal below 500, such as 404, is an answer and not
    ///   an error; 429 and 5xx are errors once all attempts are used up. After a signal what is left fails as
    ///   `interrupted`: the caller asks `Interruption`.
    public func get(_ requests: [GetRequest]) -> [Result<Response, FetchError>] {
        var results: [Result<Response, FetchError>?] = Array(repeating: nil, count: requests.count)
        var jobs: [(index: Int, job: TransferJob)] = []
        for (index, request) in requests.enumerated() {
            do throws(FetchError) {
                switch try Location(request.url) {
                case .file(let path): results[index] = .success(try read(path, request))
                case .remote(let url, let host, let isSecure):
                    if options.offline { throw FetchError(request.url, label: request.label, .offline) }
                    let source = self.source(
                        url: url, host: host, isSecure: isSecure, address: request.url, label: request.label)
                    let job = TransferJob(
                        source, accept: request.accept, range: request.range, sink: MemorySink(request))
                    jobs.append((index, job))
                }
            } catch {
                results[index] = .failure(error)
            }
        }
        run(jobs.map(\.job)) {}
        for (index, job) in jobs {
            switch job.outcome {
            case .answered(let response): results[index] = .success(response)
            case .failed(let error): results[index] = .failure(error)
            case nil: results[index] = .failure(job.error(.library("a transfer has no end")))
            }
        }
        return results.enumerated().map { index, result in
            result ?? .failure(FetchError(requests[index].url, .library("a request was lost")))
        }
    }

    private func read(_ path: String, _ request: GetRequest) throws(FetchError) -> Response {
        func refuse(_ reason: FetchError.Reason) -> FetchError {
            FetchError(request.url, label: request.label, reason)
        }
        func answer(_ status: Int, _ body: [UInt8], _ partial: Response.Partial? = nil) -> Response {
            Response(status: status, contentType: nil, finalURL: request.url, body: body, partial: partial)
        }
        do {
            let file = try OpenFile.read(path)
            let status = try file.status()
            guard status.kind == .file else { throw refuse(.malformed("is no regular file")) }
            var wanted = 0..<status.size
            switch request.range {
            case .bytes(let range): wanted = range.clamped(to: wanted)
            case .last(let count): wanted = (status.size - min(count, status.size))..<status.size
            case nil: break
            }
            let count = wanted.upperBound - wanted.lowerBound
            guard count <= request.limit else { throw refuse(.tooLarge(limit: request.limit)) }
            if request.range != nil, count == 0 { return answer(416, []) }
            let body = try file.bytes(at: wanted.lowerBound, count: Int(count))
            return request.range == nil
                ? answer(200, body)
                : answer(206, body, .init(offset: wanted.lowerBound, size: status.size))
        } catch let error as FetchError {
            throw error
        } catch let error as FileError {
            if error.code == ENOENT || error.code == ENOTDIR { return answer(404, []) }
            throw refuse(.file(error))
        } catch {
            throw refuse(.library("\(error)"))
        }
    }
}
