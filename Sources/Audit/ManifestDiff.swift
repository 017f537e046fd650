/// What differs between two environments. Everything in it is sorted, so that the same two inputs always give
/// the same document; its keys are stable, and `airlift_diff` counts up when their meaning changes.
public struct ManifestDiff: Codable, Hashable, Sendable {
    public static let formatVersion = 1

    public var formatVersion: Int
    /// Titles of the two sides.
    public var from: String
    public var to: String
    /// By kind of change, then by kind of package and name.
    public var packages: [PackageChange]
    /// The application's own files, by path.
    public var files: [FileChange]
    /// Facts that both sides know and that differ, in the order of `Fact`.
    public var facts: [FactChange]
    public var size: SizeChange

    /// No package, no file of the application and no fact about the environment differs; version, serial and
    /// digests of the cut may.
    public var isSame: Bool {
        packages.isEmpty && files.isEmpty && facts.allSatisfy(\.fact.isOfTheCut)
    }

    enum CodingKeys: String, CodingKey {
        case from, to, packages, files, facts, size
        case formatVersion = "airlift_diff"
    }

    public struct FactChange: Codable, Hashable, Sendable {
        public var fact: Fact
        public var from: String
        public var to: String
    }

    public struct FileChange: Codable, Hashable, Sendable {
        public enum Change: String, Codable, Hashable, Sendable { case added, removed, changed }

        public var change: Change
        /// Relative to the prefix.
        public var path: String
        public var from: PackageSet.File?
        public var to: PackageSet.File?
    }

    /// Bytes on both sides; nil where one does not tell.
    public struct SizeChange: Codable, Hashable, Sendable {
        public var archivesFrom: UInt64?
        public var archivesTo: UInt64?
        public var installedFrom: UInt64?
        public var installedTo: UInt64?

        enum CodingKeys: String, CodingKey {
            case archivesFrom = "archives_from"
            case archivesTo = "archives_to"
            case installedFrom = "installed_from"
            case installedTo = "installed_to"
        }
    }
}
