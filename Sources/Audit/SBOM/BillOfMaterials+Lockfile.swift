import Digests
import Lock

extension BillOfMaterials {
    /// Of what is locked for one platform: as far as a lock knows, which is no licences, no files and no installer.
    /// - Parameters:
    ///   - name: of the environment.
    ///   - generator: the program that writes this down.
    public init(_ platform: Lockfile.Platform, name: String, generator: String) {
        let md5 = platform.archives.compactMap { archive in archive.md5.map { (archive.sha256, $0) } }
        var packages = PackageComponents(
            PackageSet(platform, name: name), md5: Dictionary(md5, uniquingKeysWith: { first, _ in first }))
        let components = packages.components
        let package = PackageURL(
            type: "generic", name: name, qualifiers: ["platform": platform.name])
        var root = Component(.environment, package.description, name: name)
        root.package = package
        root.facts = [
            Fact("platform", platform.name), Fact("lock:content-hash", platform.contentHash.hex),
            Fact("python:source", platform.interpreter.rawValue),
            Fact("python:version", platform.target.python), Fact("python:abi", platform.target.abi),
            Fact("target:glibc", "\(platform.target.glibc)"),
        ]
        let isElsewhere = platform.interpreter == .capture || platform.interpreter == .host
        root.remark =
            "Made from a lock, which knows no licences, and neither the application's own files nor the installer."
            + (isElsewhere ? " The base interpreter is not among its archives." : "")
        root.listsAllParts = false
        root.reference = packages.unique(root.reference)
        var dependencies = packages.dependencies
        dependencies[root.reference] = packages.roots
        self.init(
            phase: .lock, root: root, components: components, dependencies: dependencies, created: nil,
            generator: generator,
            identity: DocumentIdentity(
                [Phase.lock.rawValue, name, platform.name, platform.contentHash.hex, generator]
                    + platform.archives.flatMap { [$0.kind.rawValue, $0.filename, $0.sha256.hex] }))
    }
}
