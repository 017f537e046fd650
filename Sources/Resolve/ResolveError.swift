import Failures
import Lock
import Wheels

/// Something that is asked for and cannot be had: what, by which line, and why.
public struct ResolveError: Failure, Equatable {
    /// A project, with its version where it has one.
    public let subject: String
    /// The lines that ask for it.
    public let places: [Place]
    /// What was expected, what there is, and what to do.
    public let reason: String
    public let kind: FailureKind

    init(_ subject: String, _ places: [Place], _ reason: String, kind: FailureKind = .refused) {
        self.subject = subject
        self.places = places
        self.reason = reason
        self.kind = kind
    }

    public var description: String {
        let asked = places.isEmpty ? "" : " (\(places.map(\.description).joined(separator: "; ")))"
        return "cannot lock \(subject)\(asked): \(reason)"
    }
}
