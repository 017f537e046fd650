import Bundle
import Failures
import Files

/// `post-install` hooks of a prefix: after link scripts and like them, in the published environment, which is taken
/// back where one fails.
extension InstallPlan {
    /// Those that run.
    var postInstallHooks: [Manifest.Hook] { request.runsHooks(bundle.manifest) ? declaredHooks : [] }

    /// What else of the bundle's the installation of a prefix could run, in sentences: nobody allowed it, or it is for
    /// another host.
    var skippedHooks: [String] {
        guard request.root == nil else { return [] }
        let hooks = request.runsHooks(bundle.manifest) ? [] : declaredHooks
        let reason =
            request.destination == nil
            ? "since --hooks was not given"
            : "which is for the host that gets these files"
        return hooks.map { "the post-install hook '\($0.words.printable)' was not run, \(reason)" }
    }

    private var declaredHooks: [Manifest.Hook] { bundle.manifest.install.hooks?[.postInstall] ?? [] }

    func runPostInstallHooks(
        _ prefix: Directory, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> [HookResult] {
        let previous: String? =
            if case .environment(let record) = existing { record.version } else { nil }
        let runner = HookRunner(
            prefix: request.prefix, root: nil, name: bundle.manifest.name, release: bundle.manifest.version,
            previous: previous, environment: request.environment, limit: request.hookLimit)
        return try postInstallHooks.flatMap { hook in
            progress(.hook(hook.words))
            return try runner.run([hook], .postInstall) { try UnfinishedMark.note($0, in: prefix) }
        }
    }
}

extension InstallRequest {
    /// Whether `post-install` hooks run: of a prefix on this host, where it is allowed.
    func runsHooks(_ manifest: Manifest) -> Bool {
        hooks && root == nil && destination == nil
            && manifest.install.hooks?[.postInstall].isEmpty == false
    }
}
