import Bundle
import Conda
import Digests
import Files

/// What should lie in a prefix, by the bundle that it was installed from and by what only the record knows.
struct ExpectedPrefix: Sendable {
    let record: InstallRecord
    let reconstruction: PrefixReconstruction
    /// Airlift's list as it should be.
    let list: InstalledFileList
    /// Paths that the bundle gives back: all but those of link scripts and byte code that was compiled here.
    let restorable: Set<RelativePath>
    /// What is wrong with Airlift's own list.
    let faults: [PrefixVerification.Change]

    /// - Parameters:
    ///   - root: of which the environment is a release.
    ///   - progress: bytes of archives that were read.
    /// - Throws: `InstallError` of kind `targetInTheWay` for another bundle than the recorded one.
    static func compute(
        _ record: InstallRecord, in prefix: Directory, from bundle: BundleReader, root: String?, jobs: Int,
        progress: @escaping @Sendable (UInt64) -> Void
    ) throws -> ExpectedPrefix {
        var faults: [PrefixVerification.Change] = []
        var recorded: InstalledFileList?
        do { recorded = try record.fileList(prefix) } catch {
            faults.append(.init(path: InstalledFileList.path, what: "\(error)"))
        }
        if (try? prefix.contents(of: RelativePath(InstallRecord.manifestPath), limit: 1 << 30))
            != bundle.manifestBytes
        {
            faults.append(.init(path: InstallRecord.manifestPath, what: "it is not the bundle's manifest"))
        }
        if let origins = record.origins,
            (try? prefix.contents(of: RelativePath(FileOrigins.path), limit: 1 << 30)).map({ SHA256.hash($0) }
            )
                != origins
        {
            faults.append(.init(path: FileOrigins.path, what: "it is not the list that the record names"))
        }
        let plan = try InstallPlan.again(bundle, record, recorded, root: root, in: prefix, jobs: jobs)
        // In a root, byte code is sealed as well; what is computed here is not yet.
        let tag = bundle.manifest.python.cacheTag
        let known = try recorded?.files.filter(\.isBytecode) ?? CompiledModule.all(in: prefix, cacheTag: tag)
        let compiled = plan.request.compiles(bundle.manifest) ? known.map(Self.opened) : []
        let reconstruction = try PrefixReconstruction(plan, bytecode: compiled, progress: progress)
        return try ExpectedPrefix(record, reconstruction, recorded, faults)
    }

    private static func opened(_ file: InstalledFile) -> InstalledFile {
        InstalledFile(path: file.path, content: file.content, permissions: 0o644, isBytecode: true)
    }

    private init(
        _ record: InstallRecord, _ reconstruction: PrefixReconstruction, _ recorded: InstalledFileList?,
        _ faults: [PrefixVerification.Change]
    ) throws {
        self.record = record
        self.reconstruction = reconstruction
        let plan = reconstruction.plan
        let listed = try reconstruction.listed()
        let sources = plan.compiledSources(of: listed)
        // Somebody may have put a module of no source, or of none that is compiled, into the list.
        let made = listed.filter { file in
            guard file.isBytecode, plan.request.compiles(plan.bundle.manifest) else { return true }
            return CompiledModule.sources(of: file.path).contains { sources.contains($0) }
        }
        var expected: [RelativePath: InstalledFile] = [:]
        for file in made { expected[file.path] = file }
        let derived = plan.request.compiles(plan.bundle.manifest) ? made.filter { !$0.isBytecode } : made
        var restorable = Set(derived.map(\.path))
        let mayBeScripted = record.mayBeScripted
        let history = try RelativePath(CondaMeta.history)
        for file in recorded?.files ?? [] {
            let isHistory = file.path == history && expected[history] != nil
            guard mayBeScripted || isHistory, !file.isBytecode else { continue }
            if let made = expected[file.path], made.content == file.content,
                made.permissions == file.permissions
            {
                continue
            }
            expected[file.path] = file
            // The history names the installer of its day; any is as good to start anew with.
            if !isHistory { restorable.remove(file.path) }
        }
        if mayBeScripted, let recorded {
            let there = Set(recorded.files.map(\.path))
            for path in expected.keys where !there.contains(path) { expected[path] = nil }
        }
        list = InstalledFileList(Array(expected.values))
        self.restorable = restorable
        var faults = faults
        if let recorded, recorded.encoded() != list.encoded() {
            faults.append(
                .init(path: InstalledFileList.path, what: "it is not the list of what the bundle installs"))
        }
        self.faults = faults
    }

    /// Compares what is there with what should be.
    func compare(
        _ prefix: String, in directory: Directory, jobs: Int,
        progress: @escaping @Sendable (PrefixVerification.Progress) -> Void
    ) throws -> PrefixVerification {
        let comparison = PrefixComparison(
            directory: directory, prefix: prefix, record: record, list: list,
            state: try RecordedState(reconstruction.plan.bundle.manifest, list),
            survey: try PrefixSurvey(directory), witnesses: nil, further: faults)
        var report = try comparison.run(jobs: jobs, progress: progress)
        report.bundle = reconstruction.plan.bundle.digest
        return report
    }
}

extension PrefixVerification {
    /// As `run`, with nothing believed of what lies in the prefix but the record's words on how it was installed: every
    /// file is compared with what the bundle makes of it. Byte code that was compiled here is compared with Airlift's
    /// list.
    ///
    /// - Throws: `InstallError` of kind `targetInTheWay` for another bundle than the recorded one.
    public static func run(
        _ prefix: String, against bundle: BundleReader, root: String? = nil, jobs: Int,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) throws -> PrefixVerification {
        let directory = try Directory.open(prefix)
        let record = try InstallRecord.required(directory, prefix)
        progress(.found(bundle.manifest.archives.reduce(0) { $0 + $1.size }))
        let expected = try ExpectedPrefix.compute(
            record, in: directory, from: bundle, root: root ?? ReleaseRoot.holding(prefix)?.root, jobs: jobs
        ) { progress(.read($0)) }
        return try expected.compare(prefix, in: directory, jobs: jobs, progress: progress)
    }
}

extension InstallRecord {
    static func required(_ directory: Directory, _ prefix: String) throws -> InstallRecord {
        guard let record = try read(directory) else {
            throw InstallError(
                .damaged,
                "'\(prefix)' has no Airlift record (\(path)), so there is nothing to compare it with")
        }
        return record
    }
}

extension ReleaseRoot {
    /// The root and the version of a path in a root's `releases`, or of its `current`; nil for any other.
    public static func holding(_ path: String) -> (root: String, version: String)? {
        var parts = path.utf8.split(separator: 0x2f).map { String(Substring($0)) }
        guard let last = parts.popLast() else { return nil }
        if last == currentPath {
            let root = "/" + parts.joined(separator: "/")
            guard let version = (try? ifThere(root)?.current()) ?? nil else { return nil }
            return (root, version)
        }
        guard parts.popLast() == releasesPath else { return nil }
        let root = "/" + parts.joined(separator: "/")
        guard (try? ifThere(root)) ?? nil != nil else { return nil }
        return (root, last)
    }
}
