import Failures
import Glibc
import Synchronization

/// A file to which each run appends what it says: `2026-11-21T09:30:00Z airlift-installer[4711] info: …`.
///
/// Lines of runs at the same time do not mix: each is one write to a file that is open for appending.
final class LogFile: Sendable {
    struct NotOpened: Failure {
        let path: String
        let reason: String

        var kind: FailureKind { .inputOutput }
        var description: String {
            "cannot append to the log '\(path.printable)': \(reason); name another file with --log-file"
        }
    }

    let path: String
    private let name: String
    private let descriptor: Int32
    private let hasFailed = Atomic(false)

    private init(path: String, name: String, descriptor: Int32) {
        self.path = path
        self.name = name
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Opens the file, or makes it. A link is refused: whoever may write into the directory could have planted it.
    static func open(_ path: String, name: String) throws -> LogFile {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        let descriptor = Glibc.open(path, flags, 0o644)
        guard descriptor >= 0 else {
            let reason = errno == ELOOP ? "it is a symbolic link" : String(cString: strerror(errno))
            throw NotOpened(path: path, reason: reason)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, [S_IFREG, S_IFCHR].contains(status.st_mode & S_IFMT) else {
            close(descriptor)
            throw NotOpened(path: path, reason: "it is not a file")
        }
        return LogFile(path: path, name: name, descriptor: descriptor)
    }

    /// Appends each line of a text. A log that cannot be written keeps no work from being done: it is said once.
    func append(_ level: Messages.Level, _ text: String) {
        let head = "\(Timestamp.now) \(name)[\(getpid())] \(level.rawValue): "
        for line in text.split(separator: "\n") {
            let bytes = Array((head + Style.plain(String(line)).printable + "\n").utf8)
            var count: Int
            repeat {
                count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress!, $0.count) }
            } while count < 0 && errno == EINTR
            guard count < bytes.count else { continue }
            let reason = count < 0 ? String(cString: strerror(errno)) : "the file takes no more"
            if !hasFailed.exchange(true, ordering: .relaxed) {
                Messages.write("note: the log '\(path.printable)' lacks a line: \(reason)")
            }
        }
    }
}

/// The moment, as documents and logs have it.
public enum Timestamp {
    /// RFC 3339, UTC, whole seconds.
    public static var now: String { text(time(nil)) }

    /// SOURCE_DATE_EPOCH (reproducible-builds.org) in its place, where it is set.
    public static var reproducible: String {
        text(getenv("SOURCE_DATE_EPOCH").flatMap { Int(String(cString: $0)) } ?? time(nil))
    }

    private static func text(_ moment: Int) -> String {
        var seconds = moment
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
