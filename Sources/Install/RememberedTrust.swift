import Digests
import Files
import Glibc
import Trust

/// Whom an environment, or a root of several, was installed with: its updates have to be signed by them again. The
/// list of signers lies in `.airlift/allowed_signers`, where administrators may read and change it; how many of them
/// it takes stands in the record.
public struct RememberedTrust: Sendable, Equatable {
    /// Relative to the prefix or the root.
    public static let path = ".airlift/allowed_signers"

    /// An allowed_signers file, byte for byte.
    public let allowedSigners: [UInt8]
    /// Its name, for messages.
    public let file: String
    /// Distinct keys that must have signed.
    public let threshold: Int

    public init(_ policy: TrustPolicy) {
        allowedSigners = policy.allowed.bytes
        file = policy.allowed.file
        threshold = policy.threshold
    }

    private init(allowedSigners: [UInt8], file: String, threshold: Int) {
        self.allowedSigners = allowedSigners
        self.file = file
        self.threshold = threshold
    }

    /// Where the list was first read from makes no difference.
    public static func == (a: RememberedTrust, b: RememberedTrust) -> Bool {
        a.allowedSigners == b.allowedSigners && a.threshold == b.threshold
    }

    /// - Throws: `TrustError` or `FailureList` for a list that is malformed, or has fewer keys than are needed.
    public func policy() throws -> TrustPolicy {
        try TrustPolicy(allowed: AllowedSigners.read(allowedSigners, file: file), threshold: threshold)
    }

    /// What stands in a record; nil trusts nobody.
    /// - Parameter directory: the prefix or the root.
    /// - Throws: `InstallError` of kind `trust` where the list is gone.
    public static func read(_ record: InstallRecord.Trust?, in directory: Directory) throws
        -> RememberedTrust?
    {
        guard let record else { return nil }
        let path = try RelativePath(Self.path)
        guard try directory.status(of: path) != nil else {
            throw InstallError(
                .trust,
                "'\(directory.path)' was installed with trusted signers, and '\(path)' that lists them is missing; name them with --trust FILE, or give --forget-trust to go on without"
            )
        }
        return RememberedTrust(
            allowedSigners: try directory.contents(of: path, limit: 4 << 20),
            file: "\(directory.path)/\(path)", threshold: record.threshold)
    }

    /// What the environment that stands at a prefix remembers; nil where there is none, or it trusts nobody.
    public static func of(_ prefix: String) throws -> RememberedTrust? {
        guard let standing = Publication.standing(prefix),
            case .environment(let record) = try ExistingPrefix.examine(prefix)
        else { return nil }
        return try read(record.trust, in: Directory.open(standing))
    }

    /// What a root remembers; nil where there is none, or it trusts nobody.
    public static func ofRoot(_ path: String) throws -> RememberedTrust? {
        let directory: Directory
        do throws(FileError) { directory = try Directory.open(path) } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw error
        }
        return try read(RootState.read(directory)?.trust, in: directory)
    }

    /// Whether the environment at a prefix trusts somebody.
    static func isIn(_ prefix: String) throws -> Bool {
        guard case .environment(let record) = try ExistingPrefix.examine(prefix) else { return false }
        return record.trust != nil
    }

    /// Changes what an environment that is in place remembers. The list is there before the record counts on it, and
    /// goes after it.
    static func write(_ trust: RememberedTrust?, _ record: InstallRecord, in prefix: Directory) throws {
        let path = try RelativePath(Self.path)
        if let trust { try prefix.replaceFile(path, with: trust.allowedSigners) }
        try prefix.replaceFile(RelativePath(InstallRecord.path), with: CanonicalJSON.encode(record))
        if trust == nil { try prefix.remove(path) }
    }
}
