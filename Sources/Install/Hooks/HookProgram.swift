import Bundle
import Failures
import Files
import Glibc

/// Where the program of a hook lies.
struct HookProgram {
    /// The prefix, absolute.
    let prefix: String
    /// The host's, without the prefix's own `bin`.
    let path: String

    /// - Returns: an absolute path.
    /// - Throws: a reason in words, which follows the hook's name.
    func find(_ name: String) throws(HookFault) -> String {
        if name.utf8.first == UInt8(ascii: "/") { return try judged(name) }
        if name.utf8.contains(UInt8(ascii: "/")) { return try judged("\(prefix)/\(name)") }
        let directories =
            ["\(prefix)/bin"]
            + path.split(separator: ":").map(String.init).filter { $0.utf8.first == UInt8(ascii: "/") }
        for directory in directories {
            let candidate = "\(directory)/\(name)"
            if fault(of: candidate) == nil { return candidate }
        }
        throw HookFault(
            "there is no program '\(name.printable)' in '\(prefix)/bin', nor on the PATH of this host (\(path))"
        )
    }

    private func judged(_ candidate: String) throws(HookFault) -> String {
        if let fault = fault(of: candidate) { throw HookFault("'\(candidate.printable)' \(fault)") }
        return candidate
    }

    private func fault(of candidate: String) -> String? {
        var status = stat()
        guard stat(candidate, &status) == 0 else {
            return errno == ENOENT || errno == ENOTDIR
                ? "does not exist" : "cannot be reached: \(String(cString: strerror(errno)))"
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return "is a directory and no program"
        default: return "is no file"
        }
        return access(candidate, X_OK) == 0 ? nil : "is not executable for this user"
    }
}

/// Why a hook did not run, or how it ended: words that follow its name.
struct HookFault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
