extension TortureFlow {
    private static func install(_ bundle: String, _ options: String...) throws -> [String] {
        [try Product.installer, "install", bundle, "-b", "-q", "-j", "1", "-p", "@/p"] + options
    }

    static func all() throws -> [TortureFlow] {
        try (prefixes() + roots()).filter { TortureForm.wants($0.name) }
    }

    /// Everything that changes a prefix.
    static func prefixes() throws -> [TortureFlow] {
        let bundles = try TortureBundles.made()
        let first = Standing.version(TortureBundles.first)
        let second = Standing.version(TortureBundles.second)
        let uninstall = [try Product.installer, "uninstall", "-q", "-f", "-p", "@/p"]
        return try [
            TortureFlow(
                name: "install into a prefix", before: [], command: install(bundles.first), target: "p",
                old: .nothing, new: first),
            TortureFlow(
                name: "update a prefix", before: [install(bundles.first)],
                command: install(bundles.second, "-u"), target: "p", isTypical: true, old: first,
                new: second),
            TortureFlow(
                name: "update a prefix again",
                before: [install(bundles.second), install(bundles.first, "-u")],
                command: install(bundles.second, "-u"), target: "p", old: first, new: second),
            TortureFlow(
                name: "update a prefix with link scripts and byte code", before: [install(bundles.first)],
                command: install(bundles.scripted, "-u", "--link-scripts", "all"), target: "p",
                runsScripts: true, old: first, new: second),
            TortureFlow(
                name: "uninstall a prefix",
                before: [install(bundles.second), install(bundles.first, "-u")],
                command: uninstall,
                // What is gone cannot be removed again.
                next: ["sh", "-c", "[ -z \"$(ls -A @/)\" ] || \"$@\"", "sh"] + uninstall, target: "p",
                old: first, new: .nothing),
        ]
    }
}
