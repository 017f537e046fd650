import Files

/// What a program of an environment finds in its variables when no shell stands between: what sourcing its
/// `bin/activate` in a fresh shell would set, without the prompt.
///
/// Scripts of `etc/conda/activate.d` can set more, and only a shell can run them: `needsShell` says whether there are
/// any.
public struct ReleaseEnvironment: Sendable {
    /// The prefix, absolute, as its scripts name it.
    public let prefix: String
    /// In order; nil takes the variable away.
    public let changes: [(name: String, value: String?)]
    /// Whether packages bring scripts that are to be sourced.
    public let needsShell: Bool
    /// The script to be sourced, absolute.
    public let activation: String

    /// - Parameters:
    ///   - directory: the prefix, open.
    ///   - name: the bundle's.
    ///   - release: becomes `AIRLIFT_RELEASE`; nil for an environment that is none of a root's.
    ///   - path: PATH before; nil or empty leaves the release's own programs alone in it.
    public static func read(
        _ directory: Directory, prefix: String, name: String, release: String?, path: String?
    ) throws -> ReleaseEnvironment {
        let isVirtual = try directory.status(of: RelativePath("pyvenv.cfg")) != nil
        let isConda = try directory.status(of: RelativePath(CondaMeta.history)) != nil
        var changes: [(name: String, value: String?)] = [
            ("PATH", "\(prefix)/bin" + (path.map { $0.isEmpty ? "" : ":" + $0 } ?? "")),
            ("PYTHONHOME", nil), ("PYTHONPATH", nil), ("AIRLIFT_RELEASE", release),
        ]
        if isConda {
            let activation = CondaActivation(
                prefix: prefix, name: name, variables: try .read(directory), isVirtualEnvironment: isVirtual)
            changes += [
                ("CONDA_PREFIX", prefix), ("CONDA_DEFAULT_ENV", activation.defaultEnvironment),
                ("CONDA_SHLVL", "1"), ("CONDA_PROMPT_MODIFIER", activation.promptModifier),
            ]
            changes += activation.assignments.map { ($0.name, $0.value) }
        } else {
            changes += [("VIRTUAL_ENV", prefix), ("VIRTUAL_ENV_PROMPT", name)]
        }
        let script = try ActivationScriptPaths.choose { _ in false }
        let beside = try ActivationScriptPaths.beside()
        let hasBeside = try directory.status(of: beside.posix) != nil
        return ReleaseEnvironment(
            prefix: prefix, changes: changes, needsShell: try isConda && hasScripts(directory),
            activation: "\(prefix)/\(hasBeside ? beside.posix : script.posix)")
    }

    private static func hasScripts(_ prefix: Directory) throws -> Bool {
        let path = try RelativePath("etc/conda/activate.d")
        guard try prefix.status(of: path)?.kind == .directory else { return false }
        return try prefix.directory(path).names().contains { $0.utf8.suffix(3).elementsEqual(".sh".utf8) }
    }

    /// The variables of a process with these changes.
    public func applied(to variables: [String: String]) -> [String: String] {
        var result = variables
        for change in changes { result[change.name] = change.value }
        return result
    }

    /// What is to be run for a program with its arguments, argv[0] included: itself, or a shell that activates the
    /// environment and then becomes it.
    public func command(_ executable: String, _ arguments: [String]) -> (executable: String, argv: [String]) {
        guard needsShell else { return (executable, [executable] + arguments) }
        // What activating sets, it sets by itself: it starts where no environment is active.
        let script = "unset CONDA_PREFIX CONDA_SHLVL VIRTUAL_ENV; . \(shellQuoted(activation)); exec \"$@\""
        return ("/bin/sh", ["/bin/sh", "-c", script, "airlift", executable] + arguments)
    }
}
