import Archives
import Audit
import Bundle
import Digests
import Failures
import Fetch
import Lock
import Workers

/// The archives of a lock → an empty store: fetched again, but for those that only the bundle has.
struct RebuildArchives {
    let reader: BundleReader
    let project: Project
    let fetcher: Fetcher
    let own: ArchiveStore?

    struct Gathered {
        var origins: [RebuildStep.Origin] = []
        var differences: [RebuildDifference] = []
        var remarks: [String] = []
    }

    /// - Throws: `RebuildObstacle` naming every archive that is nowhere; what fetching throws.
    func run(_ archives: [LockedArchive], quiet: Bool) throws -> Gathered {
        var gathered = Gathered()
        var places: [SHA256Digest: RebuildStep.Origin.Place] = [:]
        var obstacles: [RebuildDifference] = []
        var wanted: [LockedArchive] = []
        for archive in archives {
            try Interruption.check()
            if try takeOwn(archive) {
                places[archive.sha256] = .store
            } else if FetchStep.isRemote(archive.location), !fetcher.options.offline {
                wanted.append(archive)
            } else if try takeCarried(archive) {
                places[archive.sha256] = .bundle
            } else {
                obstacles.append(missing(archive))
            }
        }
        guard obstacles.isEmpty else { throw RebuildObstacle(obstacles) }
        for archive in wanted { places[archive.sha256] = .network }
        let step = FetchStep(project: project, fetcher: fetcher, quiet: quiet)
        do { try step.run(wanted) } catch let failures as FailureList {
            // One that upstream no longer offers as it was is looked at by itself; any other failure stands.
            guard failures.failures.contains(where: { Self.absence($0) != nil }) else { throw failures }
            for archive in wanted where try !fetcher.store.contains(archive.sha256) {
                if try takeInstead(archive, step, &gathered) { places[archive.sha256] = .bundle }
            }
        }
        gathered.origins = archives.map {
            .init(filename: $0.filename, from: places[$0.sha256] ?? .network, sha256: $0.sha256.hex)
        }
        return gathered
    }

    /// From the store that the user named; one that is damaged there is taken from elsewhere.
    private func takeOwn(_ archive: LockedArchive) throws -> Bool {
        guard let own, try own.contains(archive.sha256, size: archive.size) else { return false }
        do {
            try fetcher.store.adopt(
                own.path(of: archive.sha256), expected: archive.sha256, label: archive.filename)
        } catch { return false }
        return true
    }

    private func takeCarried(_ archive: LockedArchive) throws -> Bool {
        guard let carried = reader.manifest.archives.first(where: { $0.sha256 == archive.sha256 }) else {
            return false
        }
        try fetcher.store.adopt(expected: archive.sha256, label: archive.filename) { take in
            try reader.region(of: carried.path).forEachPiece { try take($0) }
        }
        return true
    }

    private func missing(_ archive: LockedArchive) -> RebuildDifference {
        let other = reader.manifest.archives.first { $0.filename == archive.filename }
        return RebuildDifference(
            .archive, other?.path ?? archive.filename, bundle: other.map { "SHA-256 \($0.sha256)" },
            rebuilt: nil,
            meaning:
                "the lock names it with the SHA-256 \(archive.sha256), and the bundle carries \(other == nil ? "no such archive" : "other bytes")"
        )
    }

    /// Fetches one archive alone; where upstream has other bytes or none, the bundle's are taken.
    /// - Returns: whether the bundle's were taken.
    private func takeInstead(
        _ archive: LockedArchive, _ step: FetchStep, _ gathered: inout Gathered
    ) throws -> Bool {
        do {
            try step.run([archive])
            return false
        } catch let failures as FailureList {
            guard let absence = failures.failures.first.flatMap(Self.absence) else { throw failures }
            guard try takeCarried(archive) else { throw RebuildObstacle([missing(archive)]) }
            switch absence {
            case .replaced(let found):
                gathered.differences.append(
                    RebuildDifference(
                        .upstream, archive.filename, bundle: "SHA-256 \(archive.sha256)", rebuilt: found,
                        meaning:
                            "\(archive.location) now has other bytes than when it was locked; the bundle's were taken to compare the rest"
                    ))
            case .gone:
                gathered.remarks.append(
                    "'\(archive.filename)' was taken from the bundle: \(failures.failures[0].description)")
            }
            return true
        }
    }

    /// That upstream answered, and not with the archive.
    private enum Absence {
        /// With other bytes, described.
        case replaced(String)
        case gone
    }

    /// nil for any other failure.
    private static func absence(_ failure: any Failure) -> Absence? {
        guard let error = failure as? FetchError else { return nil }
        switch error.reason {
        case .wrongHash(_, let actual): return .replaced("SHA-256 \(actual)")
        case .wrongSize(_, let actual): return .replaced(actual.map { "\($0) bytes" } ?? "more bytes")
        case .status(404, _), .status(410, _): return .gone
        default: return nil
        }
    }
}
