import Digests

/// Every archive of an environment, per platform: `conda-lock.yml` (CEP 37, format version 1) as a value.
public struct Lockfile: Equatable, Sendable {
    public static let formatVersion = 1

    /// Sorted by name.
    public private(set) var platforms: [Platform]
    /// URL, name or path, in order of preference, without credentials.
    public var channels: [String]
    /// The files that the lock was made from, relative to it.
    public var sources: [String]

    public init(platforms: [Platform], channels: [String] = [], sources: [String]) {
        self.platforms = platforms.sorted { $0.name < $1.name }
        self.channels = channels.map(CleanLocation.of)
        self.sources = sources
    }

    public subscript(platform name: String) -> Platform? { platforms.first { $0.name == name } }

    /// What is locked for one platform.
    public struct Platform: Equatable, Sendable {
        /// Conda's name of it.
        public var name: String
        /// What the lock was made from; another one means that it is out of date.
        public var contentHash: SHA256Digest
        public var target: TargetDescription
        public var interpreter: Interpreter
        /// Sorted by kind and name.
        public private(set) var archives: [LockedArchive]

        public init(
            name: String, contentHash: SHA256Digest, target: TargetDescription, interpreter: Interpreter,
            archives: [LockedArchive]
        ) {
            self.name = name
            self.contentHash = contentHash
            self.target = target
            self.interpreter = interpreter
            self.archives = archives.sorted { ($0.kind, $0.name) < ($1.kind, $1.name) }
        }
    }

    /// Where the base Python comes from.
    public enum Interpreter: String, Equatable, Sendable, CaseIterable {
        /// One of the archives, of kind `python`.
        case archive
        /// Made on the locking machine; described in `capture.lock` beside the lock (see ``CaptureLock``).
        case capture
        /// The conda package `python`.
        case conda
        /// The target's own.
        case host
    }
}
