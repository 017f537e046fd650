import Digests
import Failures
import Files

/// Something that could not be fetched. Nothing of it was kept, and its text holds no credentials.
public struct FetchError: Failure, Equatable {
    public enum Reason: Equatable, Sendable {
        case offline
        /// A final answer of the server that is no success.
        case status(Int, attempts: Int)
        /// The server's `Retry-After` asks for more patience than there is. Seconds.
        case busy(status: Int, retryAfter: Int)
        /// In libcurl's words.
        case connection(String, attempts: Int)
        /// A redirect to a place that is not followed.
        case redirect(to: String)
        case unsupportedAddress(String)
        case wrongHash(expected: SHA256Digest, actual: SHA256Digest)
        /// Bytes. `actual` is nil where reading stopped at the first byte too many.
        case wrongSize(expected: UInt64, actual: UInt64?)
        /// More bytes than are read of such a thing.
        case tooLarge(limit: UInt64)
        /// What came is not what it should be; a clause that follows "it".
        case malformed(String)
        case file(FileError)
        /// Further failures that are not listed one by one.
        case more(count: Int)
        /// Stopped by a signal.
        case interrupted(signal: Int32)
        /// libcurl refused its own set-up.
        case library(String)
    }

    /// What was asked for, without credentials.
    public let subject: String
    public let reason: Reason

    /// - Parameter address: redacted here.
    /// - Parameter label: what the person calls it, where that is not the address itself.
    public init(_ address: String, label: String? = nil, _ reason: Reason) {
        let shown = redacted(address)
        if let label, !label.isEmpty, label != address {
            subject = "\(label) from \(shown)"
        } else {
            subject = shown
        }
        self.reason = reason
    }

    public var kind: FailureKind {
        switch reason {
        case .offline, .status, .busy, .connection, .redirect, .interrupted, .more: .network
        case .unsupportedAddress, .wrongHash, .wrongSize, .tooLarge, .malformed: .damaged
        case .file(let error): error.kind
        case .library: .fault
        }
    }

    public var description: String {
        switch reason {
        case .more(let count): "\(count) more could not be fetched"
        case .offline:
            "cannot fetch \(subject): it is not in the store, and offline nothing is asked of the network; fetch it once while connected"
        default: "cannot fetch \(subject): \(cause); nothing was kept"
        }
    }

    private var cause: String {
        switch reason {
        case .offline, .more: ""
        case .status(let status, let attempts):
            "the server answered \(status)\(statusWords(status))\(times(attempts))\(statusAdvice(status))"
        case .busy(let status, let seconds):
            "the server answered \(status)\(statusWords(status)) and asks to wait \(seconds) seconds; try again then"
        case .connection(let words, let attempts): words + times(attempts)
        case .redirect(let target):
            "the server redirects to \(redacted(target)), which is not followed (only http and https, never from https to http, ten times at most)"
        case .unsupportedAddress(let words): words
        case .wrongHash(let expected, let actual):
            "its SHA-256 is \(actual) and should be \(expected); what the server offers is not what was locked"
        case .wrongSize(let expected, let actual?): "it has \(actual) bytes and should have \(expected)"
        case .wrongSize(let expected, nil): "it is longer than the \(expected) bytes that it should have"
        case .tooLarge(let limit): "it is larger than the \(limit) bytes that are read of such a thing"
        case .malformed(let words): "it \(words)"
        case .file(let error): error.description
        case .interrupted(let signal): "stopped by signal \(signal)"
        case .library(let words): "libcurl says: \(words)"
        }
    }

    private func times(_ attempts: Int) -> String { attempts > 1 ? " (\(attempts) attempts)" : "" }

    private func statusAdvice(_ status: Int) -> String {
        switch status {
        case 401, 403, 407: "; check the credentials"
        case 404, 410: "; check the address"
        case 500...: "; try again later"
        default: ""
        }
    }
}

/// The usual words for a status code (RFC 9110 section 15), with a space before them.
private func statusWords(_ status: Int) -> String {
    switch status {
    case 400: " (bad request)"
    case 401: " (unauthorized)"
    case 403: " (forbidden)"
    case 404: " (not found)"
    case 410: " (gone)"
    case 416: " (range not satisfiable)"
    case 429: " (too many requests)"
    case 500: " (internal server error)"
    case 502: " (bad gateway)"
    case 503: " (service unavailable)"
    case 504: " (gateway timeout)"
    default: ""
    }
}
