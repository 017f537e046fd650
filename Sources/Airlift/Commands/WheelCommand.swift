import ArgumentParser
import Bundle
import Console
import Digests
import Failures
import Install
import Workers

struct WheelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wheel", abstract: "Work with single wheels.",
        discussion: "Example:\n  airlift wheel check dist/payroll-7.1-py3-none-any.whl",
        subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Say whether a wheel is one that a bundle may carry.",
            discussion: """
                Examples:
                  airlift wheel check dist/payroll-7.1-py3-none-any.whl
                  airlift wheel check --json wheelhouse/*.whl

                Each wheel is read whole: the ZIP layer, the layout, METADATA and WHEEL against
                the file name, size and hash of every member against RECORD, entry points, and
                the paths that it claims. Nothing is written. Exit code 3 when one is refused.
                """)

        @Argument(help: "Wheels.", completion: .file(extensions: ["whl"]))
        var files: [String]

        @OptionGroup var output: OutputOptions

        func run() throws {
            let verdicts = try parallelMap(files) { file -> Verdict in
                do { return .good(try WheelCheck.run(file)) } catch let failure as any Failure {
                    return .refused(Refusal(file: file, failure))
                }
            }
            var document = Document()
            for verdict in verdicts {
                switch verdict {
                case .good(let wheel):
                    document.wheels.append(wheel)
                    output.tell(
                        "\(wheel.filename): \(wheel.files) files, \(ByteCount.text(wheel.bytes)), SHA-256 \(wheel.sha256)"
                    )
                case .refused(let refusal):
                    document.refused.append(refusal)
                    for message in refusal.messages { output.complain("\(refusal.file): \(message)") }
                }
            }
            if output.json { try putDocument(document) }
            if !document.refused.isEmpty { throw ExitCode(FailureKind.damaged.rawValue) }
        }
    }

    private enum Verdict: Sendable {
        case good(WheelCheck)
        case refused(Refusal)
    }

    private struct Refusal: Encodable {
        let file: String
        let messages: [String]

        init(file: String, _ failure: any Failure) {
            self.file = file
            messages = failure.description.split(separator: "\n").map(String.init)
        }
    }

    private struct Document: Encodable {
        var formatVersion = 1
        var wheels: [WheelCheck] = []
        var refused: [Refusal] = []

        enum CodingKeys: String, CodingKey {
            case wheels, refused
            case formatVersion = "airlift_wheel_check"
        }
    }
}
