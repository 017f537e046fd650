import Digests
import Files

/// `R/.airlift/journal`: the switch of `current` that is under way. Where a run finds one, an earlier one was cut off.
struct ActivationJournal: Codable, Hashable, Sendable {
    static let path = "\(ReleaseRoot.ownPath)/journal"

    /// The format's version.
    var airlift = 1
    /// What was current; nil for nothing.
    var from: String?
    /// What is to be current.
    var to: String
    /// Hooks have still to say that all is well: until they have, `from` is to be current again.
    var isPending: Bool
    /// The line for the log when it is done.
    var entry: ActivationLog.Entry

    enum CodingKeys: String, CodingKey {
        case airlift, from, to, entry
        case isPending = "pending"
    }

    static func read(_ root: Directory) throws -> ActivationJournal? {
        let path = try RelativePath(Self.path)
        guard try root.status(of: path) != nil else { return nil }
        do {
            let journal = try CanonicalJSON.decode(
                ActivationJournal.self, from: root.contents(of: path, limit: 1 << 20))
            guard journal.airlift == 1 else {
                throw InstallError(
                    .damaged,
                    "'\(root.path)/\(path)' has format version \(journal.airlift), and this program reads version 1"
                )
            }
            return journal
        } catch let error as DecodingError {
            throw InstallError(.damaged, "'\(root.path)/\(path)' is malformed: \(error.reason)")
        }
    }

    func write(in root: Directory, durable: Bool) throws {
        try root.replaceFile(RelativePath(Self.path), with: CanonicalJSON.encode(self), durable: durable)
    }

    static func remove(from root: Directory) throws { try root.remove(RelativePath(path)) }
}
