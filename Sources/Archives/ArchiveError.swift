import Failures

/// An archive that is damaged or that a careful reader refuses.
public struct ArchiveError: Failure, Equatable {
    public let archive: String
    public let member: String?
    public let reason: String

    public init(_ archive: String, member: String? = nil, _ reason: String) {
        self.archive = archive
        self.member = member
        self.reason = reason
    }

    public var kind: FailureKind { .damaged }

    public var description: String {
        let subject =
            member.map { "the member '\($0.printable)' of '\(archive)'" } ?? "the archive '\(archive)'"
        return "\(subject) is refused: \(reason)"
    }
}
