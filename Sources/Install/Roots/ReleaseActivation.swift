import Files

/// Scripts that packages of an environment want sourced when it is activated (`etc/conda/activate.d`): only a shell can
/// run them. Everything else that activating does, `ReleaseEnvironment` knows without one.
struct ReleaseActivation: Sendable {
    /// The script to be sourced, absolute; nil where no package brings any.
    let script: String?

    /// - Parameters:
    ///   - directory: the prefix, open.
    ///   - prefix: the same, absolute.
    static func read(_ directory: Directory, prefix: String) throws -> ReleaseActivation {
        let scripts = try RelativePath("etc/conda/activate.d")
        guard try directory.status(of: RelativePath(CondaMeta.history)) != nil,
            try directory.status(of: scripts)?.kind == .directory,
            try directory.directory(scripts).names().contains(where: {
                $0.utf8.suffix(3).elementsEqual(".sh".utf8)
            })
        else { return ReleaseActivation(script: nil) }
        let beside = try ActivationScriptPaths.beside().posix
        let hasBeside = try directory.status(of: beside) != nil
        let usual = try ActivationScriptPaths.choose { _ in false }.posix
        return ReleaseActivation(script: "\(prefix)/\(hasBeside ? beside : usual)")
    }

    /// What is to be run for a program with its arguments: itself, or a shell that activates the environment and then
    /// becomes it.
    func command(_ executable: String, _ arguments: [String]) -> (executable: String, argv: [String]) {
        guard let script else { return (executable, [executable] + arguments) }
        // What activating sets, it sets by itself: it begins where no environment is active.
        let words = "unset CONDA_PREFIX CONDA_SHLVL VIRTUAL_ENV; . \(shellQuoted(script)); exec \"$@\""
        return ("/bin/sh", ["/bin/sh", "-c", words, "airlift", executable] + arguments)
    }
}
