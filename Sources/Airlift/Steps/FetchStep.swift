import Bundle
import Console
import Digests
import Failures
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
        try fetch(
            archives.map { archive in
                FetchRequest(
                    url: archive.location, sha256: archive.sha256, size: archive.size, label: archive.filename
                )
            })
    }

    /// - Parameter requests: whose addresses are as a lock has them: relative to the spec, without passwords.
    func fetch(_ requests: [FetchRequest]) throws -> [FetchResult] {
        guard !requests.isEmpty else { return [] }
        let channels = try project.channels(fetcher: fetcher)
        let resolved = requests.map { request in
            let url =
                Self.isRemote(request.url)
                ? channels.fetchLocation(of: request.url) : project.resolve(request.url)
            return FetchRequest(url: url, sha256: request.sha256, size: request.size, label: request.label)
        }
        let bar = ProgressBar("Fetching", total: requests.reduce(0) { $0 + ($1.size ?? 0) }, hidden: quiet)
        defer { bar.finish() }
        let results = try fetcher.fetch(resolved) { progress in
            bar.set(progress.bytesDone, of: progress.bytesTotal ?? progress.bytesDone)
        }
        for result in results where result.origin != .store {
            detail(
                "fetched \(result.request.label.printable): \(ByteCount.text(result.size)), SHA-256 \(result.sha256)"
            )
        }
        return results
    }

    static func isRemote(_ location: String) -> Bool {
        location.hasPrefix("https://") || location.hasPrefix("http://")
    }
}
