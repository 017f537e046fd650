import CLinux
import Glibc

/// A program running beside this one, with pipes to its input and output. Its environment is what is given and
/// nothing else; descriptors of this process that are marked close-on-exec are not handed on.
public final class ChildProcess {
    public struct SpawnError: Error, Equatable, CustomStringConvertible {
        public let executable: String
        public let code: Int32
        public var description: String { "cannot run '\(executable)': \(String(cString: strerror(code)))" }
    }

    public enum Termination: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// A program that ends early shows in what `send` returns, not in a signal that ends this process.
    private static let ignoresBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    private let process: pid_t
    private var input: Int32
    private let output: Int32
    private var buffered: [UInt8] = []
    private var termination: Termination?

    /// - Parameters:
    ///   - directory: where it runs.
    ///   - mergingErrors: whether what it writes to standard error comes with its output; else it is thrown away.
    public init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        directory: String = "/",
        mergingErrors: Bool = false
    ) throws(SpawnError) {
        Self.ignoresBrokenPipes
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard airlift_pipe(&toChild) == 0 else { throw SpawnError(executable: executable, code: errno) }
        guard airlift_pipe(&fromChild) == 0 else {
            let code = errno
            toChild.forEach { close($0) }
            throw SpawnError(executable: executable, code: code)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        var nowhere: Int32 = -1
        defer { if nowhere >= 0 { close(nowhere) } }
        if mergingErrors {
            posix_spawn_file_actions_adddup2(&actions, fromChild[1], 2)
        } else {
            // A root file system with nothing in it has no /dev/null; bytes in memory go with their last reader.
            nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
            if nowhere < 0 { nowhere = airlift_memory_file() }
            posix_spawn_file_actions_adddup2(&actions, nowhere, 2)
        }
        airlift_spawn_in(&actions, directory)
        var process = pid_t()
        let argv = ([executable] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        let status = posix_spawn(&process, executable, &actions, nil, argv, envp)
        close(toChild[0])
        close(fromChild[1])
        guard status == 0 else {
            close(toChild[1])
            close(fromChild[0])
            throw SpawnError(executable: executable, code: status)
        }
        self.process = process
        input = toChild[1]
        output = fromChild[0]
    }

    deinit {
        if input >= 0 { close(input) }
        close(output)
        if termination == nil {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
    }

    /// - Returns: false once the program no longer reads.
    public func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { write(input, $0.baseAddress! + done, bytes.count - done) }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            done += count
        }
        return true
    }

    public func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// The next line without its newline; nil at the end of the output.
    public func readLine() -> String? {
        while true {
            if let end = buffered.firstIndex(of: 0x0a) {
                let line = String(decoding: buffered[..<end], as: UTF8.self)
                buffered.removeFirst(end + 1)
                return line
            }
            var chunk = [UInt8](repeating: 0, count: 4_096)
            let count = read(output, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                guard !buffered.isEmpty else { return nil }
                defer { buffered = [] }
                return String(decoding: buffered, as: UTF8.self)
            }
            buffered.append(contentsOf: chunk[..<count])
        }
    }

    /// Everything that is still to come, up to `limit` bytes.
    public func readAll(limit: Int = 16 << 20) -> String {
        var lines: [String] = []
        var size = 0
        while size < limit, let line = readLine() {
            lines.append(line)
            size += line.utf8.count + 1
        }
        return lines.joined(separator: "\n")
    }

    /// Closes the program's input and waits for its end.
    public func wait() -> Termination {
        if let termination { return termination }
        closeInput()
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        let result: Termination = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
        termination = result
        return result
    }
}
