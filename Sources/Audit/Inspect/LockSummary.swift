import Bundle
import Lock

/// What is in a lock, for `airlift inspect`: the archives of each platform. Its keys are stable, and
/// `airlift_lock_summary` counts up when their meaning changes.
public struct LockSummary: Codable, Hashable, Sendable {
    public static let formatVersion = 1

    public var formatVersion: Int
    /// Sorted by name.
    public var platforms: [Platform]

    enum CodingKeys: String, CodingKey {
        case platforms
        case formatVersion = "airlift_lock_summary"
    }

    public struct Platform: Codable, Hashable, Sendable {
        public var platform: String
        public var glibc: String
        public var python: String
        public var abi: String
        /// Where the base interpreter comes from: `archive`, `capture` or `host`.
        public var interpreter: String
        /// Bytes of all archives; nil where the size of one is not known.
        public var bytes: UInt64?
        /// By kind and name.
        public var archives: [PackageSet.Package]
    }

    public init(_ lock: Lockfile) {
        formatVersion = Self.formatVersion
        platforms = lock.platforms.map { platform in
            let set = PackageSet(platform, name: "lock")
            return Platform(
                platform: platform.name, glibc: "\(platform.target.glibc)", python: platform.target.python,
                abi: platform.target.abi, interpreter: platform.interpreter.rawValue,
                bytes: set.archiveBytes, archives: set.packages)
        }
    }

    public func lines(long: Bool = false) -> [String] {
        let lines = platforms.flatMap { platform -> [String] in
            let size = platform.bytes.map { ", \(ByteCount.text($0))" } ?? ""
            return [
                TextTable.printable(
                    "\(platform.platform): \(platform.archives.count) archives\(size), Python \(platform.python) (\(platform.interpreter)), glibc \(platform.glibc)"
                )
            ] + ArchiveTable(platform.archives.map(ArchiveTable.Row.init), long: long).lines + [""]
        }
        return Array(lines.dropLast())
    }
}
