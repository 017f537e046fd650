import Failures

/// A file that is no ELF file, or one whose tables contradict themselves or lead outside it.
public struct ELFError: Failure, Equatable {
    public enum Reason: Sendable, Hashable {
        /// The first bytes are not `\x7fELF`.
        case notELF
        /// A kind of ELF file that is not read here, in words.
        case unsupported(String)
        /// What is damaged, in words.
        case damaged(String)
        /// The reader handed in could not deliver, in its words.
        case unreadable(String)
    }

    public let name: String
    public let reason: Reason

    public init(name: String, reason: Reason) {
        self.name = name
        self.reason = reason
    }

    public var kind: FailureKind {
        if case .unreadable = reason { return .inputOutput }
        return .damaged
    }

    public var description: String {
        switch reason {
        case .notELF: "cannot read '\(name)' as an ELF file: it does not start with the bytes 7f 45 4c 46"
        case .unsupported(let what):
            "cannot read the ELF file '\(name)': \(what); little-endian files of 32 and 64 bits are read"
        case .damaged(let what): "the ELF file '\(name)' is damaged: \(what); get it anew"
        case .unreadable(let cause): "cannot read the ELF file '\(name)': \(cause)"
        }
    }
}
