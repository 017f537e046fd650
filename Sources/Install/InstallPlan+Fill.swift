import Archives
import Bundle
import Digests
import Failures
import Files
import Workers

/// Everything that goes into a staging directory.
extension InstallPlan {
    enum Job: Sendable {
        case interpreter(Manifest.Archive)
        case package(PackageContents)
        case conda(CondaContents)
        case file(Manifest.File)
        case derived(Manifest.Entry)
    }

    struct Unpacked: Sendable {
        var files: [InstalledFile]
        var shared: [WheelInstaller.SharedFile] = []
        var notices: [String] = []
        /// Its sources are compiled where they can be imported; conda packages say themselves which are.
        var isConda = false
    }

    /// Entries with byte code that the bundle carries, unless none is wanted.
    var derivedEntries: [Manifest.Entry] {
        guard bundle.manifest.install.bytecode == .bundle, request.compile else { return [] }
        return bundle.manifest.entries.filter { $0.path.hasPrefix(DerivedBytecode.directory) }
            .sorted { $0.size > $1.size }
    }

    /// Python sources that this installation brings and that any prefix has alike, known before anything is unpacked.
    func plannedSources() throws -> Set<RelativePath> {
        var sources = Set(packages.flatMap { $0.members.values.compactMap(\.path) })
        for file in bundle.manifest.files { sources.insert(try RelativePath(file.path)) }
        for package in conda { sources.formUnion(Self.prefixlessSources(package)) }
        return sources.filter { $0.string.hasSuffix(".py") }
    }

    func jobs() -> [Job] {
        let archives =
            packages.map { ($0.archive.size, Job.package($0)) }
            + conda.map { ($0.archive.size, Job.conda($0)) }
        return bundle.manifest.archives.filter { $0.kind == .python }.map { Job.interpreter($0) }
            + archives.sorted { $0.0 > $1.0 }.map(\.1)
            + bundle.manifest.files.filter { $0.source == "archives/files/\($0.path)" }.map { Job.file($0) }
            + derivedEntries.map { Job.derived($0) }
    }

