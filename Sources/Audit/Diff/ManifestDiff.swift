/// What differs between two environments. Everything in it is sorted, so that the same two inputs always give
/// the same document; its keys are stable, and `airlift_diff` counts up when their meaning changes.
public struct ManifestDiff: Codable, Hashable, Sendable {
    public static let formatVersion = 1

    public var formatVersion: Int
    /// Titles of the two sides.
    public var from: String
    public var to: String
    /// What is told first, by kind and subject.
    public var alarms: [Alarm]
    /// By kind of change, then by kind of package and name.
    public var packages: [PackageChange]
    /// The application's own files, by path.
    public var files: [FileChange]
    /// Facts that both sides know and that differ, in the order of `Fact`.
    public var facts: [FactChange]
    public var size: SizeChange
    /// What differs between the application's own files beside their contents; nil where nobody looked.
    public var application: FilesDiff?
    /// Packages that differ and whose files could not be compared, with the reason; nil where nobody looked.
    public var unread: [Unread]?
    /// Rules of `--fail-on` that were hit; nil where none was asked for.
    public var failed: [FailedRule]?

    /// No package, no file of the application and no fact about the environment differs, and nothing alarms;
    /// version, serial and digests of the cut may differ, and a signature may have come.
    public var isSame: Bool {
        packages.isEmpty && files.isEmpty && alarms.isEmpty && facts.allSatisfy(\.fact.isOfTheCut)
    }

    enum CodingKeys: String, CodingKey {
        case from, to, alarms, packages, files, facts, size, application, unread, failed
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

    public struct Unread: Codable, Hashable, Sendable {
        /// nil for the application itself.
        public var kind: PackageSet.Kind?
        public var name: String
        public var reason: String
    }

    public struct FailedRule: Codable, Hashable, Sendable {
        /// As it was given.
        public var rule: String
        /// What hit it, in words.
        public var reasons: [String]
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
