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
            try format.document("python-capture", Document(captured, archive: output))
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
            struct LeftOut: Encodable {
                let name: String
                let reason: String
            }

            let abi: String
            let archive: String
            let files: Int
            let glibc: String
            let implementation: String
            let leftOut: [LeftOut]
            let platform: String
            let sha256: String
            let size: UInt64
            let version: String

            enum CodingKeys: String, CodingKey {
                case abi, archive, files, glibc, implementation, platform, sha256, size, version
                case leftOut = "left_out"
            }

            init(_ captured: CapturedInterpreter, archive: String) {
                let description = captured.description
                abi = description.abi
                self.archive = archive
                files = captured.files.count
                glibc = description.glibc
                implementation = description.implementation
                leftOut = description.leftOut.map { LeftOut(name: $0.name, reason: $0.reason) }
                platform = description.platform
                sha256 = captured.sha256.hex
                size = captured.size
                version = description.version
            }
        }
    }
}
