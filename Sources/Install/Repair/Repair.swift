import Bundle
import Files
import Workers

/// Puts the files of an environment right from the bundle that it was installed from.
///
/// Only what is different is touched. Each file is written beside the environment, brought to the disk, and renamed over
/// the damaged one: whoever reads sees the one or the other, and a damaged file that is a file of other releases as
/// well is not written into. State is never touched, and neither is what nobody recorded, unless it is asked for. A repair
/// that was cut off is done again by the next run; nothing of it has to be cleared away by hand.
public enum Repair {
    /// - Parameters:
    ///   - prefix: of an environment of its own, absolute.
    ///   - bundle: the one that it was installed from, judged by whoever opened it.
    /// - Throws: `InstallError` of kind `targetInTheWay` for another bundle than the recorded one, or where another run is
    ///   at work; of kind `damaged` where there is no record.
    public static func run(
        _ prefix: String, from bundle: BundleReader, _ request: RepairRequest,
        progress: @escaping @Sendable (RepairProgress) -> Void = { _ in }
    ) throws -> RepairOutcome {
        // Looked at before a lock is made beside what may be anything.
        _ = try InstallRecord.required(Directory.open(prefix), prefix)
        let publication = try Publication.begin(prefix, waiting: request.wait)
        do {
            let outcome = try run(publication, root: nil, bundle, request, progress)
            publication.end()
            return outcome
        } catch {
            publication.discardStaging()
            publication.end()
            throw error
        }
    }

    /// Repairs one release of a root, and the files of others that are one file with a damaged one of it.
    public static func run(
        release version: String, from bundle: BundleReader, _ request: RepairRequest, _ lock: RootLock,
        progress: @escaping @Sendable (RepairProgress) -> Void = { _ in }
    ) throws -> RepairOutcome {
        let root = lock.root
        guard try root.releasesDirectory().status(of: ReleaseRoot.releaseName(version))?.kind == .directory
        else { throw root.noRelease(version) }
        let publication = try Publication.release(version, in: root)
        let outcome: RepairOutcome
        do { outcome = try run(publication, root: root, bundle, request, progress) } catch {
            publication.discardStaging()
            throw error
        }
        if outcome.changed {
            let note =
                "\(outcome.restored.count) files restored, \(outcome.compiled.count) compiled, \(outcome.failed.count) could not be put right"
            let record = try InstallRecord.required(publication.published(), publication.prefix)
            try root.log.append(
                .init(.repaired, lock.stamp, record, note: note), durable: request.synchronize)
        }
        return outcome
    }

    private static func run(
        _ publication: borrowing Publication, root: ReleaseRoot?, _ bundle: BundleReader,
        _ request: RepairRequest, _ progress: @escaping @Sendable (RepairProgress) -> Void
    ) throws -> RepairOutcome {
        let prefix = publication.prefix
        let directory = try publication.published()
        let record = try InstallRecord.required(directory, prefix)
        guard try !UnfinishedMark.isIn(directory) else {
            throw InstallError(
                .targetInTheWay,
                "'\(prefix)' was not finished: its link scripts were cut off; install it again")
        }
        guard record.prefix == prefix else {
            throw InstallError(
                .targetInTheWay,
                "'\(prefix)' was installed at '\(record.prefix)' and moved, which repairing cannot undo; move it back, or install it anew"
            )
        }
        try record.completeList(in: directory)
        progress(.comparing(bundle.manifest.archives.reduce(0) { $0 + $1.size }))
        let expected = try ExpectedPrefix.compute(
            record, in: directory, from: bundle, root: root?.path, jobs: request.jobs
        ) { progress(.read($0)) }
        let report = try expected.compare(prefix, in: directory, jobs: request.jobs) { step in
            switch step {
            case .found(let bytes): progress(.comparing(bytes))
            case .read(let bytes): progress(.read(bytes))
            }
        }
        var repair = PrefixRepair(
            expected: expected, directory: directory, parent: publication.parent, name: publication.name,
            staging: publication.staging, root: root, request: request, progress: progress,
            outcome: RepairOutcome(
                prefix: prefix, name: record.name, version: record.version, bundle: bundle.digest.hex))
        try repair.run(report)
        publication.discardStaging()
        return repair.outcome
    }
}
