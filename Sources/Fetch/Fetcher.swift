import Digests
import Failures
import Files
import Workers

/// Brings files into the store and small documents into memory. To be used by one thread at a time; several
/// fetchers, of several processes too, may share one store.
public final class Fetcher {
    public let store: ArchiveStore
    public let options: FetchOptions
    private var loop: TransferLoop?
    /// By scheme, host and port.
    private var credentials: [String: String] = [:]

    /// No socket is opened before something has to be asked of the network.
    public init(store: ArchiveStore, options: FetchOptions) {
        self.store = store
        self.options = options
    }

    /// Uses user name and password of this address, where it has some, for every later request to the same scheme,
    /// host and port that has none of its own: so that they need not stand in each URL and in no lock.
    public func useCredentials(of address: String) {
        guard case .remote(_, let host, _)? = try? Location(address),
            let found = splitCredentials(address).credentials
        else { return }
        credentials[host] = found
    }

    /// Where libcurl goes for an address of a server.
    func source(url: String, host: String, isSecure: Bool, address: String, label: String?)
        -> TransferJob.Source
    {
        var url = url
        if let known = credentials[host], splitCredentials(url).credentials == nil {
            let start = url.utf8.index(
                url.startIndex, offsetBy: isSecure ? "https://".utf8.count : "http://".utf8.count)
            url = url[..<start] + known + "@" + url[start...]
        }
        return TransferJob.Source(url: url, host: host, isSecure: isSecure, address: address, label: label)
    }

    func run(_ jobs: [TransferJob], tick: () -> Void) {
        guard !jobs.isEmpty else { return }
        do throws(FetchError) {
            if loop == nil { loop = try TransferLoop(options) }
            loop?.run(jobs, tick: tick)
        } catch {
            for job in jobs { job.fail(error.reason) }
        }
    }

    /// Brings every file into the store, each once, and verifies it while it comes.
    ///
    /// A failure does not stop the others: what arrived stays in the store for the next run.
    /// - Parameter progress: called on this thread, some twenty times a second at most and once at the end.
    /// - Returns: one result for each request, in their order.
    /// - Throws: `FailureList` with the first failures and the count of further ones; `Interrupted` after a signal,
    ///   with whole files in the store and nothing of the others.
    public func fetch(_ requests: [FetchRequest], progress: (FetchProgress) -> Void = { _ in })
        throws -> [FetchResult]
    {
        var plan = FetchPlan(requests)
        try plan.takeLocal(store: store, options: options)
        let tasks = plan.jobs(self)
        run(tasks.map(\.job)) { progress(plan.progress(tasks)) }
        for task in tasks { plan.settle(task) }
        try Interruption.check()
        return try plan.results()
    }
}
