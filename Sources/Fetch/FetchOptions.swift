/// How to fetch.
public struct FetchOptions: Sendable {
    /// Of the program, for the `User-Agent` header.
    public var version: String
    /// At one time, to all servers together.
    public var transfers = 24
    /// At one time to one server, and the transfers too until it is seen to speak HTTP/2, where many transfers
    /// share a connection.
    public var connectionsPerHost = 8
    /// Ask nothing of the network: only the store and local files answer.
    public var offline = false
    public var retry = RetryPolicy()
    /// A transfer that moves no byte for so many seconds is given up; a slow one may take as long as it likes.
    public var stallSeconds = 30
    public var connectSeconds = 30
    /// Take credentials from `~/.netrc` where a URL has none.
    public var usesNetrc = true
    /// Honour `https_proxy`, `no_proxy` and their like as curl does.
    public var usesProxies = true
    /// A PEM file of the authorities to trust in place of the system's.
    public var certificates: String?
    /// Bytes, of a file whose size nobody knows.
    public var sizeLimit: UInt64 = 16 << 30
    /// Hash again what the store already holds; what is damaged is fetched anew.
    public var verifiesStore = false

    public init(version: String) { self.version = version }
}

/// When a transfer that failed is tried again: after cut connections, stalls, 429 and 5xx, never after a wrong
/// hash or a refusal such as 404.
public struct RetryPolicy: Sendable {
    /// Of all; 1 never tries again.
    public var attempts = 5
    /// Seconds before the second attempt; doubled before each further one.
    public var base = 0.5
    /// Seconds at most between two attempts.
    public var cap = 20.0
    /// Seconds of `Retry-After` that are waited for; a server that asks for more is given up.
    public var patience = 60
    /// A number in 0...1 that scales the upper half of each pause, so that many clients do not return at once.
    /// Handed in, since chance is the executable's; all pauses are full without it.
    public var jitter: @Sendable () -> Double = { 1 }

    public init() {}

    /// Seconds to wait after the given number of failed attempts.
    public func pause(after failures: Int) -> Double {
        var pause = base
        for _ in 1..<max(1, failures) where pause < cap { pause *= 2 }
        return min(pause, cap) * (0.5 + 0.5 * min(max(jitter(), 0), 1))
    }
}
