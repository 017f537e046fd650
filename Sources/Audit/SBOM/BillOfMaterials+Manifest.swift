import Bundle
import Digests

extension BillOfMaterials {
    /// Of a bundle or of what was installed from it.
    /// - Parameters:
    ///   - manifest: its stub, entries and checksums (CRC-32) are not looked at.
    ///   - installer: nil where nothing is known of it.
    ///   - interpreter: what its archive says; nil where it does not, or was not opened.
    public init(
        _ manifest: Manifest, installer: Installer?, interpreter: InterpreterParts?, phase: Phase = .bundle
    ) {
        let md5 = manifest.archives.compactMap { archive in archive.md5.map { (archive.sha256, $0) } }
        var packages = PackageComponents(
            PackageSet(manifest), md5: Dictionary(md5, uniquingKeysWith: { first, _ in first }))
        var components = packages.components
        var dependencies = packages.dependencies
        var direct = packages.roots

        let hashes = Dictionary(
            manifest.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        for index in components.indices where components[index].kind == .interpreter {
            Self.describe(&components[index], interpreter, files: hashes)
            for part in components[index].parts.indices {
                components[index].parts[part].reference = packages.unique(
                    components[index].parts[part].reference)
            }
            dependencies[components[index].reference] = components[index].parts.map(\.reference)
        }
        for file in manifest.files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) })
        where file.source.hasPrefix("archives/files/") {
            var component = Component(.file, "file:\(PackageURL.encoded(file.path))", name: file.path)
            component.sha256 = file.sha256
            component.facts = [Fact("mode", file.mode), Fact("bytes", "\(file.size)")]
            component.reference = packages.unique(component.reference)
            components.append(component)
            direct.append(component.reference)
        }
        if let installer {
            var component = Self.component(installer, manifest)
            component.reference = packages.unique(component.reference)
            for part in component.parts.indices {
                component.parts[part].reference = packages.unique(component.parts[part].reference)
            }
            components.append(component)
            dependencies[component.reference] = component.parts.map(\.reference)
            direct.append(component.reference)
        }
        var root = Self.root(manifest)
        root.reference = packages.unique(root.reference)
        dependencies[root.reference] = direct.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.init(
            phase: phase, root: root, components: components, dependencies: dependencies,
            created: VersionDate.timestamp(manifest.version), generator: manifest.generator,
            identity: DocumentIdentity([
                phase.rawValue, manifest.name, manifest.version, manifest.platform, manifest.environment.hex,
                manifest.generator, installer?.sha256.hex ?? "",
            ]))
    }

    private static func root(_ manifest: Manifest) -> Component {
        let package = PackageURL(
            type: "generic", name: manifest.name, version: manifest.version,
            qualifiers: ["platform": manifest.platform])
        var root = Component(
            .environment, package.description, name: manifest.name, version: manifest.version)
        root.package = package
        root.summary = manifest.summary.isEmpty ? nil : manifest.summary
        root.facts = [
            Fact("platform", manifest.platform), Fact("serial", "\(manifest.serial)"),
            Fact("environment", manifest.environment.hex), Fact("spec:sha256", manifest.spec.hex),
            Fact("lock:sha256", manifest.lock.hex), Fact("python:source", manifest.python.source.rawValue),
            Fact("python:version", manifest.python.version), Fact("python:abi", manifest.python.abi),
        ]
        if let glibc = manifest.target.glibc { root.facts.append(Fact("target:glibc", glibc)) }
        if manifest.python.source == .host {
            root.remark =
                "It carries no Python and needs one of version \(manifest.python.version) on the host."
        }
        root.listsAllParts = true
        return root
    }

    /// The libraries beside an interpreter, each of them a file of the manifest.
    private static func describe(
        _ component: inout Component, _ parts: InterpreterParts?, files: [String: Manifest.File]
    ) {
        guard let parts else {
            component.remark = "Which libraries it brings was not read from its archive."
            return
        }
        component.parts = parts.libraries.map { library in
            let package = package(of: library, distribution: parts.distribution)
            var part = Component(
                .library, "library:\(PackageURL.encoded(library.path))", name: library.name,
                version: package?.version)
            part.package = package?.isNamed == true ? package : nil
            part.sha256 = files[library.path]?.sha256
            part.facts = [Fact("path", library.path)]
            if let owner = library.package { part.facts.append(Fact("package", owner)) }
            return part
        }.sorted { $0.reference.utf8.lexicographicallyPrecedes($1.reference.utf8) }
        component.remark =
            "Its shared libraries are listed; what is compiled into Python itself is not known here."
        component.listsAllParts = false
    }

    /// Packages are known on systems with dpkg alone.
    private static func package(of library: Library, distribution: String?) -> PackageURL? {
        guard let fields = library.package?.split(separator: " ").map(String.init), fields.count == 2 else {
            return nil
        }
        let system = distribution?.split(separator: " ").map(String.init) ?? []
        guard let vendor = system.first else {
            return PackageURL(type: "generic", name: fields[0], version: fields[1])
        }
        return PackageURL(
            type: "deb", namespace: [vendor.lowercased()], name: fields[0].lowercased(), version: fields[1],
            qualifiers: ["distro": system.joined(separator: "-")])
    }

    private static func component(_ installer: Installer, _ manifest: Manifest) -> Component {
        let program = installer.components?.program
        var component = Component(
            .installer, manifest.installerPath, name: program?.name ?? "airlift-installer",
            version: program?.version)
        component.package = PackageURL(type: "generic", name: component.name, version: component.version)
        component.sha256 = installer.sha256
        component.license = LicenseStatement(text: program?.license, source: "expression")
        component.facts = [Fact("path", manifest.installerPath)]
        guard let parts = installer.components?.parts else {
            component.remark =
                installer.wasRead
                ? "It does not say what is linked into it: it was made by another build."
                : "What is linked into it was not read: its bytes are not at hand."
            return component
        }
        component.parts = parts.map { part in
            let names = part.package.dropFirst("pkg:".utf8.count).split(separator: "/").map(String.init)
            let package = PackageURL(
                type: names[0], namespace: Array(names.dropFirst().dropLast()), name: part.name,
                version: part.version)
            var linked = Component(
                .linked, "\(manifest.installerPath)/\(package)", name: part.name, version: part.version)
            linked.package = package
            linked.license = LicenseStatement(text: part.license, source: "expression")
            return linked
        }
        component.listsAllParts = true
        return component
    }
}
