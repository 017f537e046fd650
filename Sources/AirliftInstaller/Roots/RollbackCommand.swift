import ArgumentParser
import Console
import Install

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Go back to the release that was current before.",
        discussion: """
            Examples:
              /opt/payroll/.airlift/airlift rollback
              /opt/payroll/.airlift/airlift rollback 2026.10.03

            It needs no bundle, no network and nothing else: the releases lie in the root,
            whole, and one rename makes another of them the current one. State stays as it
            is. Start the services anew afterwards: programs that run already go on with
            the release that they were started with.

            Going back twice leads further back. To go forward again: activate VERSION.
            """)

    @Argument(
        help: "The release to go back to (default: the one that was current before).",
        completion: .custom(Completions.releases))
    var version: String?

    @OptionGroup var root: RootArgument
    @OptionGroup var hooks: HookOptions
    @OptionGroup var change: ChangeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let root = try root.open()
        let outcome = try change.change(root, output) { lock in
            // Asked for with the lock held: another run may have switched meanwhile.
            try root.activate(
                version ?? root.rollbackTarget(), hooks.request(.rolledBack), lock)
        }
        let report = SwitchReport(outcome, root)
        try output.document("rollback", report)
        report.tell(output)
    }
}

extension ReleaseRoot {
    fileprivate func rollbackTarget() throws -> String {
        if let previous = try previous() { return previous }
        let names = try releases().map(\.name)
        guard let current = try current() else {
            throw InstallError(
                .targetInTheWay,
                "no release of '\(path)' is current, so there is none before it; name the one to go to: \(names.isEmpty ? "there is none" : names.joined(separator: ", "))"
            )
        }
        throw InstallError(
            .targetInTheWay,
            "there is no release before \(current) in '\(path)' to go back to (there \(names.count == 1 ? "is" : "are") \(names.joined(separator: ", "))); nothing was changed"
        )
    }
}

enum Completions {
    /// Versions of the releases of the root that keeps this program, or that is named on the line.
    static let releases: @Sendable ([String], Int, String) -> [String] = { words, _, _ in
        let named = words.firstIndex(of: "--root").flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
        guard let path = named ?? OwnRoot.path, let root = try? ReleaseRoot.open(TargetOptions.absolute(path))
        else { return [] }
        return (try? root.releases().map(\.name)) ?? []
    }
}
