import Console
import Digests
import Fetch
import Lock

/// Lockfile → archives in the store.
struct FetchStep {
    let project: Project
    let fetcher: Fetcher
    let quiet: Bool

    /// - Returns: where each archive lies, in the order given.
    /// - Throws: `FailureList`; what did arrive stays in the store.
    @discardableResult
    func run(_ archives: [LockedArchive]) throws -> [FetchResult] {
        let requests = archives.map { archive in
            FetchRequest(
                url: Self.isRemote(archive.location) ? archive.location : project.resolve(archive.location),
                sha256: archive.sha256, size: archive.size, label: archive.filename)
        }
        let bar = ProgressBar("Fetching", total: archives.reduce(0) { $0 + ($1.size ?? 0) }, hidden: quiet)
        defer { bar.finish() }
        return try fetcher.fetch(requests) { progress in
            bar.set(progress.bytesDone, of: progress.bytesTotal ?? progress.bytesDone)
        }
    }

    static func isRemote(_ location: String) -> Bool {
        location.hasPrefix("https://") || location.hasPrefix("http://")
    }
}
