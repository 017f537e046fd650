import Synchronization
import Testing
import Workers

@Suite struct ParallelMapTests {
    struct Fault: Error, Equatable { let item: Int }

    @Test(arguments: [1, 2, 7, 64])
    func `results come in the order of the items, each done once`(jobs: Int) throws {
        let calls = Mutex([Int](repeating: 0, count: 500))
        let results = try parallelMap(Array(0..<500), jobs: jobs) { item in
            calls.withLock { $0[item] += 1 }
            return item * 3
        }
        #expect(results == (0..<500).map { $0 * 3 })
        #expect(calls.withLock { $0 }.allSatisfy { $0 == 1 })
    }

    @Test func `no items, no jobs`() throws {
        #expect(try parallelMap([Int]()) { $0 } == [])
        #expect(try parallelMap([1, 2], jobs: 0) { $0 } == [1, 2])
        #expect(try parallelMap([1, 2], jobs: -3) { $0 } == [1, 2])
    }

    @Test func `the failure of the lowest index is thrown, though a later one came first`() {
        for _ in 0..<20 {
            let laterHasFailed = Mutex(false)
            #expect(throws: Fault(item: 0)) {
                try parallelForEach([0, 1], jobs: 2) { item in
                    if item == 1 {
                        laterHasFailed.withLock { $0 = true }
                    } else {
                        while !laterHasFailed.withLock({ $0 }) {}
                    }
                    throw Fault(item: item)
                }
            }
        }
    }

    @Test func `after a failure no further item starts`() {
        let started = Mutex(0)
        #expect(throws: Fault(item: 3)) {
            try parallelForEach(Array(0..<1_000), jobs: 1) { item in
                started.withLock { $0 += 1 }
                if item == 3 { throw Fault(item: item) }
            }
        }
        #expect(started.withLock { $0 } == 4)
    }

    @Test func `several threads are at work at once`() throws {
        let arrived = Mutex(0)
        try parallelForEach([0, 1, 2], jobs: 3) { _ in
            arrived.withLock { $0 += 1 }
            while arrived.withLock({ $0 }) < 3 {}
        }
        #expect(availableProcessors >= 1)
    }

    @Test func `a worker has room for a deep stack`() {
        @Sendable func depth(_ left: Int) -> Int { left == 0 ? 0 : 1 + depth(left - 1) }
        let result = Mutex(0)
        WorkerThread { result.withLock { $0 = depth(20_000) } }.join()
        #expect(result.withLock { $0 } == 20_000)
    }
}
