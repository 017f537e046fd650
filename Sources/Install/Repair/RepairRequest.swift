import Workers

/// How a repair is to be done.
public struct RepairRequest: Sendable {
    /// Remove files that nobody recorded.
    public var removesExtra = false
    /// Compile all byte code anew that was compiled on this host, whatever it is.
    public var recompiles = false
    /// Wait until everything is on the disk.
    public var synchronize = true
    /// Seconds to wait for another run at the same place.
    public var wait = 0
    public var jobs = availableProcessors

    public init() {}
}

/// What a repair did to one prefix.
public struct RepairOutcome: Codable, Sendable, Equatable {
    public typealias Change = PrefixVerification.Change

    public let prefix: String
    public let name: String
    public let version: String
    /// Digest of the bundle that it was repaired from.
    public let bundle: String
    /// What is as it was installed again, with what was wrong.
    public internal(set) var restored: [Change] = []
    /// What was not, with the reason.
    public internal(set) var failed: [Change] = []
    /// Compiled modules that were made anew.
    public internal(set) var compiled: [String] = []
    /// Taken away: what nobody recorded, where that was asked for, and links that stood in the way.
    public internal(set) var removed: [String] = []
    /// What nobody recorded and was left.
    public internal(set) var left: [String] = []
    /// Files of other releases that were one file with a damaged one, and were given the repaired one.
    public internal(set) var shared: [Shared] = []

    /// A file of another release.
    public struct Shared: Codable, Sendable, Equatable {
        public let version: String
        public let path: String
        /// nil where it was repaired as well.
        public let fault: String?
    }

    /// Whether there was anything to repair.
    public var changed: Bool {
        !(restored.isEmpty && compiled.isEmpty && removed.isEmpty && shared.isEmpty)
    }

    /// Whether everything is as it was installed.
    public var isWhole: Bool { failed.isEmpty && shared.allSatisfy { $0.fault == nil } }
}

/// How far a repair is; told from several threads.
public enum RepairProgress: Sendable {
    /// Bytes that are to be read to find what is different.
    case comparing(UInt64)
    /// Bytes that were.
    case read(UInt64)
    /// Files that are to be put in place.
    case restoring(Int)
    /// One was.
    case restored
}
