import Bundle
import Failures
import Files
import Install
import Lock

/// `[hooks]` of a spec on their way into the manifest.
enum HooksStep {
    static func hooks(_ spec: SpecHooks) -> Manifest.Hooks? {
        var hooks = Manifest.Hooks()
        for kind in Manifest.Hooks.Kind.allCases {
            hooks[kind] = list(kind, spec).map { .init(command: $0.command, timeout: $0.timeout) }
        }
        return hooks.isEmpty ? nil : hooks
    }

    private static func list(_ kind: Manifest.Hooks.Kind, _ spec: SpecHooks) -> [SpecHooks.Hook] {
        switch kind {
        case .preActivate: spec.preActivate
        case .postActivate: spec.postActivate
        case .postInstall: spec.postInstall
        case .preUninstall: spec.preUninstall
        }
    }

    /// A program of the environment that nothing brings would be found missing on the other side of the gap.
    static func check(_ spec: SpecHooks, _ claims: PathClaims, specPath: String) throws {
        let failures = try Manifest.Hooks.Kind.allCases.flatMap { kind in
            try list(kind, spec).compactMap { hook -> CommandError? in
                guard let program = hook.command.first, program.contains("/"), !program.hasPrefix("/"),
                    try claims.owner(of: RelativePath(program)) == nil
                else { return nil }
                return CommandError(
                    .refused,
                    "line \(hook.line) of '\(specPath)' runs '\(program)' as \(kind.rawValue) hook, and nothing brings that file into the environment; name a file of it, a program of its bin, or an absolute path of the host"
                )
            }
        }
        guard failures.isEmpty else { throw FailureList(failures) }
    }
}
