import ArgumentParser
import Failures
import Glibc
import Workers

/// What both executables do around a command: signals, umask, messages and log, errors as sentences, exit codes.
public struct CommandLineTool {
    private let root: any ParsableCommand.Type
    private let name: String
    private let arguments: [String]
    private let begun = ContinuousClock.now
    private var json: Bool

    /// Runs the command that the arguments name, and ends the process.
    public static func run(_ root: any ParsableCommand.Type, name: String, arguments: [String]) -> Never {
        Interruption.watch()
        _ = signal(SIGPIPE, SIG_IGN)
        umask(0o022)
        var tool = CommandLineTool(root, name, arguments)
        tool.run()
    }

    private init(_ root: any ParsableCommand.Type, _ name: String, _ arguments: [String]) {
        self.root = root
        self.name = name
        self.arguments = arguments
        // All that is known of options that may not be understood.
        json = arguments.prefix { $0 != "--" }.contains("--json")
    }

    private mutating func run() -> Never {
        var command: any ParsableCommand
        do {
            try MistypedCommand.check(arguments, of: root)
            command = try root.parseAsRoot(arguments)
        } catch {
            finish(parsing: error)
        }
        do {
            if let output = command.outputOptions {
                json = output.json
                try begin(quiet: output.quiet, verbose: output.verbose, log: output.logFile)
            }
            try command.run()
            end(0)
        } catch {
            finish(running: error)
        }
    }

    private func begin(quiet: Bool, verbose: Bool, log: String?) throws {
        try Messages.begin(
            program: name, quiet: quiet, verbose: verbose, log: log.map { try LogFile.open($0, name: name) },
            "\(name) \(root.configuration.version), by user \(getuid()): ", arguments)
    }

    /// The log that is asked for by options that were not understood.
    private var guessedLog: String? {
        let options = arguments.prefix { $0 != "--" }
        let head = "--log-file"
        if let joined = options.last(where: { $0.hasPrefix(head + "=") }) {
            return String(joined.dropFirst(head.count + 1))
        }
        return options.lastIndex(of: head).flatMap { $0 + 1 < options.endIndex ? options[$0 + 1] : nil }
    }

    /// Help and versions are answers; anything else that parsing throws is wrong usage.
    private func finish(parsing error: any Error) -> Never {
        let message = root.fullMessage(for: error)
        guard root.exitCode(for: error) != .success else {
            put(message)
            exit(0)
        }
        try? begin(quiet: false, verbose: false, log: guessedLog)
        refuse(root.message(for: error), saying: message)
    }

    private func refuse(_ words: String, saying message: String) -> Never {
        let code = FailureKind.usage.rawValue
        if json { report(ErrorDocument(words, code)) }
        Messages.write(message)
        Messages.log(.error, words)
        end(code)
    }

    private func finish(running error: any Error) -> Never {
        if let code = error as? ExitCode { end(code.rawValue) }
        // Help may also come out of running, and wrong usage: which command it was, parsing alone could tell.
        let verdict = root.exitCode(for: error)
        if verdict == .success { finish(parsing: error) }
        if verdict == .validationFailure {
            let words = root.message(for: error)
            refuse(words, saying: "\(name): \(words)")
        }
        // Whatever came of being stopped is no news.
        let error = Interruption.signal.map { Interrupted(signal: $0) } ?? error
        let code = Self.exitCode(of: error)
        let sentence = Self.sentence(of: error)
        if json { report(ErrorDocument(sentence, code)) }
        // What an error quotes may come out of a hostile file.
        for line in sentence.split(separator: "\n") { Messages.write("\(name): \(String(line).printable)") }
        Messages.log(.error, sentence)
        end(code)
    }

    private func end(_ code: Int32) -> Never {
        Messages.detail("ended with exit code \(code) after \(Seconds.text(since: begun))")
        exit(code)
    }

    public static func exitCode(of error: any Error) -> Int32 {
        switch error {
        case let failure as any Failure: failure.kind.rawValue
        case let interrupted as Interrupted: 128 + interrupted.signal
        default: FailureKind.fault.rawValue
        }
    }

    public static func sentence(of error: any Error) -> String {
        switch error {
        case let failure as any Failure: failure.description
        case let interrupted as Interrupted: interrupted.description
        default: "a fault of this program's own, please report it: \(error)"
        }
    }

    /// The one document on standard output when a command with `--json` fails.
    private struct ErrorDocument: Encodable {
        struct Body: Encodable {
            let code: Int32
            let messages: [String]
        }

        let error: Body

        init(_ text: String, _ code: Int32) {
            error = Body(code: code, messages: text.split(separator: "\n").map(String.init))
        }
    }

    private func report(_ document: ErrorDocument) {
        try? putDocument(document)
    }
}

enum Seconds {
    /// `1.25 s`.
    static func text(since begun: ContinuousClock.Instant) -> String {
        let (seconds, attoseconds) = begun.duration(to: .now).components
        let hundredths = Int(attoseconds / 10_000_000_000_000_000)
        return "\(seconds).\(hundredths < 10 ? "0" : "")\(hundredths) s"
    }
}
