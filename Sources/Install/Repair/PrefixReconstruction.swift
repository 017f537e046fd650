import Archives
import Bundle
import Conda
import Files
import Workers

/// What a bundle makes of a prefix: computed by doing all that installing does, with the bytes thrown away, so that
/// what should be there is said by the code that put it there.
struct PrefixReconstruction: Sendable {
    let plan: InstallPlan
    /// As a prefix of its own has them: state where packages bring it, files with all their permissions.
    let files: [InstalledFile]
    /// What each archive brings, by the number of its job.
    private let paths: [Set<RelativePath>]
    /// Second names of other files.
    private let hardLinks: [RelativePath: RelativePath]

    /// - Parameters:
    ///   - bytecode: modules that were compiled where the environment lies.
    ///   - progress: bytes of archives that were read.
    init(
        _ plan: InstallPlan, bytecode: [InstalledFile], progress: @escaping @Sendable (UInt64) -> Void
    ) throws {
        self.plan = plan
        let selection = TreeSelection { Self.isVariables($0) }
        let (environment, jobs) = (plan.virtualEnvironment, plan.jobs())
        let alone = ArchiveSharing(donors: [], prefix: plan.request.prefix)
        let sources = plan.derivedEntries.isEmpty ? [] : try plan.plannedSources()
        var files: [InstalledFile] = []
        var paths: [Set<RelativePath>] = []
        // The few files that decide what activating does are written, since it follows from what they say.
        try Directory.withTemporary("verify") { scratch in
            files = try environment.write(TreeWriter(scratch, writing: selection))
            let results = try parallelMap(
                jobs, jobs: plan.request.jobs,
                workspace: { (Self.placer(scratch, selection), InflateWorkspace()) }
            ) { own, job in
                try plan.unpack(
                    job, own.0, own.1, environment.interpreter, sources: sources, alone, progress
                ).files
            }
            paths = results.map { Set($0.map(\.path)) }
            files += InstallPlan.withoutRepeatedDirectories(results.flatMap { $0 })
            let brought = Set(files.map(\.path))
            files += bytecode.filter { !brought.contains($0.path) }
            let tree = TreeWriter(scratch, writing: selection)
            files += try plan.writeCondaMeta(files, tree)
            files += try plan.writeActivation(scratch, tree)
        }
        self.files = files
        self.paths = paths
        hardLinks = selection.hardLinks
    }

    private static func placer(_ directory: Directory, _ selection: TreeSelection) -> FilePlacer {
        FilePlacer(TreeWriter(directory, writing: selection), mayLink: false)
    }

    private static func isVariables(_ path: RelativePath) -> Bool {
        path.string.utf8.starts(with: "\(ActivationVariables.directory)/".utf8)
    }

    /// As the list of the environment should have them: in a root sealed, and with links for the state.
    func listed() throws -> [InstalledFile] {
        guard plan.request.root != nil else { return files }
        return plan.sealed(try StateLinks(plan.bundle.manifest.install.state).listed(files))
    }

    /// Writes some of the files into an empty directory, out of no more archives than need be.
    func write(
        _ wanted: Set<RelativePath>, into staging: Directory, progress: @escaping @Sendable (UInt64) -> Void
    ) throws {
        var all = wanted
        for path in wanted { if let original = hardLinks[path] { all.insert(original) } }
        let written = all
        let selection = TreeSelection { written.contains($0) || Self.isVariables($0) }
        let (environment, plan) = (plan.virtualEnvironment, plan)
        let alone = ArchiveSharing(donors: [], prefix: plan.request.prefix)
        let sources = plan.derivedEntries.isEmpty ? [] : try plan.plannedSources()
        let jobs = zip(plan.jobs(), paths).filter { $0.1.contains { selection.isWanted($0) } }.map(\.0)
        _ = try environment.write(TreeWriter(staging, writing: selection))
        _ = try parallelMap(
            jobs, jobs: plan.request.jobs,
            workspace: { (Self.placer(staging, selection), InflateWorkspace()) }
        ) { own, job in
            try plan.unpack(
                job, own.0, own.1, environment.interpreter, sources: sources, alone, progress
            ).files
                .count
        }
        let tree = TreeWriter(staging, writing: selection)
        _ = try plan.writeCondaMeta(files, tree)
        _ = try plan.writeActivation(staging, tree)
    }
}

extension InstallPlan {
    var virtualEnvironment: VirtualEnvironment {
        VirtualEnvironment(
            prefix: request.prefix, name: bundle.manifest.name, python: bundle.manifest.python,
            hostInterpreter: hostInterpreter?.executable, hostVersion: hostInterpreter?.version)
    }

    /// Sources that are compiled where the environment lies, whether they compile or not.
    func compiledSources(of files: [InstalledFile]) -> Set<RelativePath> {
        guard request.compiles(bundle.manifest) else { return [] }
        let brought = Set(conda.flatMap { $0.members.lazy.filter { $0.role == .file }.map(\.path) })
        let own = files.filter { !brought.contains($0.path) }
        return Set(BytecodeDerivation.sources(own, bundle.manifest.python)).union(condaSources().keys)
    }
}
