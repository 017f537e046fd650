extension TortureFlow {
    private static func root(_ command: String, _ arguments: String...) throws -> [String] {
        [try Product.installer, command, "-q", "--root", "@/r"] + arguments
    }

    private static func install(_ bundle: String, _ options: String...) throws -> [String] {
        [try Product.installer, "install", bundle, "-b", "-q", "-j", "1", "--root", "@/r"] + options
    }

    /// Everything that changes a root.
    static func roots() throws -> [TortureFlow] {
        let bundles = try TortureBundles.made()
        let first = Standing.version(TortureBundles.first)
        let second = Standing.version(TortureBundles.second)
        let both = try [install(bundles.first), install(bundles.second)]
        return try [
            flow("install into a new root", [], install(bundles.first), .nothing, first),
            flow(
                "upgrade a root", [install(bundles.first)], install(bundles.second), first, second,
                isTypical: true),
            flow(
                "upgrade a root with link scripts and byte code", [install(bundles.first)],
                install(bundles.scripted, "--link-scripts", "all"), first, second, runsScripts: true),
            flow(
                "put a release in place and leave what is current", [install(bundles.first)],
                install(bundles.second, "--no-activate"), first, first),
            flow(
                "activate a release", [install(bundles.first), install(bundles.second, "--no-activate")],
                root("activate", TortureBundles.second), first, second),
            flow("roll back", both, root("rollback", TortureBundles.first), second, first, isTypical: true),
            flow(
                "remove a release", both, root("remove", TortureBundles.first), second, second,
                next: [
                    "sh", "-c",
                    "[ -e @/r/releases/\(TortureBundles.first) ] || set -- '\(Product.installer)' prune --keep 9 -q --root @/r; \"$@\"",
                    "sh",
                ] + root("remove", TortureBundles.first)),
            flow("prune", both, root("prune", "--keep", "1"), second, second),
            flow(
                "uninstall a root", both, root("uninstall", "-f"), second, .nothing,
                // An empty directory is no root any more.
                next: ["sh", "-c", "[ ! -e @/r ] || rmdir @/r 2>/dev/null || \"$@\"", "sh"]
                    + root("uninstall", "-f")),
        ]
    }

    private static func flow(
        _ name: String, _ before: [[String]], _ command: [String], _ old: Standing, _ new: Standing,
        next: [String]? = nil, isTypical: Bool = false, runsScripts: Bool = false
    ) -> TortureFlow {
        TortureFlow(
            name: name, before: before, command: command, next: next, target: "r", isRoot: true,
            isTypical: isTypical, runsScripts: runsScripts, old: old, new: new)
    }
}
