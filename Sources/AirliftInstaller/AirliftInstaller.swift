import ArgumentParser
import Bundle
import CComponents
import Console
import Files
import Glibc

@main
struct AirliftInstaller: ParsableCommand {
    /// A person finds what fits the copy that was started: a bundle's, which installs, or a root's, which switches.
    static var configuration: CommandConfiguration { OwnRoot.path == nil ? carried : kept }

    private static let carried = CommandConfiguration(
        commandName: "airlift-installer",
        abstract: "Installs the environment that a bundle carries, with no network and nothing else at hand.",
        discussion: """
            A bundle runs it by itself:

              sh payroll-2026.11.21-linux-64.sh --root /opt/payroll
              sh payroll-2026.11.21-linux-64.sh -p /opt/payroll
              sh payroll-2026.11.21-linux-64.sh plan -p /opt/payroll
              sh payroll-2026.11.21-linux-64.sh verify
              sh payroll-2026.11.21-linux-64.sh verify-install /opt/payroll
              sh payroll-2026.11.21-linux-64.sh repair /opt/payroll

            To install, no command has to be named:

              -p PREFIX  into this directory       -b  ask nothing, accept the licence
              -u         update what is there      -f  replace what is there
              -t         try all imports first     -s  run no link script
              -k, -m     taken for constructor's sake
              --root R   as a release below R, beside those that are there

            In a root, R/.airlift/airlift goes back to an earlier release (rollback).

            Link scripts of conda packages run only where the bundle's spec or
            --link-scripts says so; `info` lists them.

            `install --help` tells of all options.

            \(exitCodes)
            """,
        version: Generator.version,
        groupedSubcommands: [
            CommandGroup(
                name: "Bundles",
                subcommands: [
                    InstallCommand.self, PlanCommand.self, InfoCommand.self, ListCommand.self,
                    VerifyCommand.self, ExtractCommand.self,
                ]),
            CommandGroup(
                name: "Environments",
                subcommands: [VerifyInstallCommand.self, RepairCommand.self, UninstallCommand.self]),
            CommandGroup(name: "Releases below a root", subcommands: releaseCommands),
        ],
        defaultSubcommand: InstallCommand.self)

    private static let kept = CommandConfiguration(
        commandName: OwnRoot.programName,
        abstract:
            "Keeps \(OwnRoot.path ?? "a root"): goes back to an earlier release, and all else that there is to do.",
        usage: "\(OwnRoot.command) <command>",
        discussion: """
            \(OwnRoot.standing)

            Something is wrong since the last release? Go back to the one before it:

              \(OwnRoot.command) rollback

            Then start the services anew: what runs already goes on with the release that it was started with. No bundle and no network are needed. More:

              \(OwnRoot.command) releases
              \(OwnRoot.command) history
              \(OwnRoot.command) activate VERSION
              \(OwnRoot.command) install BUNDLE.sh
              \(OwnRoot.command) verify-install
              \(OwnRoot.command) repair

            \(exitCodes)
            """,
        version: Generator.version,
        groupedSubcommands: [
            CommandGroup(name: "Releases", subcommands: releaseCommands),
            CommandGroup(
                name: "Environments",
                subcommands: [VerifyInstallCommand.self, RepairCommand.self, UninstallCommand.self]),
            CommandGroup(
                name: "Bundles",
                subcommands: [
                    InstallCommand.self, PlanCommand.self, InfoCommand.self, ListCommand.self,
                    VerifyCommand.self, ExtractCommand.self,
                ]),
        ])

    private static let releaseCommands: [any ParsableCommand.Type] = [
        RollbackCommand.self, ReleasesCommand.self, HistoryCommand.self, ActivateCommand.self,
        ExecCommand.self, PruneCommand.self, RemoveCommand.self,
    ]

    private static let exitCodes = """
        Exit codes: 0 done, 1 a difference was found, 2 usage, 3 damaged input, 4
        signature or trust, 5 this host does not meet the requirements, 6 target in
        the way, 7 input or output, 8 refused.
        """

    static func main() {
        Inherited.note()
        let arguments = ExecCommand.shielded(Invocation.take(Array(CommandLine.arguments.dropFirst())))
        CommandLineTool.run(Self.self, name: OwnRoot.programName, arguments: arguments)
    }
}

/// How this program was started: by a bundle's stub, which puts its own words first, or by hand.
enum Invocation {
    // Unsafe for the compiler alone: written once, before this program has a second thread.
    nonisolated(unsafe) private static var stubBundle: String?

    /// The bundle whose stub started this program.
    static var bundle: String? { stubBundle }

    /// Takes the stub's words away and removes the copy from which this program runs.
    ///
    /// Runs before anything else and on one thread, which is why the value above needs no lock.
    static func take(_ arguments: [String]) -> [String] {
        var rest = arguments[...]
        if rest.first == "--airlift-probe" {
            put("airlift")
            exit(0)
        }
        // Used here, the text lies in the executable, where `airlift` finds it.
        if rest.first == "--airlift-components" {
            put(Array(String(cString: airlift_components()).utf8))
            exit(0)
        }
        if rest.first == "--airlift-bundle", rest.count >= 2 {
            stubBundle = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        if rest.first == "--airlift-unlink", rest.count >= 2 {
            let directory = rest[rest.startIndex + 1]
            removeCopy(directory)
            rest = rest.dropFirst(2)
        }
        return Array(rest)
    }

    private static func removeCopy(_ directory: String) {
        guard let slash = directory.lastIndex(of: "/"),
            let name = try? RelativePath(String(directory[directory.index(after: slash)...])),
            let parent = try? Directory.open(
                slash == directory.startIndex ? "/" : String(directory[..<slash]))
        else { return }
        try? parent.removeTree(name)
    }
}
