import CCurl
import Glibc

/// libcurl's global state, set up once.
enum CurlLibrary {
    /// Only for its effect.
    static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Runs `body` while this thread does not receive SIGPIPE: TLS writes to a connection that the other side
    /// has closed would end the process. The process-wide handler stays the executable's own.
    static func withoutBrokenPipeSignal<Result>(_ body: () -> Result) -> Result {
        var pipe = sigset_t()
        var before = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, &before)
        defer {
            if sigismember(&before, SIGPIPE) == 0 {
                var none = timespec()
                while sigtimedwait(&pipe, nil, &none) == SIGPIPE {}
            }
            pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        return body()
    }
}

/// A multi handle: connections that its transfers share and that stay open between two uses.
struct CurlMulti: ~Copyable {
    let handle: UnsafeMutableRawPointer

    init(connectionsPerHost: Int) throws(FetchError) {
        guard CurlLibrary.isReady, let handle = curl_multi_init() else {
            throw FetchError("anything", .library("it could not be set up"))
        }
        airlift_curl_multi_set_long(handle, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        airlift_curl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
        self.handle = handle
    }

    deinit { curl_multi_cleanup(handle) }
}

/// An easy handle with what it borrows: one attempt at one transfer.
struct CurlEasy: ~Copyable {
    let handle: UnsafeMutableRawPointer
    private let message: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?

    init?() {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        airlift_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, message)
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headers)
        message.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) { airlift_curl_set_long(handle, option, value) }

    func set(_ option: CURLoption, _ value: String) { airlift_curl_set_string(handle, option, value) }

    mutating func setHeaders(_ lines: [String]) {
        for line in lines { headers = curl_slist_append(headers, line) ?? headers }
        airlift_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
    }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        airlift_curl_get_long(handle, info, &value)
        return value
    }

    func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        airlift_curl_get_offset(handle, info, &value)
        return value
    }

    func text(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        airlift_curl_get_string(handle, info, &value)
        return value.map { String(cString: $0) }
    }

    /// A header of the last answer.
    func header(_ name: String) -> String? {
        var header: UnsafeMutablePointer<curl_header>?
        guard curl_easy_header(handle, name, 0, UInt32(CURLH_HEADER), -1, &header) == CURLHE_OK else {
            return nil
        }
        return header.flatMap { $0.pointee.value.map { String(cString: $0) } }
    }

    /// What went wrong, in libcurl's words: those about this transfer where it has some.
    func words(for code: CURLcode) -> String {
        let specific = String(cString: message)
        return specific.isEmpty ? String(cString: curl_easy_strerror(code)) : specific
    }
}
