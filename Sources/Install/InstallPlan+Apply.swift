import Archives
import Bundle
import Digests
import Failures
import Files
import Wheels
import Workers

extension InstallPlan {
    /// Installs: stages beside the prefix, on all cores, then publishes by one rename.
    ///
    /// Whatever goes wrong before the rename, the prefix is as it was and nothing is left beside it.
    /// - Parameter progress: is called from several threads.
    public func apply(progress: @escaping @Sendable (InstallProgress) -> Void = { _ in }) throws
        -> InstallOutcome
    {
        try check()
        if case .environment(let record) = existing, !isNeeded {
            Publication.clearLeftovers(of: request.prefix)
            return InstallOutcome(record: record, changed: false, files: 0, bytes: 0, replaced: nil)
        }
        let publication = try Publication.begin(request.prefix)
        do {
            // Since the plan was made, another run may have published, or an interrupted one was completed.
            let existing = try ExistingPrefix.examine(request.prefix)
            let isNeeded = try existing.admit(request, bundle)
            if case .environment(let record) = existing {
                guard isNeeded else {
                    publication.end()
                    return InstallOutcome(record: record, changed: false, files: 0, bytes: 0, replaced: nil)
                }
                try refuseLosses(record)
            }
            let staging = try publication.createStaging()
            let files = try fill(staging, progress)
            let record = try writeRecord(files, staging)
            if case .environment = existing {
                try StatePaths(bundle.manifest.install.state).carry(
                    from: Directory.open(request.prefix), into: staging)
            }
            try Interruption.check()
            if request.synchronize { progress(.synchronizing) }
            let replaced = try publication.publish(synchronizing: request.synchronize)
            publication.end()
            return InstallOutcome(
                record: record, changed: true, files: files.count, bytes: Self.bytes(of: files),
                replaced: replaced)
        } catch {
            publication.discardStaging()
            publication.end()
            throw error
        }
    }

    private static func bytes(of files: [InstalledFile]) -> UInt64 {
        files.reduce(0) { sum, file in
            if case .bytes(let size, _) = file.content { sum + size } else { sum }
        }
    }

    /// With `update`, files that nobody recorded must not be lost.
    private func refuseLosses(_ record: InstallRecord) throws {
        guard request.update, !request.force else { return }
        let report = try PrefixVerification.run(request.prefix, contents: false)
        guard report.unrecorded.isEmpty else {
            throw InstallError(
                .targetInTheWay,
                "\(report.unrecorded.count) files in '\(request.prefix)' would be lost, '\(report.unrecorded[0])' for one; move them, or give -f"
            )
        }
    }

    private enum Job: Sendable {
        case interpreter(Manifest.Archive)
        case package(PackageContents)
        case file(Manifest.File)
        case derived(Manifest.Entry)
    }

    /// Entries with byte code that the bundle carries, unless none is wanted.
    private var derivedEntries: [Manifest.Entry] {
        guard bundle.manifest.install.bytecode == .bundle, request.compile else { return [] }
        return bundle.manifest.entries.filter { $0.path.hasPrefix(DerivedBytecode.directory) }
            .sorted { $0.size > $1.size }
    }

    /// Python sources that this installation brings, known before anything is unpacked.
    private func plannedSources() throws -> Set<RelativePath> {
        var sources = Set(packages.flatMap { $0.members.values.compactMap(\.path) })
        for file in bundle.manifest.files { sources.insert(try RelativePath(file.path)) }
        return sources.filter { $0.string.hasSuffix(".py") }
    }

