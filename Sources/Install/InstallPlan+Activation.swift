import Bundle
import Files

/// Where the activation scripts of an environment lie: `bin/activate` and `bin/activate.fish`, or, where a conda
/// package brings either of these (conda's own does), `bin/airlift-activate` and `bin/airlift-activate.fish`.
struct ActivationScriptPaths: Equatable, Sendable {
    let posix: RelativePath
    let fish: RelativePath

    private init(_ stem: String) throws(PathError) {
        posix = try RelativePath(stem)
        fish = try RelativePath("\(stem).fish")
    }

    static func beside() throws(PathError) -> ActivationScriptPaths {
        try ActivationScriptPaths("bin/airlift-activate")
    }

    /// - Parameter isTaken: whether a conda package brings the path.
    static func choose(_ isTaken: (RelativePath) -> Bool) throws(PathError) -> ActivationScriptPaths {
        let usual = try ActivationScriptPaths("bin/activate")
        return isTaken(usual.posix) || isTaken(usual.fish) ? try beside() : usual
    }
}

extension InstallPlan {
    /// As they were claimed.
    func activationScripts() throws -> ActivationScriptPaths {
        try ActivationScriptPaths.choose { claims.owner(of: $0) != ClaimSession.airlift.owner }
    }

    /// Packages have their say in what activating does, so that this comes after them.
    func writeActivation(_ staging: Directory, _ tree: TreeWriter) throws -> [InstalledFile] {
        let (posix, fish): (String, String)
        if conda.isEmpty {
            posix = ActivationScript.posix(prefix: request.prefix, name: bundle.manifest.name)
            fish = ActivationScript.fish(prefix: request.prefix, name: bundle.manifest.name)
        } else {
            let activation = CondaActivation(
                prefix: request.prefix, name: bundle.manifest.name, variables: try .read(staging),
                isVirtualEnvironment: bundle.manifest.python.source != .conda)
            (posix, fish) = (activation.posix, activation.fish)
        }
        let paths = try activationScripts()
        return try [(paths.posix, posix), (paths.fish, fish)].map { path, text in
            let bytes = Array(text.utf8)
            try tree.createFile(path, bytes, permissions: 0o644)
            return InstalledFile(path: path, bytes: bytes, permissions: 0o644)
        }
    }
}
