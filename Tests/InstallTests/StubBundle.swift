import Digests
import Foundation
import TestSupport

/// The stub with its numbers filled in, and behind it a shell script that stands for the installer.
struct StubBundle {
    static let stubURL = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../installers/stub.sh").standardized

    /// Prints what it was given and leaves with 42, having removed its copy as the installer does.
    static let fakeInstaller = """
        #!/bin/sh
        if [ "$1" = --airlift-probe ]; then echo airlift; exit; fi
        [ "$1 $3" = "--airlift-bundle --airlift-unlink" ] || exit 99
        [ -f "$2" ] && echo "bundle $2"
        echo "mask $(umask)" "holder ${4%/*}" "input $(readlink /proc/self/fd/0)"
        ls -ld "$4" | cut -c 1-10
        rm "$4/airlift-installer" && rmdir "$4" || exit 98
        shift 4
        for argument; do echo "argument <$argument>"; done
        exit 42

        """

    var stub: [UInt8]
    var installer: [UInt8]
    var bytes: [UInt8] { stub + installer }

    init(name: String = "payroll", machine: String = "x86_64") throws {
        var installer = Array(Self.fakeInstaller.utf8)
        installer += Array(repeating: UInt8(ascii: "\n"), count: 3 * 4096 - installer.count)
        let text = try String(contentsOf: Self.stubURL, encoding: .utf8)
        let digest = SHA256.hash(installer).hex
        var pages = 1
        while true {
            let filled = Self.fill(
                text,
                [
                    "@NAME@": name, "@VERSION@": "2026.11.21", "@MACHINE@": machine,
                    "@OFFSET@": Self.digits(pages * 4096),
                    "@SIZE@": Self.digits(installer.count), "@SHA256@": digest,
                ])
            let missing = pages * 4096 - (filled.utf8.count - "@PADDING@".utf8.count)
            if missing > 0 {
                let padding = String(repeating: "#", count: missing)
                stub = Array(Self.fill(filled, ["@PADDING@": padding]).utf8)
                break
            }
            pages += 1
        }
        self.installer = installer
    }

    private static func fill(_ text: String, _ values: [String: String]) -> String {
        values.reduce(text) { $0.replacing($1.key, with: $1.value) }
    }

    private static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }
}

/// What a program left behind.
struct Ran {
    var code: Int32
    var output: String
    var errors: String
}

/// Runs a program found on PATH with nothing in its environment but what is given.
func run(_ command: [String], in directory: String, environment: [String: String] = [:]) throws -> Ran {
    var variables = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    variables.merge(environment) { $1 }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    // The threads that tests run on block signals, and a child inherits that.
    process.arguments = ["--default-signal", "-i"] + variables.map { "\($0.key)=\($0.value)" } + command
    process.currentDirectoryURL = URL(filePath: directory)
    let scratch = TemporaryDirectory()
    let files = ["output", "errors"].map { URL(filePath: scratch.path).appending(path: $0) }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    return Ran(code: process.terminationStatus, output: texts[0], errors: texts[1])
}
