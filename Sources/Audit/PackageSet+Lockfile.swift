import Lock

extension PackageSet {
    /// What is locked for one platform.
    /// - Parameter name: of the lock, for headings.
    public init(_ platform: Lockfile.Platform, name: String) {
        self.init(
            title: "\(name) (\(platform.name))", packages: platform.archives.map(Package.init),
            facts: [
                .platform: platform.name, .pythonSource: platform.interpreter.rawValue,
                .pythonVersion: Self.pythonVersion(platform), .pythonABI: platform.target.abi,
                .targetGlibc: "\(platform.target.glibc)",
            ], listsInterpreter: platform.interpreter != .capture)
        tellsLicenses = false
        facts[.sources] = PackageOrigin.all(packages)
    }

    /// As a manifest gives it: of the host's own interpreter only the minor version is known.
    private static func pythonVersion(_ platform: Lockfile.Platform) -> String {
        guard platform.interpreter == .host else { return platform.target.python }
        return platform.target.python.split(separator: ".").prefix(2).joined(separator: ".")
    }
}

extension PackageSet.Package {
    init(_ archive: LockedArchive) {
        self.init(
            kind: .init(archive.kind), name: archive.name, version: archive.version, build: archive.build,
            filename: archive.filename, size: archive.size, sha256: archive.sha256,
            requested: archive.requested, depends: Self.depends(archive), url: archive.location,
            channel: archive.channel, subdir: archive.subdir, released: archive.released)
    }

    /// A lock's map of names to versions in the words of each kind: `idna>=2` and `libpq >=16`.
    private static func depends(_ archive: LockedArchive) -> [String] {
        let space = archive.kind == .conda ? " " : ""
        return archive.dependencies.sorted { $0.key < $1.key }.map { name, rest in
            rest.isEmpty ? name : name + space + rest
        }
    }
}

extension PackageSet.Kind {
    init(_ kind: LockedArchive.Kind) {
        switch kind {
        case .python: self = .python
        case .conda: self = .conda
        case .wheel: self = .wheel
        }
    }
}
