import ArgumentParser
import Console
import Digests
import Install

struct UninstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "uninstall",
        abstract: "Remove an installed environment, or a root with all its releases.",
        discussion: """
            Examples:
              sh payroll-2026.11.21-linux-64.sh uninstall -p /opt/payroll
              sh payroll-2026.11.21-linux-64.sh uninstall -p /opt/payroll -s
              sh payroll-2026.11.21-linux-64.sh uninstall -p /opt/payroll --hooks
              /opt/payroll/.airlift/airlift uninstall       all releases, and the root

            With --hooks, the bundle's pre-uninstall hooks run first; where one fails
            nothing is removed. Conda packages whose link scripts were allowed to run when
            the environment was installed have their pre-unlink scripts run before it goes.

            A root is not removed while a running process uses one of its releases, nor,
            without -f, where there is state in it.
            """)

    @Option(name: .shortAndLong, help: "The installed environment.", completion: .directory)
    var prefix: String?

    @OptionGroup var root: RootArgument

    @Flag(
        name: .shortAndLong,
        help: "Also remove files that Airlift did not install, and go on where a script fails.")
    var force = false

    @OptionGroup var removal: RemovalOptions
    @OptionGroup var hookOptions: HookOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if prefix != nil, root.root != nil {
            throw ValidationError("-p names an environment and --root a root: give one of them")
        }
        if prefix == nil, root.root == nil, OwnRoot.path == nil {
            throw ValidationError("name what is to be removed: -p PREFIX, or --root ROOT")
        }
    }

    func run() throws {
        if let prefix { try remove(prefix) } else { try removeRoot() }
    }

    private func remove(_ prefix: String) throws {
        let removal = removal.removal
        let record = try Uninstallation.run(
            TargetOptions.absolute(prefix), force: force, linkScripts: removal.linkScripts,
            limit: removal.limit, hooks: hookOptions.hooks ?? false, hookLimit: hookOptions.hookTimeout,
            environment: removal.environment)
        guard let record else {
            let prefix = TargetOptions.absolute(prefix)
            try output.document("uninstall", ["prefix": prefix])
            output.tell("Removed what an interrupted removal had left at \(prefix).")
            return
        }
        try output.document(
            "uninstall", ["name": record.name, "prefix": record.prefix, "version": record.version])
        output.tell("Removed \(record.name) \(record.version) from \(record.prefix).")
    }

    private func removeRoot() throws {
        var removal = removal.removal
        removal.force = force
        var uninstallation = RootUninstallation(removal)
        uninstallation.force = force
        let root = try root.open()
        let outcome = try change.change(root, output) { try uninstallation.run($0) }
        try output.document("uninstall", RootDocument(root: root.path, outcome: outcome))
        let count = outcome.releases.count
        output.tell(
            "Removed \(outcome.name.map { "\($0), " } ?? "")\(count) \(count == 1 ? "release" : "releases"), from \(root.path)."
        )
        if outcome.directoryStays { output.tell("The directory \(root.path) itself stays.") }
        if let blindness = outcome.blindness { output.notice(blindness) }
    }

    private struct RootDocument: Encodable {
        let root: String
        let outcome: RootUninstallation.Outcome

        private enum CodingKeys: String, CodingKey { case root }

        func encode(to encoder: any Encoder) throws {
            try outcome.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(root, forKey: .root)
        }
    }
}
