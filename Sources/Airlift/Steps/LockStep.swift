import Archives
import Bundle
import Conda
import Console
import Digests
import Failures
import Fetch
import Indexes
import Lock
import Resolve
import Workers
import Wheels

/// EnvironmentSpec → Lockfile: a wheel for every pin on every platform, complete and with all digests.
struct LockStep {
    let project: Project
    let fetcher: Fetcher
    let output: OutputOptions

    struct Result {
        let lockfile: Lockfile
        /// By platform.
        let interpreters: [String: PreparedInterpreter]
    }

    func run(recapture: Bool) throws -> Result {
        let unsupported = project.spec.unsupported(file: project.specPath)
        guard unsupported.isEmpty else { throw FailureList(unsupported) }
        let inputs = try project.inputs()
        let local = try adoptLocalWheels(inputs)
        var interpreters: [String: PreparedInterpreter] = [:]
        var wanted: [(Wanted, CondaStep.Result?)] = []
        for platform in project.spec.platforms {
            let conda = try CondaStep(project: project, fetcher: fetcher, output: output)
                .run(inputs, platform: platform)
            let interpreter = try InterpreterStep(project: project, fetcher: fetcher, output: output)
                .run(platform: platform, recapture: recapture, conda: conda?.selection.python)
            interpreters[platform] = interpreter
            var wheels = inputs
            wheels.wheels += conda?.wheels ?? []
            wanted.append(
                (
                    try Wanted(wheels, on: Target(interpreter.target(project.spec, platform: platform))),
                    conda
                ))
        }
        let projects = Set(wanted.flatMap(\.0.projectsOfIndex)).sorted()
        if !projects.isEmpty { output.announce("Asking for \(projects.count) projects") }
        let indexes = try indexes()
        let files = try WheelIndexes(indexes).files(of: projects)
        var platforms: [Lockfile.Platform] = []
        for (wanted, conda) in wanted {
            let name = wanted.target.description.platform
            let selection = try wanted.choose(from: files)
            let (metadata, measured) = try readMetadata(selection, local, indexes)
            let provided = try provided(by: conda, beside: selection, interpreters[name]!.python)
            let resolution = try selection.resolution(metadata, provided: provided)
            for notice in resolution.notices { output.notice(notice) }
            platforms.append(
                try resolution.lock(
                    contentHash: inputs.contentHash(
                        of: project.spec, platform: name, localWheels: local.mapValues(\.sha256)),
                    interpreter: interpreters[name]!.source,
                    interpreterArchive: interpreters[name].flatMap(Self.lockedArchive),
                    conda: conda?.archives ?? [],
                    measured: measured))
        }
        let channels = wanted.lazy.compactMap(\.1).first?.channels ?? []
        let lockfile = Lockfile(platforms: platforms, channels: channels, sources: inputs.sources)
        return Result(lockfile: lockfile, interpreters: interpreters)
    }

    /// The interpreter as an archive of the lock, where the spec names it.
    private static func lockedArchive(_ interpreter: PreparedInterpreter) -> LockedArchive? {
        guard interpreter.source == .archive, let carried = interpreter.archive, let url = carried.archive.url
        else {
            return nil
        }
        return LockedArchive(
            kind: .python, name: carried.archive.name, version: carried.archive.version, location: url,
            filename: carried.archive.filename, sha256: carried.archive.sha256, size: carried.archive.size,
            requested: true)
    }

    struct Local {
        let sha256: SHA256Digest
        let size: UInt64
    }

    /// - Returns: digest and size of each local wheel, by its location.
    func adoptLocalWheels(_ inputs: LockInputs) throws -> [String: Local] {
        var found: [String: Local] = [:]
        for wheel in inputs.wheels where wheel.isLocal {
            let (digest, size) = try fetcher.store.adopt(
                project.resolve(wheel.location), label: wheel.location)
            found[wheel.location] = Local(sha256: digest, size: size)
        }
        return found
    }

    private func indexes() throws -> [WheelIndex] {
        try (project.spec.wheelIndexes ?? [WheelIndex.publicAddress]).map { address in
            try WheelIndex(address.contains("://") ? address : project.resolve(address), fetcher: fetcher)
        }
    }

    /// METADATA of every wheel with as few bytes as can be; wheels that are not of an index are read whole.
    private func readMetadata(
        _ selection: Selection, _ local: [String: Local], _ indexes: [WheelIndex]
    ) throws -> ([ProjectName: CoreMetadata], [ProjectName: Resolution.Measured]) {
        var metadata: [ProjectName: CoreMetadata] = [:]
        var measured: [ProjectName: Resolution.Measured] = [:]
        let ofIndex = selection.wheels.filter { $0.indexFile != nil }
        let texts = try indexes.first?.metadata(of: ofIndex.compactMap(\.indexFile)) ?? []
        for (wheel, text) in zip(ofIndex, texts) {
            metadata[wheel.name] = try naming(wheel.filename.text) { try CoreMetadata(text) }
        }
        let direct = selection.wheels.filter { $0.indexFile == nil }
        let results = try FetchStep(project: project, fetcher: fetcher, quiet: output.quiet).fetch(
            direct.map { wheel in
                let known = local[wheel.location]
                return FetchRequest(
                    url: wheel.location, sha256: known?.sha256 ?? wheel.sha256, size: known?.size,
                    label: wheel.filename.text)
            })
        for (wheel, result) in zip(direct, results) {
            metadata[wheel.name] = try naming(wheel.filename.text) {
                try Self.metadata(in: result, of: wheel.filename)
            }
            measured[wheel.name] = .init(sha256: result.sha256, size: result.size)
        }
        return (metadata, measured)
    }

    private static func metadata(in result: FetchResult, of filename: WheelFilename) throws -> CoreMetadata {
        let region = try FileRegion(path: result.path, name: filename.text)
        let directory = try ZipDirectory.read(from: region)
        let distInfo = try WheelLayout.distInfo(of: filename, paths: directory.entries.map(\.name))
        guard let entry = directory.entry(named: "\(distInfo)/METADATA") else {
            throw ArchiveError(filename.text, "it has no \(distInfo)/METADATA, so it is no wheel")
        }
        return try CoreMetadata(directory.contents(of: entry, in: region, workspace: InflateWorkspace()))
    }
}

extension LockStep {
    /// The projects that the conda packages bring, each as its own `.dist-info` says. Archives are looked into only
    /// where wheels stand beside them.
    func provided(
        by conda: CondaStep.Result?, beside selection: Selection, _ python: Manifest.Python
    ) throws -> [ProjectName: ProvidedProject] {
        guard let conda, conda.selection.python != nil, !selection.wheels.isEmpty else { return [:] }
        let results = try FetchStep(project: project, fetcher: fetcher, quiet: output.quiet)
            .run(conda.archives)
        let found = try parallelMap(Array(zip(conda.archives, results))) { archive, result in
            try CondaDescription.projects(
                CondaDescription.read(result.path, filename: archive.filename), python)
        }
        return found.reduce(into: [:]) { all, projects in all.merge(projects) { first, _ in first } }
    }
}
