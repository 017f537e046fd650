import Failures

/// A spec, requirements file or lock that cannot be used: which file, which line, and why.
public struct LockError: Failure, Equatable {
    /// The file as the caller named it.
    public let file: String
    /// Counted from 1; nil where the fault has no place of its own.
    public let line: Int?
    /// What was expected, what was found, and what to do.
    public let reason: String
    /// `.damaged` for what cannot be read, `.refused` for what is read and not done.
    public let kind: FailureKind

    public init(file: String, line: Int? = nil, reason: String, kind: FailureKind = .damaged) {
        self.file = file
        self.line = line
        self.reason = reason
        self.kind = kind
    }

    public var description: String {
        "cannot use '\(file)'\(line.map { ", line \($0)" } ?? ""): \(reason)"
    }
}
