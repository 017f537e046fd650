/// What an installation took from releases that were there.
public struct SharingTally: Codable, Hashable, Sendable {
    public struct Count: Codable, Hashable, Sendable {
        public var files = 0
        public var bytes: UInt64 = 0

        public init() {}

        mutating func add(_ bytes: UInt64) {
            files += 1
            self.bytes += bytes
        }

        mutating func add(_ other: Count) {
            files += other.files
            bytes += other.bytes
        }
    }

    /// Archives that were not unpacked.
    public var archives = 0
    /// Files that are one with a release's, by a second name.
    public var linked = Count()
    /// Files whose bytes lie on the disk once.
    public var cloned = Count()
    /// Files that were copied, because the file system can do neither, or they may be written to.
    public var copied = Count()
    /// Files with the prefix in them, made from a release's.
    public var rewritten = Count()
    /// Files of a release that are not what was installed there: their archives were unpacked.
    public var damaged = 0

    public init() {}

    mutating func add(_ other: SharingTally) {
        archives += other.archives
        linked.add(other.linked)
        cloned.add(other.cloned)
        copied.add(other.copied)
        rewritten.add(other.rewritten)
        damaged += other.damaged
    }

    /// Bytes of files that took no room on the disk.
    public var saved: UInt64 { linked.bytes + cloned.bytes }
}
