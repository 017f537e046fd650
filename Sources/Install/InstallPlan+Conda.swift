import Bundle
import Conda
import Digests
import Files
import Workers

/// The conda packages of an installation.
extension InstallPlan {
    static func readConda(_ bundle: BundleReader, _ request: InstallRequest) throws -> [CondaContents] {
        let manifest = bundle.manifest
        let archives = manifest.archives.filter { $0.kind == .conda }
        let packages = try parallelMap(archives, jobs: request.jobs) { archive in
            try CondaContents.read(
                archive, in: bundle.region(of: archive.path), python: manifest.python,
                overrides: manifest.overrides)
        }
        try checkPython(packages, manifest.python)
        guard packages.contains(where: { !$0.placeholders.isEmpty || !$0.entryPoints.isEmpty }) else {
            return packages
        }
        do throws(CondaError) { try PrefixRewriter.check(prefix: request.prefix) } catch {
            throw InstallError(.usage, error.description)
        }
        return packages
    }

    /// Where the manifest says that Python and its packages are is where conda's Python looks for them.
    private static func checkPython(_ packages: [CondaContents], _ stated: Manifest.Python) throws {
        guard stated.source == .conda else { return }
        guard let package = packages.first(where: { $0.info.index.name == "python" }) else {
            throw InstallError(.damaged, "the bundle's Python should be a conda package, and there is none")
        }
        let python = try CondaContents.naming(package.archive.filename) {
            try Manifest.Python(conda: package.info.index)
        }
        guard python == stated else {
            throw InstallError(
                .damaged,
                "the bundle's manifest describes Python \(stated.version) with packages in '\(stated.sitePackages)', and '\(package.archive.filename)' is Python \(python.version) with '\(python.sitePackages)'"
            )
        }
    }

    /// Sources of conda packages that are compiled, with the package that each belongs to.
    func condaSources() -> [RelativePath: Int] {
        var owners: [RelativePath: Int] = [:]
        for (index, package) in conda.enumerated() {
            let written = Set(package.members.lazy.filter { $0.role == .file }.map(\.path))
            for source in package.sources where written.contains(source) { owners[source] = index }
        }
        return owners
    }

    /// Those that read the same at every prefix, so that a bundle can carry their byte code.
    static func prefixlessSources(_ package: CondaContents) -> Set<RelativePath> {
        let changed = Set(package.members.lazy.filter { $0.entry.placeholder != nil }.map(\.path))
        return Set(package.sources).subtracting(changed)
    }

    /// Writes records, history and state: what makes the prefix an environment for conda's tools.
    func writeCondaMeta(_ files: [InstalledFile], _ tree: TreeWriter) throws -> [InstalledFile] {
        guard !conda.isEmpty else { return [] }
        let manifest = bundle.manifest
        var installed: [RelativePath: InstalledFile] = [:]
        installed.reserveCapacity(files.count)
        for file in files { installed[file.path] = file }
        let owners = condaSources()
        var bytecode: [Int: [RelativePath]] = [:]
        for file in files where file.isBytecode {
            guard let source = DerivedBytecode.source(of: file.path, cacheTag: manifest.python.cacheTag),
                let owner = owners[source]
            else { continue }
            bytecode[owner, default: []].append(file.path)
        }
        var written: [InstalledFile] = []
        func write(_ path: RelativePath, _ bytes: [UInt8]) throws {
            try tree.createFile(path, bytes, permissions: 0o644)
            written.append(InstalledFile(path: path, bytes: bytes, permissions: 0o644))
        }
        for (index, package) in conda.enumerated() {
            let record = CondaMeta.record(
                package, installed: installed, bytecode: (bytecode[index] ?? []).sorted())
            try write(CondaMeta.recordPath(of: package), record.json())
        }
        let history = CondaMeta.history(conda, manifest: manifest, now: request.now)
        try write(RelativePath(CondaMeta.history), Array(history.text.utf8))
        try write(RelativePath(CondaMeta.state), EnvironmentVariables().stateJSON())
        return written
    }
}
