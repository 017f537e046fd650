import ArgumentParser
import Bundle
import Console
import Digests
import Files
import Glibc

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a first spec to start from.",
        discussion: """
            Examples:
              airlift init bundles/payroll
              airlift init bundles/payroll --requirement flask==3.1.2
              airlift init bundles/payroll --python host --python-version 3.12
            """)

    @Argument(help: "The directory for the spec; created where it is missing.", completion: .directory)
    var directory: String

    @Option(help: "The bundle's name (default: that of the directory).")
    var name: String?

    @Option(help: "The base interpreter: a path to capture it from this machine, or `host` to carry none.")
    var python = "/usr/bin/python3"

    @Option(help: "The version of the host's interpreter, with --python host.")
    var pythonVersion = "3.11"

    @Option(
        name: .customLong("requirement"), help: "An exact pin, a wheel's path, or `-r FILE`; may be repeated."
    )
    var requirements: [String] = []

    @OptionGroup var output: OutputOptions

    func run() throws {
        let name = name ?? defaultName
        guard Names.isBundleName(name) else {
            throw ValidationError(
                "'\(name)' is no name for a bundle: use lower-case letters, digits, '-', '_' and '.' (--name)"
            )
        }
        let holder = try Directory.create(directory)
        let path = try RelativePath(Project.specName)
        guard try holder.status(of: path) == nil else {
            throw CommandError(
                .targetInTheWay, "'\(directory)/\(path)' exists already; edit it, or choose another directory"
            )
        }
        try holder.replaceFile(path, with: Array(text(name).utf8))
        if output.json {
            put(try CanonicalJSON.encode(["name": name, "spec": "\(directory)/\(path)"]))
        }
        output.tell("Wrote \(directory)/\(path). Next: airlift lock \(directory)")
    }

    private var defaultName: String {
        var path = directory
        if let whole = realpath(directory, nil) {
            path = String(cString: whole)
            free(whole)
        }
        return path.split(separator: "/").last.map { $0.lowercased() } ?? "environment"
    }

    private func text(_ name: String) -> String {
        let interpreter = python == "host" ? "host = \"\(pythonVersion)\"" : "capture = \(quoted(python))"
        let rows = requirements.map { "    \(quoted($0)),\n" }.joined()
        return """
            name = "\(name)"
            # summary = "What it is for, in one line"
            platforms = ["linux-64"]
            # default_prefix = "/opt/\(name)"

            [target]
            glibc = "2.28"          # what the hosts have; a captured interpreter may raise it

            [python]
            \(interpreter)

            [wheels]
            # Exact pins, paths of local wheels, or "-r requirements.txt".
            requirements = [
            \(rows)]

            [files]
            # "etc/\(name).toml" = "config/\(name).toml"

            """
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for character in text {
            if character == "\"" || character == "\\" { result += "\\" }
            result.append(character)
        }
        return result + "\""
    }
}
