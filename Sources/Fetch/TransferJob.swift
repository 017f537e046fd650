import CCurl

/// One transfer with all its attempts.
final class TransferJob {
    struct Source {
        let url: String
        /// Scheme, host and port: what shares connections.
        let host: String
        let isSecure: Bool
        /// For messages.
        let address: String
        let label: String?
    }

    enum Outcome {
        /// A final answer: a success whose body the sink has, or a refusal.
        case answered(Response)
        case failed(FetchError)
    }

    enum Verdict {
        case finished
        /// Seconds until the next attempt.
        case again(after: Double)
    }

    let source: Source
    let sink: any TransferSink
    private let accept: String?
    private let range: GetRequest.ByteRange?
    private let headers: [String]
    private var easy: CurlEasy?
    private var attempts = 0
    private var mayResume = true
    private(set) var outcome: Outcome?
    /// The server could not be reached at all, which other transfers need not find out again.
    private(set) var foundNobody = false

    // Of the current attempt.
    private enum Phase { case head, body, discarding, complete }
    private var phase = Phase.head
    private var refusal: FetchError?
    private var resumesAt: UInt64 = 0
    private var partial: Response.Partial?
    private var discarded = 0

    /// - Parameter headers: further lines of the request.
    init(
        _ source: Source, accept: String? = nil, range: GetRequest.ByteRange? = nil, headers: [String] = [],
        sink: any TransferSink
    ) {
        self.source = source
        self.headers = headers
        self.accept = accept
        self.range = range
        self.sink = sink
    }

    func error(_ reason: FetchError.Reason) -> FetchError {
        FetchError(source.address, label: source.label, reason)
    }

    func fail(_ reason: FetchError.Reason) {
        end(.failed(error(reason)))
    }

    private func end(_ outcome: Outcome) {
        self.outcome = outcome
        sink.abandon()
    }

    /// A handle for the next attempt; nil where libcurl has no memory for one.
    func start(_ options: FetchOptions) -> UnsafeMutableRawPointer? {
        attempts += 1
        phase = .head
        refusal = nil
        partial = nil
        discarded = 0
        resumesAt = mayResume && range == nil ? sink.held : 0
        guard var easy = CurlEasy() else { return nil }
        configure(&easy, options)
        let handle = easy.handle
        self.easy = consume easy
        return handle
    }

