import Failures

/// A bundle, or what should become one, that is damaged, malformed or refused.
public struct BundleError: Failure, Equatable {
    public let subject: String
    public let reason: String
    public let kind: FailureKind

    public init(_ subject: String, _ reason: String, kind: FailureKind = .damaged) {
        self.subject = subject
        self.reason = reason
        self.kind = kind
    }

    public var description: String { "'\(subject)': \(reason)" }
}
