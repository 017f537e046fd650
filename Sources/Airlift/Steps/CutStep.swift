import Archives
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

    /// - Parameters:
    ///   - path: of the directory, created where it is missing once nothing but writing is left to do.
    ///   - replace: whether another bundle of that file name may be replaced.
    func run(into path: String, replace: Bool) throws -> (written: WrittenBundle, directory: Directory) {
        let draft = try draft()
        let directory = try Directory.create(path)
        let total = draft.manifest.archives.reduce(0) { $0 + $1.size }
        let bar = ProgressBar("Cutting", total: total, hidden: output.quiet)
        defer { bar.finish() }
        let written = try BundleWriter(draft, in: directory).write(replace: replace) { bar.advance($0) }
        return (written, directory)
    }

    private func draft() throws -> BundleDraft {
        let spec = project.spec
        let wheels = try inspectedWheels()
        var sources: [String: BundleDraft.Source] = [:]
        var archives: [Manifest.Archive] = []
        if let archive = interpreter.archive {
            archives.append(archive.archive)
            sources[archive.archive.path] = .file(archive.path)
        }
        for wheel in wheels {
            archives.append(wheel.archive)
            sources[wheel.archive.path] = .file(wheel.path)
        }
        let own = try applicationFiles()
        let files = interpreter.files + own.map(\.file)
        for file in own { sources[file.file.source] = .file(file.path) }
        sources["airlift/spec.toml"] = .bytes(project.specBytes)
        sources["airlift/lock.yml"] = .bytes(lockBytes)
        let license = try spec.license.map { name in
            sources["airlift/license.txt"] = .bytes(try project.read(name))
            return "airlift/license.txt"
        }
        let install = Manifest.Install(
            bytecode: .init(rawValue: spec.bytecode.rawValue) ?? .target, defaultPrefix: spec.defaultPrefix,
            license: license, state: spec.statePaths.sorted())
        let claims = try checkClaims(wheels.map(\.contents), files)
        if spec.bytecode == .bundle {
            for (path, bytes) in try BytecodeStep(interpreter: interpreter, store: store, output: output)
                .run(wheels.map(\.contents))
            { sources[path] = .bytes(bytes) }
        }
        let manifest = Manifest(
            name: spec.name, version: version, serial: serial, platform: platform.name, summary: spec.summary,
            environment: try EnvironmentIdentity.digest(
                archives: archives, files: files, python: interpreter.python, install: install),
            spec: SHA256.hash(project.specBytes), lock: SHA256.hash(lockBytes),
            target: target(wheels, files, claims), python: interpreter.python, archives: archives,
            files: files,
            overrides: [], install: install, stub: .init(size: 0, sha256: SHA256.hash([])), entries: [],
            generator: Generator.current)
        return BundleDraft(
            manifest: manifest,
            stub: Stub(template: String(decoding: PackageResources.stub_sh, as: UTF8.self)),
            installer: installer, sources: sources)
    }

    private struct InspectedWheel {
        let archive: Manifest.Archive
        let path: String
        let contents: PackageContents
    }

    /// Reads every wheel as the installer will, so that what it would refuse never crosses the gap.
    private func inspectedWheels() throws -> [InspectedWheel] {
        let results = Dictionary(fetched.map { ($0.sha256, $0) }, uniquingKeysWith: { first, _ in first })
        let wheels = platform.archives.filter { $0.kind == .wheel }
        let paths = bundlePaths(wheels)
        let python = interpreter.python
        let bar = ProgressBar(
            "Reading wheels", total: wheels.reduce(0) { $0 + ($1.size ?? 0) }, hidden: output.quiet)
        defer { bar.finish() }
        let direct = Set(try project.inputs().wheels.filter { !$0.isLocal }.map(\.location))
        let store = store
        let jobs = zip(wheels, paths).sorted { ($0.0.size ?? 0) > ($1.0.size ?? 0) }
        let inspected = try parallelMap(jobs.map { ($0.0, $0.1) }) {
            wheel, path -> Result<InspectedWheel, AnyFailure> in
            guard let result = results[wheel.sha256] else {
                throw CommandError(.fault, "'\(wheel.filename)' was not fetched")
            }
            do {
                defer { bar.advance(result.size) }
                return .success(
                    try naming(wheel.filename) {
                        try Self.inspect(
                            wheel, result, path, python, store, isDirect: direct.contains(wheel.location))
                    })
            } catch let failure as any Failure {
                return .failure(AnyFailure(failure))
            }
        }
        let failures = inspected.compactMap {
            if case .failure(let error) = $0 { error.failure } else { nil }
        }
        guard failures.isEmpty else { throw FailureList(failures) }
        return try inspected.map { try $0.get() }.sorted {
            $0.archive.path.utf8.lexicographicallyPrecedes($1.archive.path.utf8)
        }
    }

    private struct AnyFailure: Error {
        let failure: any Failure
        init(_ failure: any Failure) { self.failure = failure }
    }

    private static func inspect(
        _ wheel: LockedArchive, _ result: FetchResult, _ path: String, _ python: Manifest.Python,
        _ store: ArchiveStore, isDirect: Bool
    ) throws -> InspectedWheel {
        var archive = Manifest.Archive(
            kind: .wheel, name: wheel.name, version: wheel.version, filename: wheel.filename, path: path,
            url: wheel.location, size: result.size, sha256: result.sha256, md5: wheel.md5, crc32: "00000000",
            license: nil, requested: wheel.requested, depends: [], installed: .init(files: 0, bytes: 0),
            hooks: [], directURL: isDirect ? wheel.location : nil)
        let region = try FileRegion(path: result.path, name: wheel.filename)
        // Its bytes are compared with their SHA-256 while they are copied into the bundle, so that what was found
        // sound once need not be inflated at every cut.
        let subject = SHA256.hash("inspection \(WheelInspection.version) \(result.sha256) \(wheel.filename)")
        let isKnownSound = try store.document(.inspection, of: subject) != nil
        let (inspection, contents) = try WheelInspection.run(
            archive, in: region, python: python, isKnownSound: isKnownSound)
        if !isKnownSound { try store.keep([1], as: .inspection, of: subject) }
        archive.license = inspection.license
        archive.depends = inspection.depends
        archive.installed = .init(files: inspection.files, bytes: inspection.bytes)
        archive.hooks = inspection.hooks
        return InspectedWheel(archive: archive, path: result.path, contents: contents)
    }

    /// Two archives of one file name: the second path gains the first 8 digits of its hash.
    private func bundlePaths(_ wheels: [LockedArchive]) -> [String] {
        var seen: Set<String> = []
        return wheels.map { wheel in
            let unique = seen.insert(wheel.filename).inserted
            return "archives/wheels/" + (unique ? "" : "\(wheel.sha256.hex.prefix(8))-") + wheel.filename
        }
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
    private func checkClaims(_ packages: [PackageContents], _ files: [Manifest.File]) throws -> PathClaims {
        var packages = packages
        let claims = try InstallPlan.claim(&packages, files: files, python: interpreter.python)
        guard claims.conflicts.isEmpty else {
            throw FailureList(claims.conflicts.map { CommandError(.refused, $0.description) })
        }
        for (a, b) in claims.caseCollisions {
            output.notice(
                "'\(a)' and '\(b)' differ by case only; a host whose file system folds case will refuse them")
        }
        return claims
    }

    private func target(
        _ wheels: [InspectedWheel], _ files: [Manifest.File], _ claims: PathClaims
    ) -> Manifest.Target {
        let bytes = wheels.reduce(0) { $0 + $1.archive.installed.bytes } + files.reduce(0) { $0 + $1.size }
        let needs =
            wheels.compactMap { WheelGlibc.needed(by: $0.archive.filename) }
            + [interpreter.glibc].compactMap { $0 }
        // Staging adds a suffix to the prefix, and a path may take 4,095 bytes.
        let longest =
            4_095 - ".airlift-new/".utf8.count - claims.longestPath - "__pycache__/.opt-1.pyc".utf8.count - 32
        return Manifest.Target(
            glibc: needs.max()?.description, bytes: bytes, inodes: claims.pathCount + claims.directoryCount,
            longestPrefix: min(longest, 3_072))
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