    private func configure(_ easy: inout CurlEasy, _ options: FetchOptions) {
        easy.set(CURLOPT_URL, source.url)
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_REDIR_PROTOCOLS_STR, source.isSecure ? "https" : "http,https")
        easy.set(CURLOPT_FOLLOWLOCATION, 1)
        easy.set(CURLOPT_MAXREDIRS, 10)
        easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        easy.set(CURLOPT_PIPEWAIT, 1)
        easy.set(CURLOPT_BUFFERSIZE, 256 << 10)
        easy.set(CURLOPT_CONNECTTIMEOUT, options.connectSeconds)
        easy.set(CURLOPT_LOW_SPEED_LIMIT, 1)
        easy.set(CURLOPT_LOW_SPEED_TIME, options.stallSeconds)
        easy.set(CURLOPT_USERAGENT, "airlift/" + options.version)
        if options.usesNetrc { easy.set(CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue)) }
        if !options.usesProxies { easy.set(CURLOPT_PROXY, "") }
        if let certificates = options.certificates { easy.set(CURLOPT_CAINFO, certificates) }
        if let accept {
            easy.setHeaders(["Accept: " + accept] + headers)
            // All encodings that libcurl knows; never for archives and ranges, which are bytes and not text.
            if range == nil { easy.set(CURLOPT_ACCEPT_ENCODING, "") }
        } else if !headers.isEmpty {
            easy.setHeaders(headers)
        }
        if let range {
            easy.set(CURLOPT_RANGE, range.header)
        } else if resumesAt > 0 {
            easy.set(CURLOPT_RANGE, "\(resumesAt)-")
        }
        let job = Unmanaged.passUnretained(self).toOpaque()
        airlift_curl_set_pointer(easy.handle, CURLOPT_WRITEDATA, job)
        airlift_curl_set_write(easy.handle) { bytes, size, count, job in
            guard let job, size * count > 0 else { return 0 }
            let taken = Unmanaged<TransferJob>.fromOpaque(job).takeUnretainedValue().receive(
                UnsafeRawBufferPointer(start: bytes, count: size * count))
            return taken ? size * count : 0
        }
    }

    var multiplexes: Bool {
        switch easy {
        case .some(let easy): easy.number(CURLINFO_HTTP_VERSION) >= Int(CURL_HTTP_VERSION_2_0)
        case .none: false
        }
    }

    /// Takes a piece of a body; false ends the attempt.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do throws(FetchError) {
            if phase == .head { try begin() }
            switch phase {
            case .body: try sink.receive(bytes)
            case .discarding:
                // Reading a short page to its end keeps the connection usable.
                discarded += bytes.count
                return discarded <= 64 << 10
            case .head, .complete: return false
            }
            return true
        } catch {
            refusal = error
            return false
        }
    }

    /// Judges the answer's head once its body begins.
    private func begin() throws(FetchError) {
        let (status, length, contentRange) = head()
        switch status {
        case 200 where range != nil: phase = .complete
        case 200:
            phase = .body
            try sink.begin(at: 0, length: length)
        case 206 where range != nil || resumesAt > 0:
            guard let part = contentRange, range != nil || part.offset == resumesAt else {
                mayResume = false
                throw error(.malformed("came as another part than the one that was asked for"))
            }
            phase = .body
            partial = part
            try sink.begin(at: resumesAt, length: length)
        default: phase = .discarding
        }
    }

    private func head() -> (status: Int, length: UInt64?, part: Response.Partial?) {
        switch easy {
        case .some(let easy):
            let length = easy.offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
            return (
                easy.number(CURLINFO_RESPONSE_CODE), length >= 0 ? UInt64(length) : nil,
                easy.header("Content-Range").flatMap(Response.Partial.init(contentRange:))
            )
        case .none: return (0, nil, nil)
        }
    }

    /// Judges an attempt that has ended. The handle is no longer in use afterwards.
    func conclude(_ code: CURLcode, _ policy: RetryPolicy) -> Verdict {
        guard let easy = easy.take() else {
            fail(.library("a transfer ended that never began"))
            return .finished
        }
        let status = easy.number(CURLINFO_RESPONSE_CODE)
        if let refusal {
            if !mayResume, resumesAt > 0 { return restart(policy) ?? finish(.failed(refusal)) }
            return finish(.failed(refusal))
        }
        if code != CURLE_OK, phase != .complete, !(phase == .discarding && code == CURLE_WRITE_ERROR) {
            return concludeBroken(code, easy, policy)
        }
        switch status {
        case 200, 206:
            do throws(FetchError) {
                // The body was empty: judge the head now.
                self.easy = consume easy
                if phase == .head { try begin() }
                guard let easy = self.easy.take() else { return .finished }
                if phase == .discarding { return finish(.failed(error(.status(status, attempts: attempts)))) }
                if phase == .body { try sink.finish() }
                return finish(.answered(answer(status, easy)))
            } catch {
                if resumesAt > 0, error.kind == .damaged, let again = restart(policy) { return again }
                return finish(.failed(error))
            }
        case 416 where resumesAt > 0:
            return restart(policy) ?? finish(.failed(error(.status(status, attempts: attempts))))
        case 429, 500...:
            let wait = easy.offset(CURLINFO_RETRY_AFTER)
            if wait > policy.patience {
                return finish(.failed(error(.busy(status: status, retryAfter: wait))))
            }
            guard attempts < policy.attempts else {
                return finish(.failed(error(.status(status, attempts: attempts))))
            }
            return .again(after: max(Double(wait), policy.pause(after: attempts)))
        default:
            return finish(.answered(answer(status, easy)))
        }
    }

    private func concludeBroken(_ code: CURLcode, _ easy: borrowing CurlEasy, _ policy: RetryPolicy)
        -> Verdict
    {
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_TOO_MANY_REDIRECTS:
            let target = easy.header("Location") ?? easy.text(CURLINFO_EFFECTIVE_URL) ?? source.url
            return finish(.failed(error(.redirect(to: target))))
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION:
            return finish(.failed(error(.library(easy.words(for: code)))))
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_URL_MALFORMAT,
            CURLE_LOGIN_DENIED, CURLE_SSL_ISSUER_ERROR, CURLE_BAD_CONTENT_ENCODING:
            return finish(.failed(error(.connection(easy.words(for: code), attempts: attempts))))
        default:
            guard attempts < policy.attempts else {
                foundNobody =
                    code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST
                    || code == CURLE_COULDNT_RESOLVE_PROXY
                return finish(.failed(error(.connection(easy.words(for: code), attempts: attempts))))
            }
            return .again(after: policy.pause(after: attempts))
        }
    }

    private func finish(_ outcome: Outcome) -> Verdict {
        end(outcome)
        return .finished
    }

    /// From the first byte, once.
    private func restart(_ policy: RetryPolicy) -> Verdict? {
        guard attempts < policy.attempts else { return nil }
        mayResume = false
        sink.abandon()
        return .again(after: 0)
    }

    private func answer(_ status: Int, _ easy: borrowing CurlEasy) -> Response {
        let type = easy.text(CURLINFO_CONTENT_TYPE)?.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        return Response(
            status: status, contentType: type, finalURL: easy.text(CURLINFO_EFFECTIVE_URL) ?? source.url,
            body: (sink as? MemorySink)?.body ?? [], partial: partial, validators: validators(easy))
    }
}

private func validators(_ easy: borrowing CurlEasy) -> Validators? {
    let found = Validators(etag: easy.header("ETag"), lastModified: easy.header("Last-Modified"))
    return found.etag == nil && found.lastModified == nil ? nil : found
}

extension Response.Partial {
    /// Reads `bytes 0-99/1234` (RFC 9110 section 14.4); nil for anything else, an unknown size too.
    init?(contentRange text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let numbers = parts[1].split(whereSeparator: { $0 == "-" || $0 == "/" }).map { UInt64($0) }
        guard numbers.count == 3, let first = numbers[0], let last = numbers[1], let size = numbers[2],
            first <= last, last < size
        else { return nil }
        self.init(offset: first, size: size)
    }
}
