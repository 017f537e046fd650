import Digests
import Failures
import Files

/// Brings files into the store and small documents into memory. To be used by one thread at a time; several
/// fetchers, of several processes too, may share one store.
public final class Fetcher {
    public let store: ArchiveStore
    public let options: FetchOptions
    private var loop: TransferLoop?

    /// No socket is opened before something has to be asked of the network.
    public init(store: ArchiveStore, options: FetchOptions) {
        self.store = store
        self.options = options
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
    /// - Throws: the first failures, and the count of further ones.
    public func fetch(_ requests: [FetchRequest], progress: (FetchProgress) -> Void = { _ in })
        throws(FailureList) -> [FetchResult]
    {
        var plan = FetchPlan(requests)
        plan.takeLocal(store: store, options: options)
        let tasks = plan.jobs(store: store, options: options)
        run(tasks.map(\.job)) { progress(plan.progress(tasks)) }
        for task in tasks { plan.settle(task) }
        return try plan.results()
    }
}
