import Bundle
import Console
import Install

/// What `activate` and `rollback` say of a switch.
struct SwitchReport: Encodable {
    private let changed: Bool
    private let from: String?
    private let hooks: [HookResult]
    private let name: String
    private let root: String
    private let seeded: [String]
    /// Processes that still run the release that was current before.
    private let stillRunning: [ReleaseUse.User]
    private let version: String

    enum CodingKeys: String, CodingKey {
        case changed, from, hooks, name, root, seeded, version
        case stillRunning = "still_running"
    }

    init(_ outcome: ActivationOutcome, _ root: ReleaseRoot) {
        changed = outcome.changed
        from = outcome.from
        hooks = outcome.hooks
        name = outcome.record.name
        self.root = root.path
        seeded = outcome.seeded
        version = outcome.version
        guard outcome.changed, let from = outcome.from,
            let before = try? root.directory.directory(.init("\(ReleaseRoot.releasesPath)/\(from)")),
            let use = try? ReleaseUse.look(for: [from: before])
        else {
            stillRunning = []
            return
        }
        stillRunning = use.users[from] ?? []
    }

    func tell(_ output: OutputOptions) {
        guard changed else {
            output.tell("\(name) \(version) is the current release of \(root) already; nothing was changed.")
            return
        }
        output.tell(
            "\(Style.bold("\(name) \(version)")) is the current release of \(root) now\(from.map { "; before it was \($0)" } ?? "")."
        )
        for hook in hooks {
            output.tell("Ran the \(hook.kind.rawValue) hook '\(hook.command.joined(separator: " "))'.")
            for line in hook.output { output.tell("  \(line)") }
        }
        for path in seeded { output.tell("Put into its state: \(root)/\(ReleaseRoot.statePath)/\(path)") }
        guard !stillRunning.isEmpty else { return }
        output.tell("These go on with \(from ?? "the release before") until they are started anew:")
        for user in stillRunning.prefix(10) { output.tell("  \(user.words)") }
        if stillRunning.count > 10 { output.tell("  and \(stillRunning.count - 10) more") }
    }
}