    private func fill(
        _ staging: Directory, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> [InstalledFile] {
        let manifest = bundle.manifest
        let environment = VirtualEnvironment(
            prefix: request.prefix, name: manifest.name, python: manifest.python,
            hostInterpreter: hostInterpreter?.executable, hostVersion: hostInterpreter?.version)
        var files = try environment.write(TreeWriter(staging))
        let largestFirst = packages.sorted { $0.archive.size > $1.archive.size }
        let jobs =
            manifest.archives.filter { $0.kind == .python }.map { Job.interpreter($0) }
            + largestFirst.map { Job.package($0) }
            + manifest.files.filter { $0.source == "archives/files/\($0.path)" }.map { Job.file($0) }
            + derivedEntries.map { Job.derived($0) }
        let sources = derivedEntries.isEmpty ? [] : try plannedSources()
        let unpacked: @Sendable (UInt64) -> Void = { progress(.unpacked($0)) }
        let results = try parallelMap(
            jobs, jobs: request.jobs, workspace: { (TreeWriter(staging), InflateWorkspace()) }
        ) { own, job -> WheelInstaller.Result in
            let (tree, workspace) = own
            switch job {
            case .interpreter(let archive):
                return .init(
                    files: try InterpreterInstaller(
                        region: bundle.region(of: archive.path), sha256: archive.sha256,
                        expected: manifest.files.filter { $0.source == archive.path }, tree: tree
                    ).install(
                        progress: unpacked))
            case .package(let contents):
                return try WheelInstaller(
                    contents: contents, tree: tree, interpreter: environment.interpreter,
                    workspace: workspace
                ).install(progress: unpacked)
            case .file(let file):
                return .init(files: [try place(file, tree, unpacked)])
            case .derived(let entry):
                return .init(
                    files: try DerivedBytecode.install(
                        bundle.region(of: entry.path), expecting: entry.sha256, sources: sources,
                        cacheTag: manifest.python.cacheTag, tree: tree, progress: unpacked))
            }
        }
        files += results.flatMap(\.files)
        try checkShared(results.flatMap(\.shared), files)
        try checkInterpreter(staging)
        files += try compile(files, staging, progress)
        if request.test { try ImportTest(plan: self, staging: staging).run(files) }
        return files
    }

    private func place(
        _ file: Manifest.File, _ tree: TreeWriter, _ progress: (UInt64) -> Void
    ) throws -> InstalledFile {
        let region = try bundle.region(of: file.source)
        let path = try RelativePath(file.path)
        let permissions = UInt32(file.mode, radix: 8) ?? 0o644
        var hasher = SHA256()
        try tree.createFile(path, permissions: permissions, modificationTime: nil) { output in
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

    /// Files that two wheels bring were only compared by CRC-32 while planning.
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
        guard let executable = bundle.manifest.python.executable else { return }
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

    private func compile(
        _ files: [InstalledFile], _ staging: Directory,
        _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> [InstalledFile] {
        guard request.compiles(bundle.manifest) else { return [] }
        let python = bundle.manifest.python
        let wanted = Set(BytecodeDerivation.sources(files, python))
        let sources = files.filter { wanted.contains($0.path) }
        let largestFirst = sources.sorted { Self.bytes(of: [$0]) > Self.bytes(of: [$1]) }.map(\.path)
        progress(.compiling(largestFirst.count))
        return try BytecodeCompiler(
            interpreter: baseInterpreter(staging), cacheTag: python.cacheTag, staging: staging,
            jobs: request.jobs
        ).compile(largestFirst) { progress(.compiled) }
    }

    private func writeRecord(_ files: [InstalledFile], _ staging: Directory) throws -> InstallRecord {
        let manifest = bundle.manifest
        let list = InstalledFileList(files).encoded()
        let record = InstallRecord(
            name: manifest.name, version: manifest.version, serial: manifest.serial,
            platform: manifest.platform,
            environment: manifest.environment, bundle: bundle.digest, prefix: request.prefix,
            installedAt: request.now,
            options: .init(compile: request.compiles(manifest), python: hostInterpreter?.executable),
            files: SHA256.hash(list), generator: Generator.current)
        let tree = TreeWriter(staging)
        try tree.createFile(RelativePath(InstalledFileList.path), list, permissions: 0o644)
        try tree.createFile(
            RelativePath(InstallRecord.manifestPath), bundle.manifestBytes, permissions: 0o644)
        try tree.createFile(
            RelativePath(InstallRecord.path), CanonicalJSON.encode(record), permissions: 0o644)
        return record
    }
}
