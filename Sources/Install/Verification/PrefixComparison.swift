import Files
import Workers

/// The comparison of a whole prefix, on all cores.
struct PrefixComparison {
    let directory: Directory
    /// Where it lies.
    let prefix: String
    let record: InstallRecord
    let list: InstalledFileList
    let state: RecordedState
    let survey: PrefixSurvey
    /// nil compares with the list alone.
    let witnesses: PrefixWitnesses?
    /// False reads no file.
    var contents = true
    /// What was found to be wrong before.
    var further: [PrefixVerification.Change] = []

    private typealias Change = PrefixVerification.Change

    func run(
        jobs: Int, progress: @escaping @Sendable (PrefixVerification.Progress) -> Void
    ) throws -> PrefixVerification {
        let compared = list.files.filter { !state.mayChange($0.path) }
        let findings = try findings(compared, jobs: jobs, progress)
        let known = Set(list.files.map(\.path))
        var missing: [String] = []
        var changed: [Change] = []
        var remembered: [String] = []
        var scripted: [String] = []
        for (file, finding) in zip(compared, findings) {
            let path = file.path.string
            switch finding {
            case .same, .derived: break
            case .remembered: remembered.append(path)
            case .scripted: scripted.append(path)
            case .missing: missing.append(path)
            case .changed(let what): changed.append(Change(path: path, what: what))
            }
        }
        let told = Set(missing + changed.map(\.path))
        changed += unlisted(known).filter { !told.contains($0.path) }
        changed += further
        changed += survey.openDirectories().filter { !isState($0.path) }.map { path, permissions in
            Change(
                path: path.isEmpty ? "." : path,
                what: "permissions \(InstalledFileList.octal(permissions)): everybody may write into it")
        }
        let extra = extra(known)
        return PrefixVerification(
            prefix: prefix, name: record.name, version: record.version, files: compared.count,
            missing: missing,
            changed: changed.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) },
            unrecorded: extra.unrecorded, caches: extra.caches,
            movedFrom: record.prefix == prefix ? nil : record.prefix,
            isUnfinished: try UnfinishedMark.isIn(directory),
            derived: findings.count { $0 == .derived }, remembered: remembered, scripted: scripted)
    }

    private var allowsScripts: Bool { record.mayBeScripted }

    private func isState(_ path: String) -> Bool {
        (try? RelativePath(path)).map { state.mayChange($0) } ?? false
    }

    /// The largest files first, so that no thread has one left when the others are done; the rest by their places.
    private func findings(
        _ files: [InstalledFile], jobs: Int,
        _ progress: @escaping @Sendable (PrefixVerification.Progress) -> Void
    ) throws -> [FileComparison.Finding] {
        let (survey, directory, state) = (survey, directory, state)
        func size(_ file: InstalledFile) -> UInt64 { survey.files[file.path]?.size ?? 0 }
        let sources = Set(list.files.lazy.filter { !$0.isBytecode }.map(\.path))
        let comparison = FileComparison(
            prefix: record.prefix, witnesses: witnesses, allowsScripts: allowsScripts,
            isCompiled: { CompiledModule.sources(of: $0).contains { sources.contains($0) } },
            isStateLink: { state.isLink($0) }, contents: contents)
        if contents { progress(.found(files.reduce(0) { $0 + size($1) })) }
        let large = files.indices.filter { size(files[$0]) >= 4 << 20 }.sorted {
            size(files[$0]) > size(files[$1])
        }
        let order = large + files.indices.filter { size(files[$0]) < 4 << 20 }
        let found = try parallelMap(order, jobs: jobs, workspace: { TreeReader(directory) }) {
            reader, index in
            let file = files[index]
            defer { progress(.read(survey.files[file.path]?.size ?? 0)) }
            return try comparison.finding(file, survey.status(of: file.path), reader, directory)
        }
        var result = [FileComparison.Finding](repeating: .same, count: files.count)
        for (index, finding) in zip(order, found) { result[index] = finding }
        return result
    }

    /// What packages' records speak of and the list does not: whoever took it out of the list meant it not to be missed.
    private func unlisted(_ known: Set<RelativePath>) -> [Change] {
        guard let witnesses else { return [] }
        let missing =
            allowsScripts
            ? []
            : witnesses.witnesses.filter { path, _ in
                !known.contains(path) && !state.isState(path)
            }
        return witnesses.faults
            + missing.map { path, said in
                Change(
                    path: path.string,
                    what: "\(said.first?.source ?? "a package") names it, and Airlift's list does not")
            }
    }

    private func extra(_ known: Set<RelativePath>) -> (unrecorded: [String], caches: [String]) {
        let own = Set(InstallRecord.ownPaths + InstallRecord.occasionalPaths)
        var unrecorded: [String] = []
        var caches: [String] = []
        for path in survey.files.keys.sorted() {
            guard !known.contains(path), !own.contains(path.string), !state.mayChange(path),
                !KeptBundles.contains(path)
            else { continue }
            let isCache = CompiledModule.sources(of: path).contains { known.contains($0) }
            if isCache { caches.append(path.string) } else { unrecorded.append(path.string) }
        }
        return (unrecorded, caches)
    }
}
