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
        var sharing = SharingTally()
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
    /// - Returns: what was written, what somebody should know of it, and what was taken from other releases.
    func fill(
        _ staging: Directory, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> (files: [InstalledFile], notices: [String], sharing: SharingTally?) {
        try checkUnread()
        let environment = VirtualEnvironment(
            prefix: request.prefix, name: bundle.manifest.name, python: bundle.manifest.python,
            hostInterpreter: hostInterpreter?.executable, hostVersion: hostInterpreter?.version)
        var files = try environment.write(TreeWriter(staging))
        let sources = derivedEntries.isEmpty ? [] : try plannedSources()
        let unpacked: @Sendable (UInt64) -> Void = { progress(.unpacked($0)) }
        let (sharing, sharingNotices) = sharingArchives()
        let results = try parallelMap(
            jobs(), jobs: request.jobs,
            workspace: { [mayLink = !runsLinkScripts] in
                let tree = TreeWriter(staging)
                return (FilePlacer(tree, mayLink: mayLink), InflateWorkspace())
            }
        ) { own, job in
            var result = try unpack(
                job, own.0, own.1, environment.interpreter, sources: sources, sharing, unpacked)
            result.sharing.add(own.0.takeTally())
            return result
        }
        files += Self.withoutRepeatedDirectories(results.flatMap(\.files))
        try checkShared(results.flatMap(\.shared), files)
        try checkInterpreter(staging)
        let own = results.filter { !$0.isConda }.flatMap(\.files)
        var tally = SharingTally()
        for result in results { tally.add(result.sharing) }
        files += try compile(files, own, staging, sharing, &tally, progress)
        let tree = TreeWriter(staging)
        files += try writeCondaMeta(files, tree)
        files += try writeActivation(staging, tree)
        if request.test { try ImportTest(plan: self, staging: staging).run(files) }
        let notices = sharingNotices + tally.notices + results.flatMap(\.notices)
        return (files, notices, sharing.donors.isEmpty ? nil : tally)
    }

    func unpack(
        _ job: Job, _ placer: FilePlacer, _ workspace: InflateWorkspace, _ interpreter: String,
        sources: Set<RelativePath>, _ sharing: ArchiveSharing,
        _ progress: @escaping @Sendable (UInt64) -> Void
    ) throws -> Unpacked {
        let (manifest, tree) = (bundle.manifest, placer.tree)
        switch job {
        case .interpreter(let archive):
            var installer = InterpreterInstaller(
                region: try bundle.region(of: archive.path), sha256: archive.sha256,
                expected: manifest.files.filter { $0.source == archive.path }, tree: tree,
                number: number(of: archive))
            installer.placed = try sharing.placeInterpreter(
                archive, installer.expected, installer.number, placer)
            var result = Unpacked(files: try installer.install(progress: progress))
            if installer.isPlaced { result.sharing.archives = 1 }
            return result
        case .package(let contents):
            var installer = WheelInstaller(
                contents: contents, tree: tree, interpreter: interpreter, workspace: workspace,
                keepsUserSiteOut: bundle.manifest.python.source == .conda,
                number: number(of: contents.archive))
            installer.placed = try sharing.place(
                contents, installer.number, interpreter: interpreter, placer, workspace)
            let result = try installer.install(progress: progress)
            var unpacked = Unpacked(files: result.files, shared: result.shared)
            if installer.isPlaced { unpacked.sharing.archives = 1 }
            return unpacked
        case .conda(let contents):
            var installer = CondaInstaller(
                contents: contents, tree: tree, prefix: request.prefix, interpreter: interpreter,
                number: number(of: contents.archive))
            installer.placed = try sharing.place(contents, installer.number, placer)
            let result = try installer.install(progress: progress)
            let notices = result.setID.map {
                "'\($0)' of \(contents.archive.filename) has a set-id bit, which was dropped"
            }
            var unpacked = Unpacked(
                files: result.files, shared: result.shared, notices: notices, isConda: true)
            if installer.isPlaced { unpacked.sharing.archives = 1 }
            return unpacked
        case .file(let file):
            if let placed = try sharing.place(file, placer) {
                let region = try bundle.region(of: file.source)
                if let expected = file.sha256 { try region.check(expected, progress) }
                return Unpacked(files: [placed])
            }
            return Unpacked(files: [try place(file, tree, progress)])
        case .derived(let entry): return try derive(entry, placer, sources: sources, sharing, progress)
        }
    }

    private func derive(
        _ entry: Manifest.Entry, _ placer: FilePlacer, sources: Set<RelativePath>, _ sharing: ArchiveSharing,
        _ progress: @escaping @Sendable (UInt64) -> Void
    ) throws -> Unpacked {
        let (region, tag) = (try bundle.region(of: entry.path), bundle.manifest.python.cacheTag)
        let archive = bundle.manifest.archives.first { DerivedBytecode.path(for: $0) == entry.path }
        let number = archive.map { self.number(of: $0) } ?? 0
        let (placed, isWhole) =
            try archive.map {
                try sharing.placeDerived(entry, of: $0, sources, cacheTag: tag, number, placer)
            } ?? ([:], false)
        if isWhole {
            try region.check(entry.sha256, progress)
            return Unpacked(files: placed.values.sorted { $0.path < $1.path })
        }
        return Unpacked(
            files: try DerivedBytecode.install(
                region, expecting: entry.sha256, sources: sources, cacheTag: tag, tree: placer.tree,
                number: number, placed: placed, progress: progress))
    }

    private func number(of archive: Manifest.Archive) -> Int {
        bundle.manifest.archives.firstIndex { $0.path == archive.path } ?? 0
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
        _ files: [InstalledFile], _ own: [InstalledFile], _ staging: Directory, _ sharing: ArchiveSharing,
        _ tally: inout SharingTally, _ progress: @escaping @Sendable (InstallProgress) -> Void
    ) throws -> [InstalledFile] {
        guard request.compiles(bundle.manifest) else { return [] }
        let python = bundle.manifest.python
        let wanted = Set(BytecodeDerivation.sources(own, python)).union(condaSources().keys)
        let configuration = files.first { $0.path.string == VirtualEnvironment.configurationPath }
        let shared = try BytecodeSharing(
            donors: sharing.donors.filter { $0.hasInterpreter(of: self, configuration: configuration) },
            cacheTag: python.cacheTag, jobs: request.jobs,
            taken: sharing.donors.isEmpty ? [] : Set(files.map(\.path))
        ).place(files.filter { wanted.contains($0.path) }) {
            FilePlacer(TreeWriter(staging), mayLink: !runsLinkScripts)
        }
        tally.add(shared.tally)
        let sources = shared.rest
        let largestFirst = sources.sorted { Self.bytes(of: [$0]) > Self.bytes(of: [$1]) }.map(\.path)
        progress(.compiling(largestFirst.count))
        return try shared.placed
            + BytecodeCompiler(
                interpreter: baseInterpreter(staging), cacheTag: python.cacheTag, staging: staging,
                jobs: request.jobs, reproducible: request.destination != nil
            ).compile(largestFirst) { progress(.compiled) }
    }
}
