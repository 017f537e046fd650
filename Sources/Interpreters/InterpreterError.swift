import Failures

/// An interpreter that could not be captured, or an archive of one that cannot be read.
public struct InterpreterError: Failure, Equatable {
    public enum Reason: Sendable, Hashable {
        case missing
        /// What was run and what it answered.
        case noInterpreter(String)
        case wrongImplementation(String)
        /// The version found.
        case tooOld(String)
        /// A system or machine that no bundle is made for, in words.
        case unsupported(String)
        case toolMissing(program: String, package: String)
        /// A step that failed, in words.
        case failed(String)
        /// The archive is not what a capture writes, in words.
        case damagedArchive(String)
    }

    /// The interpreter or archive as the user named it.
    public let subject: String
    public let reason: Reason

    public init(_ subject: String, _ reason: Reason) {
        self.subject = subject
        self.reason = reason
    }

    public var kind: FailureKind {
        switch reason {
        case .missing, .noInterpreter, .wrongImplementation, .tooOld: .usage
        case .unsupported, .toolMissing: .hostRequirements
        case .failed: .inputOutput
        case .damagedArchive: .damaged
        }
    }

    public var description: String {
        switch reason {
        case .missing:
            "cannot capture the interpreter '\(subject)': there is no such program; name one that runs here,"
                + " such as /usr/bin/python3"
        case .noInterpreter(let answer):
            "cannot capture '\(subject)': it should answer as a Python interpreter and \(answer)"
        case .wrongImplementation(let found):
            "cannot capture the interpreter '\(subject)': CPython is expected and this is \(found)"
        case .tooOld(let found):
            "cannot capture the interpreter '\(subject)': Python 3.10 or newer is expected and this is \(found)"
        case .unsupported(let what): "cannot capture the interpreter '\(subject)': \(what)"
        case .toolMissing(let program, let package):
            "cannot capture the interpreter '\(subject)': the program '\(program)' is not here; install it with"
                + " 'apt-get install \(package)'"
        case .failed(let what): "cannot capture the interpreter '\(subject)': \(what)"
        case .damagedArchive(let what):
            "the interpreter archive '\(subject)' is damaged: \(what); capture the interpreter anew"
        }
    }
}
