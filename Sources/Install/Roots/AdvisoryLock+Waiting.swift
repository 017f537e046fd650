import Files
import Glibc
import Workers

extension AdvisoryLock {
    /// Takes a lock, trying again until another holder has let go of it or the time is up.
    ///
    /// - Parameter seconds: 0 tries once.
    /// - Throws: `FileError` with EWOULDBLOCK when the time is up; `Interrupted`.
    static func take(
        _ path: RelativePath, in directory: Directory, waiting seconds: Int, permissions: UInt32 = 0o644
    ) throws -> AdvisoryLock {
        let end = monotonicSeconds() + Double(seconds)
        while true {
            do throws(FileError) {
                return try take(path, in: directory, wait: false, permissions: permissions)
            } catch {
                guard error.code == EWOULDBLOCK, monotonicSeconds() < end else { throw error }
            }
            try Interruption.check()
            usleep(50_000)
        }
    }

    private static func monotonicSeconds() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
