import Glibc
import Synchronization

/// The number of processors that this process may use.
public var availableProcessors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Does `work` on every item, each once, on several threads; the calling thread is one of them.
///
/// Threads and not tasks: the work blocks in reads and writes. Items start in order, so that handing in the
/// largest first gives even loads. After a failure no further item starts; the failure of the lowest index is
/// thrown, so that the same input gives the same error.
public func parallelForEach<Item: Sendable>(
    _ items: [Item], jobs: Int = availableProcessors, _ work: @escaping @Sendable (Item) throws -> Void
) throws {
    _ = try parallelMap(items, jobs: jobs) { try work($0) }
}

/// As `parallelForEach`, giving the results in the order of the items.
public func parallelMap<Item: Sendable, Result: Sendable>(
    _ items: [Item], jobs: Int = availableProcessors, _ work: @escaping @Sendable (Item) throws -> Result
) throws -> [Result] {
    try parallelMap(items, jobs: jobs, workspace: {}) { _, item in try work(item) }
}

/// As above, with something of each thread's own, made once and used for one item after the other: buffers and
/// open directories that are too dear to be made for each.
public func parallelMap<Item: Sendable, Workspace, Result: Sendable>(
    _ items: [Item], jobs: Int = availableProcessors, workspace: @escaping @Sendable () throws -> Workspace,
    _ work: @escaping @Sendable (Workspace, Item) throws -> Result
) throws -> [Result] {
    let state = Mutex(State<Result>(results: Array(repeating: nil, count: items.count)))
    let run: @Sendable () -> Void = {
        var own: Workspace?
        while let index = state.withLock({ $0.take() }) {
            do {
                try Interruption.check()
                let current = try own ?? workspace()
                own = current
                let result = try work(current, items[index])
                state.withLock { $0.results[index] = result }
            } catch {
                state.withLock { $0.fail(index, error) }
            }
        }
    }
    let threads = (1..<max(1, min(jobs, items.count))).compactMap { _ in WorkerThread.start(run) }
    run()
    for thread in threads { thread.join() }
    return try state.withLock { state in
        if let failure = state.failure { throw failure.error }
        return state.results.map { $0! }
    }
}

private struct State<Result: Sendable>: Sendable {
    var next = 0
    var results: [Result?]
    var failure: (index: Int, error: any Error)?

    mutating func take() -> Int? {
        guard failure == nil, next < results.count else { return nil }
        defer { next += 1 }
        return next
    }

    mutating func fail(_ index: Int, _ error: any Error) {
        if failure.map({ index < $0.index }) ?? true { failure = (index, error) }
    }
}

/// One POSIX thread with a stack of 8 MiB, joined once.
public struct WorkerThread: Sendable {
    private let handle: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    public init(_ run: @escaping @Sendable () -> Void) {
        guard let thread = Self.start(run) else { preconditionFailure("the system refused a thread") }
        self = thread
    }

    private init(handle: pthread_t) { self.handle = handle }

    /// nil where the system has no thread to give (a limit of the user, or of memory).
    static func start(_ run: @escaping @Sendable () -> Void) -> WorkerThread? {
        let body = Unmanaged.passRetained(Body(run))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 8 << 20)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, &attributes,
            { context in
                Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        pthread_attr_destroy(&attributes)
        guard status == 0 else {
            body.release()
            return nil
        }
        return WorkerThread(handle: thread)
    }

    public func join() { pthread_join(handle, nil) }
}
