import Failures

/// A tar archive that could not be read or written: which one, which member, and why.
public struct TarError: Failure, Equatable {
    public enum Reason: Sendable, Hashable {
        /// The bytes are not what they should be, in words.
        case damaged(String)
        /// Well-formed, and of a kind that is never unpacked, in words.
        case refused(String)
        /// The compressor or the system failed, in words.
        case failed(String)
    }

    /// The archive's path, for messages.
    public let archive: String
    /// The member's name as far as it is known.
    public let member: String?
    public let reason: Reason

    public init(archive: String, member: String? = nil, reason: Reason) {
        self.archive = archive
        self.member = member
        self.reason = reason
    }

    public var kind: FailureKind {
        switch reason {
        case .damaged, .refused: .damaged
        case .failed: .inputOutput
        }
    }

    public var description: String {
        let subject =
            member.map { "the member '\($0.printable)' of the tar archive '\(archive)'" }
            ?? "the tar archive '\(archive)'"
        switch reason {
        case .damaged(let what): return "\(subject) is damaged: \(what); get the archive anew"
        case .refused(let what): return "\(subject) is refused: \(what)"
        case .failed(let what): return "cannot write \(subject): \(what)"
        }
    }
}
