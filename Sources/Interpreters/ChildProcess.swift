import Glibc

/// A program run to its end, with its output gathered in memory.
struct ChildProcess {
    let exitCode: Int32
    let output: [UInt8]
    let errors: [UInt8]

    struct Failed: Error, CustomStringConvertible { let description: String }

    /// The first line of what the program complained of, for messages.
    var complaint: String {
        let line = errors.split(separator: UInt8(ascii: "\n")).last { !$0.isEmpty } ?? []
        return line.isEmpty ? "said nothing" : "said '\(String(decoding: line.prefix(300), as: UTF8.self))'"
    }

    /// - Parameters:
    ///   - environment: all of it; nothing is inherited.
    ///   - seconds: after these the program is killed, which is an error.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String], seconds: Int = 120
    ) throws(Failed) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var output: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        guard pipe(&output) == 0 else { throw failed("open a pipe for", program, errno) }
        guard pipe(&errors) == 0 else {
            let code = errno
            for end in output { close(end) }
            throw failed("open a pipe for", program, code)
        }
        for end in output + errors { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errors[1], 2)

        var argv = ([program] + arguments).map { strdup($0) } + [nil]
        var envp = environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var child: pid_t = 0
        let status = posix_spawn(&child, program, &actions, nil, &argv, &envp)
        close(output[1])
        close(errors[1])
        guard status == 0 else {
            close(output[0])
            close(errors[0])
            throw failed("start", program, status)
        }
        let (texts, complete) = gather([output[0], errors[0]], seconds: seconds)
        if !complete { kill(child, SIGKILL) }
        var waited: Int32 = 0
        while waitpid(child, &waited, 0) < 0, errno == EINTR {}
        guard complete else {
            throw Failed(
                description: "'\(program)' did not end within \(seconds) seconds or wrote without end")
        }
        let code = waited & 0x7f == 0 ? (waited >> 8) & 0xff : 128 + (waited & 0x7f)
        return ChildProcess(exitCode: code, output: texts[0], errors: texts[1])
    }

    private static func failed(_ operation: String, _ program: String, _ code: Int32) -> Failed {
        Failed(description: "cannot \(operation) '\(program)': \(String(cString: strerror(code)))")
    }

    /// Reads both pipes to their ends; false when the time or 16 MiB are exceeded first.
    private static func gather(_ pipes: [Int32], seconds: Int) -> ([[UInt8]], Bool) {
        var texts: [[UInt8]] = [[], []]
        var open = [true, true]
        defer { for pipe in pipes { close(pipe) } }
        var start = timespec()
        clock_gettime(CLOCK_MONOTONIC, &start)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while open[0] || open[1] {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            let left = seconds - (now.tv_sec - start.tv_sec)
            guard left > 0, texts[0].count + texts[1].count < 16 << 20 else { return (texts, false) }
            var polled = (0..<2).map {
                pollfd(fd: open[$0] ? pipes[$0] : -1, events: Int16(POLLIN), revents: 0)
            }
            guard poll(&polled, 2, Int32(left) * 1_000) > 0 else { continue }
            for index in 0..<2 where polled[index].revents != 0 {
                let count = read(pipes[index], &buffer, buffer.count)
                if count > 0 { texts[index] += buffer[..<count] }
                if count == 0 || (count < 0 && errno != EINTR) { open[index] = false }
            }
        }
        return (texts, true)
    }
}

/// The program of this name on PATH, or the path itself where it names one; nil where there is none.
func findProgram(_ name: String, path: String?) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 && !isDirectory(name) ? name : nil }
    for directory in (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
        let candidate = "\(directory)/\(name)"
        if access(candidate, X_OK) == 0, !isDirectory(candidate) { return candidate }
    }
    return nil
}

func isDirectory(_ path: String) -> Bool {
    var value = stat()
    return stat(path, &value) == 0 && value.st_mode & S_IFMT == S_IFDIR
}

func isFile(_ path: String) -> Bool {
    var value = stat()
    return stat(path, &value) == 0 && value.st_mode & S_IFMT == S_IFREG
}

/// The path without symbolic links; nil where there is nothing.
func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}
