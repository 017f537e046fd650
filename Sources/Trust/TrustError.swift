import Failures

/// A signature, a key or a list of signers that is malformed, or that does not hold.
public struct TrustError: Failure, Equatable {
    /// What was read or judged: a file, a file and its line, or the name of a signature.
    public let subject: String
    public let reason: String
    public let kind: FailureKind

    public init(_ subject: String, _ reason: String, kind: FailureKind = .trust) {
        self.subject = subject
        self.reason = reason
        self.kind = kind
    }

    public var description: String { "'\(subject.printable)': \(reason.printable)" }
}
