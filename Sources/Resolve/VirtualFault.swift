import Conda
import Lock

/// Why a target's hosts do not bring what a package asks of them.
struct VirtualFault {
    /// The rest of a sentence, with what to do.
    let reason: String

    /// nil if they bring it.
    init?(_ spec: MatchSpec, _ text: String, _ target: CondaTarget) {
        let name = spec.packageName
        let stated = target.virtualPackages.records[name]
        if let stated, spec.matches(stated) { return nil }
        let platform = target.platform
        let isOfAnotherSystem =
            stated == nil && ["__linux", "__glibc", "__osx", "__win", "__unix"].contains(name)
        let cause: String =
            if isOfAnotherSystem {
                "\(platform) has no \(name): pin the package's build for \(platform)"
            } else if name == "__glibc" {
                "the target has glibc \(target.glibc): raise [target] glibc, if the hosts have it"
            } else if name == "__cuda" {
                "the target is said to have "
                    + (stated.map { "CUDA \($0.version)" } ?? "no GPU driver")
                    + ": set CONDA_OVERRIDE_CUDA to the CUDA version of the hosts' driver, if they have it"
            } else if let stated, VirtualPackages.overridable.contains(name.dropFirst(2).uppercased()) {
                "the target is said to have \(name == "__archspec" ? stated.build : stated.version): set "
                    + "CONDA_OVERRIDE_\(name.dropFirst(2).uppercased()), if the hosts have it"
            } else {
                "nothing is known of \(name) on the target: pin a package that does without"
            }
        reason = "it needs \(text) of the host, and \(cause)"
    }
}
