import Bundle
import Failures
import Files

extension Uninstallation {
    /// `pre-uninstall` hooks, before anything else is done. A program of the environment that is no longer what was
    /// installed is not run.
    static func runHooks(
        _ prefix: String, _ record: InstallRecord, force: Bool, limit: Int?, environment: [String: String]
    ) throws -> [HookResult] {
        let directory = try Directory.open(prefix)
        let hooks = try record.manifest(directory).install.hooks?[.preUninstall] ?? []
        guard !hooks.isEmpty else { return [] }
        let files = try record.fileList(directory).files
        let runner = HookRunner(
            prefix: prefix, root: nil, name: record.name, release: record.version, previous: nil,
            environment: environment, limit: limit)
        var results: [HookResult] = []
        for hook in hooks {
            do {
                try refuseChanged(hook, files, directory)
                results += try runner.run([hook], .preUninstall)
            } catch let error as InstallError {
                if force { continue }
                throw InstallError(
                    error.kind,
                    "\(error); nothing was removed: leave --hooks out to remove the environment without its hooks, or give -f to go on whatever they do"
                )
            }
        }
        return results
    }

    private static func refuseChanged(
        _ hook: Manifest.Hook, _ files: [InstalledFile], _ directory: Directory
    ) throws {
        guard let program = hook.command.first, program.utf8.first != UInt8(ascii: "/") else { return }
        let path = program.utf8.contains(UInt8(ascii: "/")) ? program : "bin/\(program)"
        guard let file = files.first(where: { $0.path.string == path }),
            let difference = try PrefixVerification.difference(of: file, directory)
        else { return }
        throw InstallError(
            .damaged,
            "the pre-uninstall hook '\(hook.words.printable)' is not run, since '\(directory.path)/\(path)' is not what was installed: \(difference)"
        )
    }
}
