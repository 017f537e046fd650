import Failures

/// An installation that was refused or failed.
public struct InstallError: Failure, Equatable {
    public let kind: FailureKind
    public let description: String

    public init(_ kind: FailureKind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
