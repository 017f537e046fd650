import Bundle

/// Commands of the spec that run on hosts: they run as whoever installs, which often is root.
extension ManifestDiff {
    /// Commands that are new or other ones, and programs of the application's own that are called and changed.
    static func commandAlarms(
        _ changes: [FileChange], _ from: PackageSet, _ to: PackageSet
    ) -> [Alarm] {
        guard let old = from.hooks, let new = to.hooks else { return [] }
        return Manifest.Hooks.Kind.allCases.flatMap { kind in
            let known = Set(old[kind].map(\.command))
            let added = Set(new[kind].map(\.command)).subtracting(known)
            return new[kind].filter { added.contains($0.command) }.map { hook in
                Alarm(
                    .newHook, subject,
                    "runs \(hook.words) as \(own: kind.rawValue) hook, \(own: known.isEmpty ? "where nothing ran before" : "which it did not before")"
                )
            } + changed(new[kind].filter { known.contains($0.command) }, kind, changes)
        }
    }

    private static let subject = "the bundle"

    /// The command is the same, and what it does is not.
    private static func changed(
        _ hooks: [Manifest.Hook], _ kind: Manifest.Hooks.Kind, _ changes: [FileChange]
    ) -> [Alarm] {
        hooks.compactMap { hook in
            guard let program = hook.command.first,
                let change = changes.first(where: {
                    $0.change != .removed && ($0.path == program || $0.path == "bin/\(program)")
                })
            else { return nil }
            return Alarm(
                .newHook, subject,
                "\(own: change.change == .added ? "brings" : "changes") \(change.path), which its \(own: kind.rawValue) hook runs"
            )
        }
    }
}
