import Archives
import Audit
import Bundle
import Console
import Digests
import Failures
import Fetch
import Files
import Install
import Lock
import Wheels
import Workers

/// Lock and archives → a bundle and, beside it, the plain installer.
struct CutStep {
    let project: Project
    let platform: Lockfile.Platform
    let lockBytes: [UInt8]
    let interpreter: PreparedInterpreter
    let fetched: [FetchResult]
    let store: ArchiveStore
    let version: String
    let serial: Int
    let installer: [UInt8]
    let output: OutputOptions
    /// Judges the manifest and the bytes of the entries beside its archives; what it returns, the manifest says.
    let policy: (Manifest, UInt64) throws -> PolicyReport?

    /// - Parameters:
    ///   - path: of the directory, created where it is missing once nothing but writing is left to do.
    ///   - replace: whether another bundle of that file name may be replaced.
    func run(into path: String, replace: Bool) throws -> (written: WrittenBundle, directory: Directory) {
        var draft = try draft()
        draft.manifest.policy = try policy(draft.manifest, bytesBesideArchives(draft))
        let directory = try Directory.create(path)
        let total = draft.manifest.archives.reduce(0) { $0 + $1.size }
        let bar = ProgressBar("Cutting", total: total, hidden: output.quiet)
        defer { bar.finish() }
        let written = try BundleWriter(draft, in: directory).write(replace: replace) { bar.advance($0) }
        return (written, directory)
    }

    private func bytesBesideArchives(_ draft: BundleDraft) -> UInt64 {
        let archives = Set(draft.manifest.archives.map(\.path))
        let files = Dictionary(draft.manifest.files.map { ($0.source, $0.size) }) { first, _ in first }
        return draft.sources.reduce(UInt64(draft.installer.bytes.count)) { sum, source in
            guard !archives.contains(source.key) else { return sum }
            switch source.value {
            case .bytes(let bytes): return sum + UInt64(bytes.count)
            case .file: return sum + (files[source.key] ?? 0)
            }
        }
    }

    private func draft() throws -> BundleDraft {
        let spec = project.spec
        let overrides = try overrides()
        let packages = try PackageStep(
            project: project, platform: platform, python: interpreter.python, fetched: fetched, store: store,
            overrides: overrides, output: output
        ).run()
        var sources: [String: BundleDraft.Source] = [:]
        var archives: [Manifest.Archive] = []
        if let archive = interpreter.archive {
            archives.append(archive.archive)
            sources[archive.archive.path] = .file(archive.path)
        }
        for package in packages.all {
            archives.append(package.archive)
            sources[package.archive.path] = .file(package.path)
        }
        let own = try applicationFiles()
        let files = interpreter.files + own.map(\.file)
        for file in own { sources[file.file.source] = .file(file.path) }
        // As it was written, but for passwords and tokens, which stay on this side of the gap.
        let specBytes = Array(CleanLocation.of(String(decoding: project.specBytes, as: UTF8.self)).utf8)
        if specBytes != project.specBytes {
            output.notice(
                "passwords and tokens in addresses of '\(project.specPath)' are left out of the copy in the bundle; variables ($NAME) would keep them out of the spec itself"
            )
        }
        sources["airlift/spec.toml"] = .bytes(specBytes)
        sources["airlift/lock.yml"] = .bytes(lockBytes)
        let license = try spec.license.map { name in
            sources["airlift/license.txt"] = .bytes(try project.read(name))
            return "airlift/license.txt"
        }
        let install = Manifest.Install(
            bytecode: .init(rawValue: spec.bytecode.rawValue) ?? .target, defaultPrefix: spec.defaultPrefix,
            license: license, state: spec.statePaths.sorted(), linkScripts: try linkScripts(packages),
            hooks: HooksStep.hooks(spec.hooks))
        let claimed = try checkClaims(packages, files, overrides)
        let claims = claimed.claims
        try HooksStep.check(spec.hooks, claims, specPath: project.specPath)
        if spec.bytecode == .bundle {
            for (path, bytes) in try BytecodeStep(interpreter: interpreter, store: store, output: output)
                .run(claimed.wheels, conda: claimed.conda)
            { sources[path] = .bytes(bytes) }
        }
        let manifest = Manifest(
            name: spec.name, version: version, serial: serial, platform: platform.name, summary: spec.summary,
            environment: try EnvironmentIdentity.digest(
                archives: archives, files: files, python: interpreter.python, install: install,
                overrides: claims.overrides),
            spec: SHA256.hash(specBytes), lock: SHA256.hash(lockBytes),
            target: target(packages, files, claims), python: interpreter.python, archives: archives,
            files: files, overrides: claims.overrides, install: install,
            stub: .init(size: 0, sha256: SHA256.hash([])), entries: [], generator: Generator.current)
        let image = InstallerImage(installer)
        let bill = BillOfMaterials(
            manifest, installer: .init(sha256: image.sha256, bytes: image.bytes),
            interpreter: interpreter.description.map(BillOfMaterials.InterpreterParts.init))
        sources[BillOfMaterials.cycloneDXPath] = .bytes(bill.cycloneDX)
        sources[BillOfMaterials.spdxPath] = .bytes(bill.spdx)
        return BundleDraft(
            manifest: manifest,
            stub: Stub(template: String(decoding: PackageResources.stub_sh, as: UTF8.self)),
            installer: image, sources: sources)
    }

