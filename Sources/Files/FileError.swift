import Failures
import Glibc

/// An operation of the file system that failed: what was tried, on which path, and the system's reason.
public struct FileError: Failure, Equatable {
    public let operation: String
    public let path: String
    /// The system's error number (errno(3)).
    public let code: Int32

    public init(_ operation: String, _ path: String, code: Int32 = errno) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    public var kind: FailureKind {
        switch code {
        case EEXIST, ENOTEMPTY, EWOULDBLOCK: .targetInTheWay
        default: .inputOutput
        }
    }

    public var description: String {
        let advice: String
        switch code {
        case ENOSPC, EDQUOT: advice = "; free some space or choose another place"
        case ESPIPE: advice = " (it is a pipe or socket); write it to a file first"
        case EROFS: advice = "; mount it writable, or choose another place"
        case EACCES, EPERM: advice = "; choose a place that this user may write to"
        case EWOULDBLOCK: advice = "; another process is at work here, try again when it has ended"
        case EMFILE, ENFILE: advice = "; raise the limit of open files (ulimit -n)"
        default: advice = ""
        }
        return "cannot \(operation) '\(path.printable)': \(String(cString: strerror(code)))\(advice)"
    }
}

/// Repeats a system call that a signal interrupted, and turns -1 into an error.
func retrying(_ operation: String, _ path: @autoclosure () -> String, _ call: () -> Int32) throws(FileError)
    -> Int32
{
    while true {
        let result = call()
        if result >= 0 { return result }
        if errno != EINTR { throw FileError(operation, path()) }
    }
}
