import ArgumentParser
import Failures
import Glibc
import Workers

/// What both executables do around a command: signals, umask, errors as sentences, exit codes.
public enum CommandLineTool {
    /// Runs the command that the arguments name, and ends the process.
    public static func run(_ root: any ParsableCommand.Type, name: String, arguments: [String]) -> Never {
        Interruption.watch()
        _ = signal(SIGPIPE, SIG_IGN)
        umask(0o022)
        let command: any ParsableCommand
        do { command = try root.parseAsRoot(arguments) } catch {
            finish(parsing: error, root, json: arguments.contains("--json"))
        }
        do {
            var command = command
            try command.run()
            exit(0)
        } catch {
            finish(running: error, root, name: name, json: arguments.contains("--json"))
        }
    }

    /// Help and versions are answers; anything else that parsing throws is wrong usage.
    private static func finish(
        parsing error: any Error, _ root: any ParsableCommand.Type, json: Bool
    ) -> Never {
        let message = root.fullMessage(for: error)
        guard root.exitCode(for: error) != .success else {
            put(message)
            exit(0)
        }
        let code = FailureKind.usage.rawValue
        if json { report(ErrorDocument(root.message(for: error), code)) }
        say(message)
        exit(code)
    }

    private static func finish(
        running error: any Error, _ root: any ParsableCommand.Type, name: String, json: Bool
    ) -> Never {
        if let code = error as? ExitCode { exit(code.rawValue) }
        // Help may also come out of running, and wrong usage: which command it was, parsing alone could tell.
        let verdict = root.exitCode(for: error)
        if verdict == .success { finish(parsing: error, root, json: json) }
        if verdict == .validationFailure {
            let code = FailureKind.usage.rawValue
            let words = root.message(for: error)
            if json { report(ErrorDocument(words, code)) }
            say("\(name): \(words)")
            exit(code)
        }
        // Whatever came of being stopped is no news.
        let error = Interruption.signal.map { Interrupted(signal: $0) } ?? error
        let code = exitCode(of: error)
        if json { report(ErrorDocument(sentence(of: error), code)) }
        // What an error quotes may come out of a hostile file.
        for line in sentence(of: error).split(separator: "\n") { say("\(name): \(String(line).printable)") }
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

    private static func report(_ document: ErrorDocument) {
        try? putDocument(document)
    }
}
