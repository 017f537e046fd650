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
        do { lock = try take(waiting: seconds) } catch let error as FileError { throw explained(error) }
        return try held(lock, stamp, body)
    }

    /// As `withLock`, for a root that is made where there is none, and taken away again where nothing comes of it.
    static func withCreated<Value>(
        _ path: String, name: String, waiting seconds: Int, _ stamp: ChangeStamp,
        _ body: (RootLock) throws -> Value
    ) throws -> Value {
        var attempts = 0
        while true {
            let wasAbsent = access(path, F_OK) != 0
            let root = try openOrCreate(path, name: name)
            let lock: AdvisoryLock
            do { lock = try root.take(waiting: seconds) } catch let error as FileError {
                // Another run that came to nothing may just have taken the root away.
                guard error.code == ENOENT, attempts < 100, try !root.isInPlace() else {
                    throw root.explained(error)
                }
                attempts += 1
                continue
            }
            return try root.held(lock, stamp) { held in
                do {
                    _ = try root.directory.openOrCreate(releasesPath)
                    return try body(held)
                } catch {
                    root.discardIfUnused(wasAbsent: wasAbsent)
                    throw error
                }
            }
        }
    }

    /// Whether this is still what lies at its path.
    private func isInPlace() throws -> Bool {
        guard let there = try? Directory.open(path).status() else { return false }
        let own = try directory.status()
        let lock = try directory.status(of: RelativePath(Self.ownPath))
        return there.inode == own.inode && there.device == own.device && lock != nil
    }

    private func take(waiting seconds: Int) throws -> AdvisoryLock {
        try refuseStrangers()
        // Who may read the root is not to hold up its owner.
        return try AdvisoryLock.take(
            RelativePath(Self.lockPath), in: directory, waiting: seconds, permissions: 0o600)
    }

    private func held<Value>(
        _ lock: consuming AdvisoryLock, _ stamp: ChangeStamp, _ body: (RootLock) throws -> Value
    ) throws -> Value {
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
        case EROFS:
            InstallError(
                .inputOutput,
                "'\(path)' lies on a file system that is mounted read-only, so that nothing of it can be changed; mount it writable"
            )
        case EACCES, EPERM:
            InstallError(
                .targetInTheWay,
                "'\(path)' is not writable for this user (\(String(cString: strerror(error.code)))); run this as the user whom it belongs to"
            )
        default: InstallError(error.kind, error.description)
        }
    }
}
