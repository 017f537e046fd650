/// What kind of thing went wrong. The raw value is the exit code of both executables.
public enum FailureKind: Int32, Sendable {
    case difference = 1
    case usage = 2
    case damaged = 3
    case trust = 4
    case hostRequirements = 5
    case targetInTheWay = 6
    case inputOutput = 7
    case refused = 8
    case network = 9
    case fault = 70
}

/// An error that a person reads: its description is one sentence that names the operation, the subject,
/// what was expected and what was found, the cause, and what to do.
public protocol Failure: Error, CustomStringConvertible, Sendable {
    var kind: FailureKind { get }
}

/// Several failures of one input, reported together: validation collects before it throws.
public struct FailureList: Failure {
    public let failures: [any Failure]

    public init(_ failures: [any Failure]) {
        precondition(!failures.isEmpty, "a list of failures names at least one")
        self.failures = failures
    }

    /// The kind of the first failure.
    public var kind: FailureKind { failures[0].kind }

    public var description: String { failures.map(\.description).joined(separator: "\n") }
}