    /// What the spec overrides, all of it about packages that are there.
    private func overrides() throws -> [Manifest.Override] {
        let names = Set(platform.archives.map(\.name))
        let strays = project.spec.overrides.flatMap { override -> [String] in
            var named = [override.package]
            if case .clobber(let over) = override.rule { named.append(over) }
            return named.filter { !names.contains($0) }.map {
                "line \(override.line) of '\(project.specPath)' overrides '\($0)', which is not among the packages; remove it"
            }
        }
        guard strays.isEmpty else { throw FailureList(strays.map { CommandError(.refused, $0) }) }
        return project.spec.overrides.map { override in
            switch override.rule {
            case .paths:
                .init(
                    subject: override.package, rule: Manifest.Override.pathsRule, reason: override.reason)
            case .clobber(let over):
                .init(
                    subject: override.package, rule: Manifest.Override.clobberRule, reason: override.reason,
                    over: over)
            }
        }
    }

    /// The packages whose link scripts may run; a name that has none is a mistake of the spec.
    private func linkScripts(_ packages: PackageStep.Packages) throws -> [String]? {
        guard !project.spec.linkScripts.isEmpty else { return nil }
        let having = Set(packages.conda.filter { !$0.contents.info.linkScripts.isEmpty }.map(\.archive.name))
        let strays = project.spec.linkScripts.filter { !having.contains($0) }
        guard strays.isEmpty else {
            throw FailureList(
                strays.map {
                    CommandError(
                        .refused,
                        "[conda] link_scripts of '\(project.specPath)' names '\($0)', and no package of that name has link scripts"
                    )
                })
        }
        return project.spec.linkScripts.sorted()
    }

    private func applicationFiles() throws -> [(file: Manifest.File, path: String)] {
        try project.spec.files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            destination, source in
            let target = try RelativePath(destination)
            let path = project.resolve(source)
            let region = try FileRegion(path: path)
            let status = try region.file.file.status()
            guard status.kind == .file else {
                throw CommandError(
                    .damaged, "'\(path)' ([files] \"\(destination)\") is no regular file; name each file")
            }
            var hasher = SHA256()
            try region.forEachPiece { hasher.update($0) }
            let file = Manifest.File(
                path: target.string, source: "archives/files/\(target)", size: region.size,
                sha256: hasher.finalize(),
                mode: status.isExecutable ? "0755" : "0644", link: nil)
            return (file, path)
        }
    }

    /// Two packages claiming one path are found here, before anything crosses the gap.
    private func checkClaims(
        _ packages: PackageStep.Packages, _ files: [Manifest.File], _ overrides: [Manifest.Override]
    ) throws -> (claims: PathClaims, wheels: [PackageContents], conda: [CondaContents]) {
        var wheels = packages.wheels.map(\.contents)
        var conda = packages.conda.map(\.contents)
        let claims = try InstallPlan.claim(
            wheels: &wheels, conda: &conda, files: files, python: interpreter.python, overrides: overrides)
        guard claims.conflicts.isEmpty else {
            throw FailureList(claims.conflicts.map { CommandError(.refused, $0.description) })
        }
        for override in claims.overrides
        where override.rule == Manifest.Override.clobberRule && override.paths?.isEmpty != false {
            output.notice(
                "the override of '\(override.over ?? "")' by '\(override.subject)' decides nothing: no path of theirs differs"
            )
        }
        for (a, b) in claims.caseCollisions {
            output.notice(
                "'\(a)' and '\(b)' differ by case only; a host whose file system folds case will refuse them")
        }
        return (claims, wheels, conda)
    }

    private func target(
        _ packages: PackageStep.Packages, _ files: [Manifest.File], _ claims: PathClaims
    ) -> Manifest.Target {
        let bytes =
            packages.all.reduce(0) { $0 + $1.archive.installed.bytes } + files.reduce(0) { $0 + $1.size }
        let needs =
            packages.wheels.compactMap { WheelGlibc.needed(by: $0.archive.filename) }
            + packages.conda.compactMap { $0.contents.glibc.flatMap { GlibcVersion($0) } }
            + [interpreter.glibc].compactMap { $0 }
        // Staging adds a suffix to the prefix, and a path may take 4,095 bytes.
        let longest =
            4_095 - ".airlift-new/".utf8.count - claims.longestPath - "__pycache__/.opt-1.pyc".utf8.count - 32
        let placeholders = packages.conda.compactMap { $0.contents.shortestPlaceholder?.bytes }
        return Manifest.Target(
            glibc: needs.max()?.description, bytes: bytes, inodes: claims.pathCount + claims.directoryCount,
            longestPrefix: ([longest, 3_072] + placeholders).min() ?? 0)
    }
}

/// What a wheel's file name says of the C library that it needs (PEP 600 and the names before it).
enum WheelGlibc {
    private static let legacy = ["manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)]

    /// The lowest that one of its platform tags promises to do with; nil for wheels of pure Python.
    static func needed(by filename: String) -> GlibcVersion? {
        guard let wheel = try? WheelFilename(filename) else { return nil }
        return wheel.tags.compactMap { version(of: $0.platform) }.min()
    }

    private static func version(of platform: String) -> GlibcVersion? {
        for (name, version) in legacy
        where platform.hasPrefix(name + "_") && !platform.hasPrefix("manylinux_") {
            return GlibcVersion(major: version.0, minor: version.1)
        }
        let parts = platform.split(separator: "_")
        guard parts.count >= 4, parts[0] == "manylinux", let major = Int(parts[1]), let minor = Int(parts[2])
        else {
            return nil
        }
        return GlibcVersion(major: major, minor: minor)
    }
}
