import Files

/// The variables of a program that runs in an installed environment without a shell having activated it: what
/// `bin/activate` would set, but for scripts of packages, which only a shell can read.
public enum ReleaseEnvironment {
    /// - Parameters:
    ///   - prefix: absolute; a root's release by its own path, never by `current`.
    ///   - name: the bundle's.
    ///   - inherited: of the process itself. What belongs to another environment is left out.
    public static func variables(
        prefix: String, name: String, inheriting inherited: [String: String]
    ) throws -> [String: String] {
        let directory = try Directory.open(prefix)
        var variables = inherited.filter { !isOfAnother($0.key) }
        let path = variables["PATH"].flatMap { $0.isEmpty ? nil : $0 } ?? Self.usualPath
        variables["PATH"] = "\(prefix)/bin:\(path)"
        let isVirtual = try directory.status(of: RelativePath("pyvenv.cfg")) != nil
        guard try directory.status(of: RelativePath("conda-meta"))?.kind == .directory else {
            variables["VIRTUAL_ENV"] = isVirtual ? prefix : nil
            variables["VIRTUAL_ENV_PROMPT"] = isVirtual ? name : nil
            return variables
        }
        let activation = CondaActivation(
            prefix: prefix, name: name, variables: try .read(directory), isVirtualEnvironment: isVirtual)
        variables["CONDA_PREFIX"] = prefix
        variables["CONDA_DEFAULT_ENV"] = activation.defaultEnvironment
        variables["CONDA_PROMPT_MODIFIER"] = activation.promptModifier
        variables["CONDA_SHLVL"] = "1"
        for assignment in activation.assignments { variables[assignment.name] = assignment.value }
        return variables
    }

    /// Where a process has none.
    static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// `PYTHONHOME` and `PYTHONPATH` would mix another standard library and other packages in.
    static func isOfAnother(_ name: String) -> Bool {
        ["PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONPLATLIBDIR", "PYTHONEXECUTABLE"].contains(name)
            || ["CONDA_", "__CONDA", "_CE_", "VIRTUAL_ENV", "_AIRLIFT", "_airlift", "AIRLIFT_"].contains {
                name.hasPrefix($0)
            }
    }
}
