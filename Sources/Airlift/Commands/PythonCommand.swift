import ArgumentParser
import Bundle
import Console
import Digests
import Glibc
import Interpreters

struct PythonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "python", abstract: "Work with base interpreters.",
        discussion: "Example:\n  airlift python capture /usr/bin/python3 -o cpython-linux-64.tar.zst",
        subcommands: [Capture.self])

    struct Capture: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "capture", abstract: "Make a relocatable archive of an interpreter of this machine.",
            discussion: """
                Examples:
                  airlift python capture /usr/bin/python3 -o cpython-3.11-linux-64.tar.zst
                  airlift python capture python3.12 -o cpython-3.12.tar.zst

                Executable, standard library, extension modules and the shared libraries that
                they need outside glibc, libgcc and libstdc++. The same interpreter gives the
                same bytes each time. In a spec: [python] archive =
                "cpython-3.11-linux-64.tar.zst" and sha256 = "…" carry it.
                """)

        @Argument(help: "The interpreter: a path, or a name on PATH.", completion: .file())
        var python: String

        @Option(name: .shortAndLong, help: "The archive to write.", completion: .file())
        var output: String

        @OptionGroup var format: OutputOptions

        func run() throws {
            let captured = try InterpreterCapture.capture(python: python, to: output)
            let description = captured.description
            try format.document(
                "python-capture",
                Document(
                    archive: output, description: description, sha256: captured.sha256.hex,
                    size: captured.size))
            format.tell(
                """
                Captured \(description.implementation) \(description.version) for \(description.platform): \(output), \(ByteCount.text(captured.size)), \(captured.files.count) files.
                SHA-256 \(captured.sha256)
                It needs glibc \(description.glibc) or later.
                """)
            for module in description.missingModules {
                format.notice("left out: \(module.name) (\(module.reason))")
            }
        }

        private struct Document: Encodable {
            let archive: String
            let description: InterpreterDescription
            let sha256: String
            let size: UInt64
        }
    }
}
