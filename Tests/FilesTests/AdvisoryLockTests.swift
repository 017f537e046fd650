import Files
import Glibc
import Synchronization
import TestSupport
import Testing
import Workers

@Suite struct AdvisoryLockTests {
    let scratch = TemporaryDirectory()
    private func lockPath() throws -> RelativePath { try RelativePath("work.lock") }

    private func take(shared: Bool = false) throws -> AdvisoryLock {
        try AdvisoryLock.take(lockPath(), in: scratch.directory(), wait: false, shared: shared)
    }

    @Test func `a second holder is refused at once`() throws {
        let first = try take()
        let error = #expect(throws: FileError.self) { _ = try take() }
        #expect(error?.code == EWOULDBLOCK && error?.kind == .targetInTheWay)
        #expect(error?.description.contains("another process") == true)
        #expect(throws: FileError.self) { _ = try take(shared: true) }
        withExtendedLifetime(first) {}
    }

    @Test func `it is free again once its holder has closed it`() throws {
        do { _ = try take() }
        _ = try take()
    }

    @Test func `shared holders stand beside each other, and keep an exclusive one out`() throws {
        let first = try take(shared: true)
        let second = try take(shared: true)
        #expect(throws: FileError.self) { _ = try take() }
        withExtendedLifetime(first) {}
        withExtendedLifetime(second) {}
    }

    @Test func `only one works at a time, even where each removes the file when it is done`() throws {
        let atWork = Mutex(0)
        let done = Mutex(0)
        let directory = try scratch.directory()
        let path = try lockPath()
        try concurrently(4) { _ in
            for _ in 0..<50 {
                let lock = try AdvisoryLock.take(path, in: directory, wait: true)
                #expect(
                    atWork.withLock {
                        $0 += 1; return $0
                    } == 1)
                done.withLock { $0 += 1 }
                atWork.withLock { $0 -= 1 }
                try directory.remove(path)
                withExtendedLifetime(lock) {}
            }
        }
        #expect(done.withLock { $0 } == 200)
        #expect(try directory.names() == [])
    }
}

/// Runs `work` on that many threads at once and throws the error of the lowest index.
func concurrently(_ count: Int, _ work: @escaping @Sendable (Int) throws -> Void) throws {
    try parallelForEach(Array(0..<count), jobs: count, work)
}
