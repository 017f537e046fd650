import Files

/// The activation scripts of an environment with conda packages, which need no conda: what `conda activate` does, by
/// the names that conda uses, so that both understand what the other left.
///
/// `CONDA_SHLVL` counts the environments that are active, `CONDA_PREFIX_1` … are those to come back to, and what a
/// variable was before is kept in `__CONDA_SHLVL_<level>_<name>`.
struct CondaActivation: Sendable {
    /// The prefix, absolute.
    let prefix: String
    /// The bundle's name, shown in the prompt.
    let name: String
    let variables: ActivationVariables
    /// The prefix is a virtual environment too, over an interpreter that is not conda's.
    let isVirtualEnvironment: Bool

    /// conda names an environment by its directory only where it lies among others in `envs`.
    var defaultEnvironment: String {
        let parts = prefix.utf8.split(separator: 0x2f).map { Substring($0) }
        return parts.count > 1 && parts[parts.count - 2].utf8.elementsEqual("envs".utf8)
            ? String(parts[parts.count - 1]) : prefix
    }

    var promptModifier: String { "(\(name)) " }

    /// What is set besides the level and the prompt, in order. The user's site-packages stay out, and
    /// `PYTHONHOME` would lead Python to another standard library.
    var assignments: [ActivationVariables.Variable] {
        let own: [ActivationVariables.Variable] = [
            .init(name: "PYTHONHOME", value: nil), .init(name: "PYTHONNOUSERSITE", value: "1"),
            .init(name: "VIRTUAL_ENV", value: isVirtualEnvironment ? prefix : nil),
            .init(name: "VIRTUAL_ENV_PROMPT", value: isVirtualEnvironment ? name : nil),
        ]
        let taken = Set(variables.variables.map(\.name))
        return own.filter { !taken.contains($0.name) } + variables.variables
    }

    /// Names of everything that leaving the environment gives back.
    var names: [String] {
        ["CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER", "CONDA_SHLVL"]
            + assignments.map(\.name)
    }
}
