import ArgumentParser

/// Whether the commands of a bundle run, and for how long.
struct HookOptions: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help:
            "Run the bundle's hooks: those of a prefix only with --hooks, those of activating a release unless --no-hooks."
    )
    var hooks: Bool?

    @Option(
        help: ArgumentHelp("How long each hook may take (default: as the bundle says).", valueName: "seconds")
    )
    var hookTimeout: Int?

    func validate() throws {
        if let hookTimeout, !(1...86_400).contains(hookTimeout) {
            throw ValidationError("--hook-timeout takes seconds from 1 to 86400")
        }
    }
}
