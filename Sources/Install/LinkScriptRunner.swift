import Conda
import Failures
import Files
import Glibc
import Workers

/// Runs link scripts as conda does: sourced by bash, in the environment activated, in its `bin`.
struct LinkScriptRunner {
    /// The prefix, absolute.
    let prefix: String
    let directory: Directory
    /// Where the activation script lies, relative to the prefix.
    let activation: RelativePath
    /// Of the installer's own process.
    let environment: [String: String]
    /// Seconds for each script.
    let limit: Int

    /// Bytes of a script's output that are kept.
    private static let logLimit = 16 << 20
    private static let messages = ".messages.txt"

    /// - Throws: `InstallError` of kind `hostRequirements` that names script, end and last words.
    func run(_ script: LinkScript) throws -> LinkScriptResult {
        guard try directory.status(of: RelativePath(script.path))?.kind == .file else {
            throw InstallError(
                .damaged,
                "\(script.distribution) should bring the link script '\(script.path)', which is not there")
        }
        let messages = try RelativePath(Self.messages)
        let logName = ".airlift/link-scripts/\(script.distribution).\(script.action.rawValue).log"
        let logPath = try RelativePath(logName)
        if let holder = logPath.parent { _ = try directory.createDirectories(holder) }
        try directory.remove(logPath)
        let log = try directory.createFile(logPath)
        var tail = OutputTail()
        var kept = 0
        let end: BoundedProcess.End
        do {
            end = try process(script).run(started: { try UnfinishedMark.note($0, in: directory) }) { bytes in
                tail.append(bytes)
                let piece = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.logLimit - kept))
                kept += piece.count
                try log.write(piece)
            }
        } catch let error as ChildProcess.SpawnError {
            throw InstallError(.hostRequirements, "cannot run the link script '\(script.path)': \(error)")
        }
        let said = try take(messages)
        guard end == .exited(0) else { throw failure(script, end, tail, said) }
        return LinkScriptResult(package: script.package, action: script.action, log: logName, messages: said)
    }

    private func process(_ script: LinkScript) throws -> BoundedProcess {
        var variables = environment.filter { !Self.isLeftOut($0.key) }
        variables["PATH"] =
            variables["PATH"] ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        variables["PREFIX"] = prefix
        variables["ROOT_PREFIX"] = prefix
        variables["PKG_NAME"] = script.package
        variables["PKG_VERSION"] = script.version
        variables["PKG_BUILDNUM"] = String(try buildNumber(script))
        let words = [activation.string, script.path].map { ". " + shellQuoted("\(prefix)/\($0)") }
        return BoundedProcess(
            shell(variables["PATH"] ?? ""), ["-c", words.joined(separator: " && ")], environment: variables,
            directory: "\(prefix)/bin", limit: limit)
    }

    /// What belongs to another environment or would run before the script.
    private static func isLeftOut(_ name: String) -> Bool {
        ["PYTHON", "CONDA", "_CE_", "__CONDA", "VIRTUAL_ENV", "_airlift"].contains { name.hasPrefix($0) }
            || ["BASH_ENV", "ENV", "PS1", "SHELLOPTS", "BASHOPTS"].contains(name)
            || name.hasPrefix("BASH_FUNC_")
    }

    /// The host's bash; else its sh, as conda.
    private func shell(_ path: String) -> String {
        let directories = path.split(separator: ":").map(String.init) + ["/bin", "/usr/bin"]
        for name in ["bash", "sh"] {
            for directory in directories where directory.hasPrefix("/") {
                let candidate = "\(directory)/\(name)"
                if access(candidate, X_OK) == 0 { return candidate }
            }
        }
        return "/bin/sh"
    }

    /// From the package's record in the prefix.
    private func buildNumber(_ script: LinkScript) throws -> Int64 {
        let path = try RelativePath("conda-meta/\(script.distribution).json")
        let json = try directory.contents(of: path)
        var failure: CondaError?
        let number = json.withUnsafeBytes { bytes -> Int64 in
            var number: Int64 = 0
            do throws(CondaError) {
                var scanner = JSONScanner(bytes)
                try scanner.object { (scanner, key) throws(CondaError) in
                    if case "build_number" = key {
                        number = try scanner.integer()
                    } else {
                        try scanner.skip()
                    }
                }
            } catch { failure = error }
            return number
        }
        if let failure { throw InstallError(.damaged, "'\(prefix)/\(path)' is malformed: \(failure)") }
        return number
    }

    /// What scripts leave for people to read; conda shows it and takes it away, too.
    private func take(_ path: RelativePath) throws -> String {
        guard try directory.status(of: path)?.kind == .file else { return "" }
        let file = try directory.openFile(path)
        let text = String(decoding: try file.bytes(at: 0, count: 64 << 10), as: UTF8.self)
        try directory.remove(path)
        return text.split(separator: "\n").map { String($0).printable }.joined(separator: "\n")
    }

    private func failure(
        _ script: LinkScript, _ end: BoundedProcess.End, _ tail: OutputTail, _ messages: String
    ) -> InstallError {
        let how =
            switch end {
            case .exited(let code): "ended with exit status \(code)"
            case .signalled(let signal): "was ended by signal \(signal)"
            case .timedOut: "did not end within \(limit) seconds (--link-script-timeout)"
            }
        let words = (tail.lines + messages.split(separator: "\n").suffix(5).map(String.init)).joined(
            separator: " / ")
        return InstallError(
            .hostRequirements,
            "the \(script.action.rawValue) script of \(script.distribution) ('\(prefix)/\(script.path)') \(how)\(words.isEmpty ? " and said nothing" : "; it said last: \(words)")"
        )
    }
}

/// The end of a program's output.
struct OutputTail {
    private static let limit = 2_048
    private static let count = 12
    private var bytes: [UInt8] = []

    mutating func append(_ piece: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: piece.suffix(Self.limit))
        if bytes.count > Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    /// The last lines that say something, fit for a terminal.
    var lines: [String] {
        bytes.split(separator: 0x0a).map { String(decoding: $0, as: UTF8.self).printable }
            .filter { !$0.allSatisfy(\.isWhitespace) }.suffix(Self.count)
    }
}
