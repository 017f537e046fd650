import Files
import Glibc

/// The lock of a root, held. Only `ReleaseRoot.withLock` makes one; functions that change something ask for it.
public final class RootLock: Sendable {
    public let root: ReleaseRoot
    public let stamp: ChangeStamp
    /// What was cut off in an earlier run and put right by this one, in sentences.
    public let recovered: [String]
    private let lock: AdvisoryLock

    init(root: ReleaseRoot, stamp: ChangeStamp, recovered: [String], lock: consuming AdvisoryLock) {
        self.root = root
        self.stamp = stamp
        self.recovered = recovered
        self.lock = lock
    }
}

extension ReleaseRoot {
    static let lockPath = "\(ownPath)/lock"

    /// Takes the lock, puts right what an earlier run left when it was cut off, and calls `body`.
    /// - Parameter seconds: how long to wait for another run to end.
    /// - Throws: `InstallError` of kind `targetInTheWay` where another run holds it for longer, or this user may not
    ///   write here; `Interrupted`; and what `body` throws.
    public func withLock<Value>(
        waiting seconds: Int = 0, _ stamp: ChangeStamp, _ body: (RootLock) throws -> Value
    ) throws -> Value {
        let lock: AdvisoryLock
        do {
            // Who may read the root is not to hold up its owner.
            lock = try AdvisoryLock.take(
                RelativePath(Self.lockPath), in: directory, waiting: seconds, permissions: 0o600)
        } catch let error as FileError {
            throw explained(error)
        }
        let recovered = try RootRecovery(root: self, stamp: stamp).run()
        let held = RootLock(root: self, stamp: stamp, recovered: recovered, lock: lock)
        return try withExtendedLifetime(held) { try body(held) }
    }

    func explained(_ error: FileError) -> InstallError {
        switch error.code {
        case EWOULDBLOCK:
            InstallError(
                .targetInTheWay,
                "another run is changing '\(path)'; wait for it to end, or give --wait SECONDS")
        case EACCES, EPERM, EROFS:
            InstallError(
                .targetInTheWay,
                "'\(path)' is not writable for this user (\(String(cString: strerror(error.code)))); run this as the user whom it belongs to"
            )
        default: InstallError(error.kind, error.description)
        }
    }
}
