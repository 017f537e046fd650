import Failures
import Files

/// Takes old releases away. What stays, besides the current one: releases that were never current and are later than
/// it, since they wait for their turn; what processes use; what cannot be read; and so many of the others that the
/// count is reached: first the one that `rollback` goes to, then the latest.
public struct ReleasePruning: Sendable {
    /// Why a release stays although its turn to go had come.
    public struct Kept: Sendable, Encodable {
        public let version: String
        public let reason: String
    }

    public struct Outcome: Sendable, Encodable {
        public internal(set) var removed: [String] = []
        /// Those that would have been removed.
        public internal(set) var kept: [Kept] = []
        /// What could not be looked at, in words; nil where everything was.
        public internal(set) var blindness: String?
    }

    /// Releases that are to stay, the current one among them; from 1 on.
    public var count: Int
    public var removal: ReleaseRemoval

    public init(keeping count: Int, _ removal: ReleaseRemoval) {
        self.count = count
        self.removal = removal
    }

    /// The releases whose turn it is, the oldest first, and those that are damaged.
    public func plan(_ root: ReleaseRoot) throws -> (surplus: [String], damaged: [Kept]) {
        let releases = try root.releases()
        let damaged = releases.filter { $0.record == nil }.map {
            Kept(version: $0.name, reason: $0.fault ?? "it cannot be read")
        }
        let whole = releases.compactMap { release in release.record.map { (release.name, $0.serial) } }
        let current = try root.current()
        let serial = whole.first { $0.0 == current }?.1
        let past = Set(try root.log.entries().filter(\.isSwitch).compactMap(\.version))
        let others = whole.filter { name, itsSerial in
            name != current && !(serial.map { itsSerial > $0 } ?? true && !past.contains(name))
        }.map(\.0)
        let previous = try root.previous()
        let ordered = others.filter { $0 == previous } + others.filter { $0 != previous }
        return (Array(ordered.dropFirst(max(0, count - 1)).reversed()), damaged)
    }

    public func run(_ lock: RootLock) throws -> Outcome {
        let plan = try plan(lock.root)
        var outcome = Outcome()
        outcome.kept = plan.damaged
        for version in plan.surplus {
            do {
                let removed = try removal.remove(version, lock)
                outcome.removed.append(version)
                outcome.blindness = outcome.blindness ?? removed.blindness
            } catch let error as InstallError where error.kind == .targetInTheWay {
                outcome.kept.append(Kept(version: version, reason: error.description))
            }
        }
        return outcome
    }
}

extension ActivationLog.Entry {
    /// A release became current by it.
    var isSwitch: Bool { event == .activated || event == .rolledBack }
}
