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
              airlift init bundles/payroll --channel conda-forge --conda 'python =3.12.7=hc5c86c4_0_cpython'
              airlift init bundles/payroll --lock pixi.lock --environment prod
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

    @Option(
        name: .customLong("channel"),
        help: "A conda channel: address, path or name; Python comes from it. May be repeated.")
    var channels: [String] = []

    @Option(name: .customLong("conda"), help: "A conda package, 'name =version=build'; may be repeated.")
    var dependencies: [String] = []

    @Option(
        help: "Take what this lock names: pixi.lock, conda-lock.yml or an @EXPLICIT list.",
        completion: .file())
    var lock: String?

    @Option(help: "The environment (pixi) or category (conda-lock) of --lock.")
    var environment: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if environment != nil, lock == nil {
            throw ValidationError("--environment names a part of a lock; give --lock FILE")
        }
        if lock != nil, !channels.isEmpty || !dependencies.isEmpty || !requirements.isEmpty {
            throw ValidationError("--lock names everything; leave --channel, --conda and --requirement out")
        }
        if channels.isEmpty, !dependencies.isEmpty {
            throw ValidationError("conda packages come from a channel; name it with --channel")
        }
    }

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
        try output.document("init", ["name": name, "spec": "\(directory)/\(path)"])
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
        """
        name = "\(name)"
        # summary = "What it is for, in one line"
        platforms = ["linux-64"]
        # default_prefix = "/opt/\(name)"

        [target]
        glibc = "2.28"          # what the hosts have; a captured interpreter may raise it

        \(lock.map(locked) ?? contents)
        [files]
        # "etc/\(name).toml" = "config/\(name).toml"

        """
    }

    private func locked(_ lock: String) -> String {
        """
        [lock]
        from = \(quoted(beside(lock)))
        \(environment.map { "environment = \(quoted($0))" } ?? "# environment = \"default\"")

        """
    }

    /// The lock as the spec sees it: relative to the spec's directory where that is a plain descent or absolute.
    private func beside(_ lock: String) -> String {
        guard let file = realpath(lock, nil), let base = realpath(directory, nil) else { return lock }
        defer {
            free(file)
            free(base)
        }
        let path = String(cString: file).split(separator: "/")
        let root = String(cString: base).split(separator: "/")
        let common = zip(path, root).prefix { $0 == $1 }.count
        return (root.dropFirst(common).map { _ in ".." } + path.dropFirst(common).map(String.init))
            .joined(separator: "/")
    }

    private var contents: String {
        func rows(_ texts: [String]) -> String { texts.map { "    \(quoted($0)),\n" }.joined() }
        var interpreter = python == "host" ? "host = \"\(pythonVersion)\"" : "capture = \(quoted(python))"
        var conda = ""
        if !channels.isEmpty {
            interpreter =
                "conda = \"*\"               # which of the packages' versions will do, such as \"3.12.*\""
            conda = """

                [conda]
                channels = [
                \(rows(channels))]
                # Exact pins, everything that they need included: "name =version=build".
                dependencies = [
                \(rows(dependencies))]

                """
        }
        return """
            [python]
            \(interpreter)
            \(conda)
            [wheels]
            # Exact pins, paths of local wheels, or "-r requirements.txt".
            requirements = [
            \(rows(requirements))]

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
