import Bundle

extension InstallRequest {
    /// The request with the one spelling of its paths; in a root, with the prefix that follows from the bundle.
    func placed(_ manifest: Manifest) throws -> InstallRequest {
        guard let root else { return try judged(longestPath: 0) }
        for (isGiven, option) in [(force, "-f"), (update, "-u"), (replaceForeign, "--replace-foreign")]
        where isGiven {
            throw InstallError(
                .usage,
                "\(option) does not go with --root: a release that is in place is never rewritten; use repair to put its files right, or remove to take it away first"
            )
        }
        guard destination == nil else {
            throw InstallError(
                .usage, "--destdir does not go with --root: packages and images hold one prefix")
        }
        var request = self
        let path = try Self.spelled(root)
        request.root = path
        request.donors = try ReleaseRoot.ifThere(path)?.donors() ?? []
        request.prefix =
            "\(path)/\(ReleaseRoot.releasesPath)/\(try ReleaseRoot.releaseName(manifest.version))"
        return request
    }

    /// Whether the bundle may become a release, or is one already.
    func admitToRoot(_ manifest: Manifest) throws {
        guard let root, let found = try ReleaseRoot.examine(root, name: manifest.name) else { return }
        // Going back to what is there is no downgrade.
        if try found.releases().contains(where: { $0.name == manifest.version }) { return }
        try found.state()?.admit(manifest, root: root, allowDowngrade: allowDowngrade)
    }
}

extension ExistingPrefix {
    /// As `admit`, where the prefix is a release's.
    func admitRelease(_ request: InstallRequest, _ manifest: Manifest) throws -> Bool {
        switch self {
        case .absent, .empty: return true
        case .foreign:
            throw InstallError(
                .targetInTheWay, "'\(request.prefix)' exists and is no release; move it away")
        case .environment(let record):
            guard record.prefix == request.prefix else {
                throw InstallError(
                    .targetInTheWay,
                    "the release at '\(request.prefix)' was installed at '\(record.prefix)' and moved, which releases do not survive; move the root back, or install into another"
                )
            }
            guard record.name == manifest.name, record.environment == manifest.environment else {
                throw InstallError(
                    .targetInTheWay,
                    "'\(request.prefix)' is another environment (\(record.environment)) than the bundle's (\(manifest.environment)), and one version names one content; cut the bundle with a version of its own, or remove that release first"
                )
            }
            return false
        }
    }
}
