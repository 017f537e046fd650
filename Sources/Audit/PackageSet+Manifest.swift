import Bundle
import Digests
import Install

extension PackageSet {
    /// The packages of a bundle.
    /// - Parameter digest: the bundle digest, where the manifest's own bytes are at hand.
    public init(_ manifest: Manifest, digest: SHA256Digest? = nil) {
        self.init(
            title: Self.title(manifest),
            packages: manifest.archives.map(Package.init),
            files: Self.applicationFiles(manifest), facts: Self.facts(manifest, digest),
            installedBytes: manifest.target.bytes)
        facts[.sources] = PackageOrigin.all(packages)
        python = manifest.python
        overrides = manifest.overrides
        linkScripts = manifest.install.linkScripts ?? []
        hooks = manifest.install.hooks ?? .init()
        violations = manifest.policy?.violations ?? []
        bytecode = Self.bytecode(manifest)
    }

    private static func bytecode(_ manifest: Manifest) -> [SHA256Digest: SHA256Digest] {
        let entries = Dictionary(
            manifest.entries.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
        return Dictionary(
            manifest.archives.compactMap { archive in
                entries[DerivedBytecode.path(for: archive)].map { (archive.sha256, $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    static func title(_ manifest: Manifest) -> String {
        "\(manifest.name) \(manifest.version) (\(manifest.platform))"
    }

    private static func applicationFiles(_ manifest: Manifest) -> [String: File] {
        Dictionary(
            manifest.files.filter { $0.source.hasPrefix("archives/files/") }
                .map { ($0.path, File(sha256: $0.sha256, link: $0.link, mode: $0.mode)) },
            uniquingKeysWith: { first, _ in first })
    }

    private static func facts(_ manifest: Manifest, _ digest: SHA256Digest?) -> [Fact: String] {
        let none = "none"
        var facts: [Fact: String] = [
            .name: manifest.name, .version: manifest.version, .serial: "\(manifest.serial)",
            .platform: manifest.platform, .environment: manifest.environment.hex, .spec: manifest.spec.hex,
            .lock: manifest.lock.hex, .generator: manifest.generator, .glibc: manifest.target.glibc ?? none,
            .longestPrefix: "\(manifest.target.longestPrefix)",
            .pythonSource: manifest.python.source.rawValue,
            .pythonImplementation: manifest.python.implementation, .pythonVersion: manifest.python.version,
            .pythonABI: manifest.python.abi, .bytecode: manifest.install.bytecode.rawValue,
            .defaultPrefix: manifest.install.defaultPrefix ?? none,
            .license: manifest.install.license.map { manifest.entry($0)?.sha256.hex ?? $0 } ?? none,
            .state: listed(manifest.install.state), .hooks: hooks(manifest.install.hooks),
            .overrides: listed(manifest.overrides.map { "\($0.rule) for \($0.subject): \($0.reason)" }),
        ]
        facts[.installer] = manifest.entry(manifest.installerPath)?.sha256.hex
        facts[.digest] = digest?.hex
        return facts
    }

    private static func hooks(_ hooks: Manifest.Hooks?) -> String {
        let words = (hooks?.all ?? []).map { "\($0.kind.rawValue) \($0.hook.words) (\($0.hook.timeout) s)" }
        return words.isEmpty ? "none" : words.joined(separator: "; ")
    }

    private static func listed(_ items: [String]) -> String {
        items.isEmpty ? "none" : items.sorted().joined(separator: ", ")
    }
}

extension PackageSet.Package {
    public init(_ archive: Manifest.Archive) {
        self.init(
            kind: .init(archive.kind), name: archive.name, version: archive.version, build: archive.build,
            filename: archive.filename, size: archive.size, sha256: archive.sha256, license: archive.license,
            requested: archive.requested, hooks: archive.hooks.sorted(), depends: archive.depends,
            url: archive.url, channel: archive.channel, subdir: archive.subdir,
            licenseSource: archive.licenseSource, installedBytes: archive.installed.bytes,
            released: archive.released)
    }
}

extension PackageSet.Kind {
    init(_ kind: Manifest.Archive.Kind) {
        switch kind {
        case .python: self = .python
        case .conda: self = .conda
        case .wheel: self = .wheel
        }
    }
}
