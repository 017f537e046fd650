import ArgumentParser
import Install

/// Installing into a root, and waiting for who is at work there.
struct RootOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Install as a release into this directory, beside the earlier ones, and make it the current one. ROOT/.airlift/airlift installs into its own root.",
            valueName: "directory"), completion: .directory)
    var root: String?

    @Flag(name: .customLong("no-activate"), help: "Put the release in place and leave what is current.")
    var noActivate = false

    @Flag(
        name: .customLong("no-share"),
        help: "Unpack everything, and share no files with the releases that are there.")
    var noShare = false

    @Flag(help: "Take a bundle that is older than the latest that was ever installed in the root.")
    var allowDowngrade = false

    @Option(
        help: ArgumentHelp(
            "How long to wait for another run at the same place (default: not at all).", valueName: "seconds")
    )
    var wait: Int?

    func validate() throws {
        if let wait, !(0...86_400).contains(wait) {
            throw ValidationError("--wait takes seconds from 0 to 86400")
        }
        guard root == nil, OwnRoot.path == nil else { return }
        for (isGiven, option) in [
            (noActivate, "--no-activate"), (noShare, "--no-share"), (allowDowngrade, "--allow-downgrade"),
        ]
        where isGiven {
            throw ValidationError("\(option) goes with --root ROOT")
        }
    }

    func put(into request: inout InstallRequest, hooks: Bool) {
        request.root = root.map(TargetOptions.absolute)
        request.activates = !noActivate
        request.shares = !noShare
        request.activationHooks = hooks
        request.allowDowngrade = allowDowngrade
        request.wait = wait ?? 0
    }
}

extension TargetOptions {
    /// What does not go with a root.
    func refuseForRoots() throws {
        guard release.root != nil else { return }
        if prefix != nil {
            throw ValidationError(
                "-p installs at one place and --root into a directory of releases: give one of them")
        }
        if destdir != nil {
            throw ValidationError(
                "--destdir does not go with --root: packages and images hold one prefix")
        }
        for (isGiven, option) in [(force, "-f"), (update, "-u"), (replaceForeign, "--replace-foreign")]
        where isGiven {
            throw ValidationError(
                "\(option) does not go with --root: a release that is in place is never rewritten; use repair to put its files right, or remove to take it away first"
            )
        }
    }

    /// Whom the target knows.
    func remembered() throws -> RememberedTrust? {
        if let root = release.root { return try RememberedTrust.ofRoot(Self.absolute(root)) }
        return try prefix.flatMap {
            try RememberedTrust.of((destdir.map(Self.absolute) ?? "") + Self.absolute($0))
        }
    }
}
