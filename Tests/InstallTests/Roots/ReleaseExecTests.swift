import Bundle
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// What `exec` runs in a release of conda packages.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct ReleaseExecTests {
    let landing = Landing("payroll root")
    var root: String { landing.prefix }

    /// Says its variables and arguments.
    private static let tool = CondaPackageBuilder.File.executable(
        "bin/tool",
        "#!/bin/sh\necho \"$CONDA_PREFIX|$CONDA_SHLVL|$AIRLIFT_RELEASE|${FROM_PACKAGE-}|${FROM_SCRIPT-}|${PYTHONPATH-}|$*\"\n"
    )

    private func install(_ files: [CondaPackageBuilder.File]) throws {
        let package = CondaPackageBuilder("tool", files: [Self.tool] + files)
        try landing.install(landing.bundle(conda: [package])) { $0.root = $0.prefix }
    }

    private func exec(_ command: [String], inheriting variables: [String: String]) throws -> Ran {
        let found = try ReleaseExec.resolve(
            root: root, release: nil, command: command, inheriting: variables)
        return try run(
            ["env", "-i"] + found.variables.map { "\($0.key)=\($0.value)" } + [found.executable]
                + found.argv.dropFirst(), in: "/")
    }

    private let inherited = [
        "PATH": "/usr/bin:/bin", "CONDA_PREFIX": "/elsewhere", "CONDA_SHLVL": "3", "PYTHONPATH": "/elsewhere",
    ]

    @Test func `variables of packages are there without a shell`() throws {
        try install([.file("etc/conda/env_vars.d/tool.json", #"{"FROM_PACKAGE": "it's set"}"#)])
        let prefix = "\(root)/releases/2026.11.21"
        let found = try ReleaseExec.resolve(
            root: root, release: nil, command: ["tool", "a b"], inheriting: inherited)
        #expect(found.executable == prefix + "/bin/tool" && found.argv == [prefix + "/bin/tool", "a b"])
        #expect(
            try exec(["tool", "a b"], inheriting: inherited).output
                == "\(prefix)|1|2026.11.21|it's set|||a b\n")
    }

    @Test func `scripts of packages are sourced first, and the program has its own arguments`() throws {
        try install([
            .file("etc/conda/env_vars.d/tool.json", #"{"FROM_PACKAGE": "set"}"#),
            .file("etc/conda/activate.d/tool.sh", "export FROM_SCRIPT=\"${FROM_PACKAGE}+$CONDA_PREFIX\"\n"),
        ])
        let prefix = "\(root)/releases/2026.11.21"
        let arguments = ["$HOME", "it's", "-c", "", "a  b"]
        #expect(
            try exec(["tool"] + arguments, inheriting: inherited).output
                == "\(prefix)|1|2026.11.21|set|set+\(prefix)||$HOME it's -c  a  b\n")
    }

    @Test func `a release whose link scripts were cut off is not run`() throws {
        try install([])
        try UnfinishedMark.put(in: Directory.open("\(root)/releases/2026.11.21"))
        let error = failure { _ = try exec(["tool"], inheriting: inherited) }
        #expect(error?.kind == .targetInTheWay && error?.description.contains("is not in") == true)
    }
}