    /// Unpacks, compiles and describes: all but Airlift's own record.
    /// - Returns: what was written, and what somebody should know of it.
    func fill(
        _ staging: Directory, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> (files: [InstalledFile], notices: [String]) {
        try checkUnread()
        let environment = VirtualEnvironment(
            prefix: request.prefix, name: bundle.manifest.name, python: bundle.manifest.python,
            hostInterpreter: hostInterpreter?.executable, hostVersion: hostInterpreter?.version)
        var files = try environment.write(TreeWriter(staging))
        let sources = derivedEntries.isEmpty ? [] : try plannedSources()
        let unpacked: @Sendable (UInt64) -> Void = { progress(.unpacked($0)) }
        let results = try parallelMap(
            jobs(), jobs: request.jobs, workspace: { (TreeWriter(staging), InflateWorkspace()) }
        ) { own, job in
            try unpack(job, own.0, own.1, environment.interpreter, sources: sources, unpacked)
        }
        files += Self.withoutRepeatedDirectories(results.flatMap(\.files))
        try checkShared(results.flatMap(\.shared), files)
        try checkInterpreter(staging)
        let own = results.filter { !$0.isConda }.flatMap(\.files)
        files += try compile(files, own, staging, progress)
        let tree = TreeWriter(staging)
        files += try writeCondaMeta(files, tree)
        files += try writeActivation(staging, tree)
        if request.test { try ImportTest(plan: self, staging: staging).run(files) }
        return (files, results.flatMap(\.notices))
    }

    func unpack(
        _ job: Job, _ tree: TreeWriter, _ workspace: InflateWorkspace, _ interpreter: String,
        sources: Set<RelativePath>, _ progress: @escaping @Sendable (UInt64) -> Void
    ) throws -> Unpacked {
        let manifest = bundle.manifest
        switch job {
        case .interpreter(let archive):
            return Unpacked(
                files: try InterpreterInstaller(
                    region: bundle.region(of: archive.path), sha256: archive.sha256,
                    expected: manifest.files.filter { $0.source == archive.path }, tree: tree
                ).install(progress: progress))
        case .package(let contents):
            let result = try WheelInstaller(
                contents: contents, tree: tree, interpreter: interpreter, workspace: workspace,
                keepsUserSiteOut: bundle.manifest.python.source == .conda
            ).install(progress: progress)
            return Unpacked(files: result.files, shared: result.shared)
        case .conda(let contents):
            let result = try CondaInstaller(
                contents: contents, tree: tree, prefix: request.prefix, interpreter: interpreter
            ).install(progress: progress)
            let notices = result.setID.map {
                "'\($0)' of \(contents.archive.filename) has a set-id bit, which was dropped"
            }
            return Unpacked(files: result.files, shared: result.shared, notices: notices, isConda: true)
        case .file(let file): return Unpacked(files: [try place(file, tree, progress)])
        case .derived(let entry):
            return Unpacked(
                files: try DerivedBytecode.install(
                    bundle.region(of: entry.path), expecting: entry.sha256, sources: sources,
                    cacheTag: manifest.python.cacheTag, tree: tree, progress: progress))
        }
    }

    /// Several packages may make one directory.
    static func withoutRepeatedDirectories(_ files: [InstalledFile]) -> [InstalledFile] {
        var seen: Set<RelativePath> = []
        return files.filter { $0.content != .directory || seen.insert($0.path).inserted }
    }

    private func place(
        _ file: Manifest.File, _ tree: TreeWriter, _ progress: (UInt64) -> Void
    ) throws -> InstalledFile {
        let region = try bundle.region(of: file.source)
        let path = try RelativePath(file.path)
        let permissions = UInt32(file.mode, radix: 8) ?? 0o644
        var hasher = SHA256()
        // Byte code names the time of its source, and a package that is built twice is to be the same.
        let time = request.destination.flatMap { _ in UTCTime.seconds(request.now) }
        try tree.createFile(path, permissions: permissions, modificationTime: time) { output in
            try region.forEachPiece { piece in
                hasher.update(piece)
                try output.write(piece)
                progress(UInt64(piece.count))
            }
        }
        let digest = hasher.finalize()
        if let expected = bundle.expectedDigest(of: file.source) {
            try bundle.check(digest, against: expected, file.source)
        }
        return InstalledFile(
            path: path, content: .bytes(size: region.size, sha256: digest), permissions: permissions)
    }

    /// Files that two archives bring were compared while planning only by what their directories say.
    private func checkShared(_ shared: [WheelInstaller.SharedFile], _ files: [InstalledFile]) throws {
        guard !shared.isEmpty else { return }
        let wanted = Set(shared.map(\.path))
        var digests: [RelativePath: SHA256Digest] = [:]
        for file in files where wanted.contains(file.path) {
            if case .bytes(_, let digest) = file.content { digests[file.path] = digest }
        }
        for file in shared where digests[file.path] != file.sha256 {
            throw InstallError(.refused, "'\(file.path)' is brought by two archives with different contents")
        }
    }

    /// The base interpreter while staging: never `bin/python`, which would borrow the host's while its home is
    /// not in place.
    func baseInterpreter(_ staging: Directory) -> String {
        hostInterpreter?.executable ?? "\(staging.path)/\(bundle.manifest.python.executable ?? "")"
    }

    private func checkInterpreter(_ staging: Directory) throws {
        guard let executable = bundle.manifest.python.executable, request.runsInterpreter(bundle.manifest)
        else { return }
        let path = "\(staging.path)/\(executable)"
        var found = "it does not start"
        if let process = try? ChildProcess(
            path, ["-I", "-S", "-B", "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"],
            mergingErrors: true)
        {
            process.closeInput()
            let answer = process.readAll(limit: 65_536)
            if process.wait() == .exited(0), answer == bundle.manifest.python.version { return }
            if !answer.isEmpty { found = "it says '\(answer)'" }
        }
        throw InstallError(
            .hostRequirements,
            "the bundle's interpreter (Python \(bundle.manifest.python.version)) does not run on this host: \(found)"
        )
    }

    /// - Parameter own: those of the files whose sources are found by their place.
    private func compile(
        _ files: [InstalledFile], _ own: [InstalledFile], _ staging: Directory,
        _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> [InstalledFile] {
        guard request.compiles(bundle.manifest) else { return [] }
        let python = bundle.manifest.python
        let wanted = Set(BytecodeDerivation.sources(own, python)).union(condaSources().keys)
        let sources = files.filter { wanted.contains($0.path) }
        let largestFirst = sources.sorted { Self.bytes(of: [$0]) > Self.bytes(of: [$1]) }.map(\.path)
        progress(.compiling(largestFirst.count))
        return try BytecodeCompiler(
            interpreter: baseInterpreter(staging), cacheTag: python.cacheTag, staging: staging,
            jobs: request.jobs
        ).compile(largestFirst) { progress(.compiled) }
    }
}
