import Archives
import Audit
import Bundle
import Console
import Digests
import Failures
import Fetch
import Files
import Lock

/// A bundle → what its own spec and lock give when they are cut again, in a store that knows nothing.
struct RebuildStep {
    let reader: BundleReader
    let project: Project
    let platform: Lockfile.Platform
    let lockBytes: [UInt8]
    /// Its store is empty, so that nothing found sound elsewhere is believed.
    let fetcher: Fetcher
    /// Archives are taken from here before anything is fetched.
    let own: ArchiveStore?
    let installer: [UInt8]
    let output: OutputOptions

    struct Result {
        let path: String
        /// In the order of the lock, the interpreter first.
        let archives: [Origin]
        /// Archives that upstream offers with other bytes.
        let differences: [RebuildDifference]
        let remarks: [String]
    }

    /// Where an archive was taken from.
    struct Origin: Encodable {
        enum Place: String, Encodable { case bundle, network, store }

        let filename: String
        let from: Place
        let sha256: String
    }

    /// - Parameter scratch: a directory of its own, for what the bundle carries and the new bundle.
    func run(in scratch: Directory) throws -> Result {
        var archives: [LockedArchive] = platform.archives
        var captured: Manifest.Archive?
        if platform.interpreter == .capture {
            guard let found = reader.manifest.archives.first(where: { $0.kind == .python }) else {
                throw RebuildObstacle([
                    RebuildDifference(
                        .archive, "archives/python", bundle: nil, rebuilt: nil,
                        meaning: "the lock says that an interpreter was captured, and the bundle carries none"
                    )
                ])
            }
            captured = found
            // Of no lock: it is the bundle's own, and its digest that of the manifest.
            archives.insert(
                LockedArchive(
                    kind: .python, name: found.name, version: found.version, location: found.filename,
                    sha256: found.sha256, size: found.size, requested: true), at: 0)
        }
        let gathering = RebuildArchives(reader: reader, project: project, fetcher: fetcher, own: own)
        let gathered = try gathering.run(archives, quiet: output.quiet)
        let interpreters = InterpreterStep(project: project, fetcher: fetcher, output: output)
        let interpreter =
            try captured.map { try interpreters.carried($0, platform: platform.name) }
            ?? interpreters.run(
                platform: platform.name, recapture: false,
                conda: CondaPythonStep(project: project, fetcher: fetcher, output: output).run(platform))
        let fetched = try FetchStep(project: project, fetcher: fetcher, quiet: output.quiet)
            .run(platform.archives.filter { $0.kind != .python })
        // What cutting remarks was said to whoever cut it first.
        var silent = output
        silent.quiet = true
        let policy = RebuildPolicy(project: project, stated: reader.manifest.policy)
        var remarks = gathered.remarks
        let step = CutStep(
            project: project, platform: platform, lockBytes: lockBytes, interpreter: interpreter,
            fetched: fetched, store: fetcher.store, version: reader.manifest.version,
            serial: reader.manifest.serial, installer: installer, output: silent
        ) { manifest, entries in
            let (report, further) = try policy.judge(manifest, entries: entries, today: Clock.today)
            if further > 0 {
                remarks.append(
                    "\(further) violations that its manifest tells of are of a policy that no bundle brings (--policy FILE), and were not judged again"
                )
            }
            return report
        }
        let (written, _) = try step.run(into: "\(scratch.path)/cut", replace: false)
        return Result(
            path: written.path, archives: gathered.origins, differences: gathered.differences,
            remarks: remarks)
    }
}

/// Why nothing can be cut from what is in a bundle; each reason is a difference.
struct RebuildObstacle: Failure {
    let differences: [RebuildDifference]
    var kind: FailureKind { .difference }
    var description: String { differences.map(\.sentence).joined(separator: "\n") }

    init(_ differences: [RebuildDifference]) { self.differences = differences }
}
