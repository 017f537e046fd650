import Digests
import Files

/// `R/.airlift/log`: what was done in a root, one line of canonical JSON for each, only ever added to.
public struct ActivationLog: Sendable {
    public static let path = "\(ReleaseRoot.ownPath)/log"
    /// Bytes; a larger log is not read.
    static let limit = 256 << 20

    public enum Event: String, Codable, Hashable, Sendable, CaseIterable {
        case installed, activated, removed, repaired, uninstalled
        case rolledBack = "rolled-back"
        case activationFailed = "activation-failed"
    }

    /// One line.
    public struct Entry: Codable, Hashable, Sendable {
        /// RFC 3339, UTC.
        public var time: String
        public var event: Event
        /// Of the release that this happened to; nil for the root as a whole.
        public var version: String?
        public var serial: Int?
        /// Environment id.
        public var environment: SHA256Digest?
        /// Bundle digest.
        public var bundle: SHA256Digest?
        /// The release that was current before; nil for none.
        public var from: String?
        public var by: ActingUser
        public var host: String
        /// Name and version of the installer.
        public var installer: String
        /// What else there is to say, in words.
        public var note: String?

        public init(
            _ event: Event, _ stamp: ChangeStamp, version: String? = nil, from: String? = nil,
            note: String? = nil
        ) {
            time = stamp.now
            self.event = event
            self.version = version
            self.from = from
            by = stamp.by
            host = stamp.host
            installer = stamp.installer
            self.note = note
        }

        public init(
            _ event: Event, _ stamp: ChangeStamp, _ record: InstallRecord, from: String? = nil,
            note: String? = nil
        ) {
            self.init(event, stamp, version: record.version, from: from, note: note)
            serial = record.serial
            environment = record.environment
            bundle = record.bundle
        }
    }

    private let root: Directory

    init(_ root: Directory) { self.root = root }

    /// All lines, the oldest first. A line that a power cut left torn, or that is malformed, is left out.
    public func entries() throws -> [Entry] {
        let path = try RelativePath(Self.path)
        guard try root.status(of: path) != nil else { return [] }
        return try root.contents(of: path, limit: Self.limit).split(separator: 0x0a).compactMap {
            try? CanonicalJSON.decode(Entry.self, from: Array($0))
        }
    }

    /// Adds a line. The lock is to be held.
    public func append(_ entry: Entry, durable: Bool = true) throws {
        let path = try RelativePath(Self.path)
        let line = try CanonicalJSON.encode(entry)
        try root.append(line, to: path, permissions: 0o644, durable: durable)
    }
}
