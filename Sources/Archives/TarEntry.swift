import Digests
import Files

/// One member of a tar archive.
public struct TarEntry: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case file
        case directory
        /// The target is relative and stays inside the archive.
        case symbolicLink(target: String)
        /// The target is an earlier file of the archive.
        case hardLink(target: RelativePath)
    }

    public let path: RelativePath
    public let kind: Kind
    /// Bytes of content; 0 for all but files.
    public let size: UInt64
    /// The permission bits, set-id bits included (07777).
    public let permissions: UInt32
    /// Seconds since 1970 UTC; 0 where the archive gives none.
    public let modificationTime: Int64

    public init(
        path: RelativePath, kind: Kind, size: UInt64 = 0, permissions: UInt32, modificationTime: Int64
    ) {
        self.path = path
        self.kind = kind
        self.size = size
        self.permissions = permissions
        self.modificationTime = modificationTime
    }
}

/// What an archive may cost at most. An archive that exceeds one is refused.
public struct TarLimits: Hashable, Sendable {
    public var members = 1_000_000
    /// Bytes of all names, those of the directories above included, which are kept while the archive is read.
    public var nameSize: UInt64 = 128 << 20
    /// Bytes of one member.
    public var memberSize: UInt64 = 16 << 30
    /// Bytes of the whole archive when decompressed, headers included.
    public var totalSize: UInt64 = 64 << 30

    public init() {}
}

/// All compressed bytes of a tar archive, from the first to the last.
public struct TarSummary: Hashable, Sendable {
    public let size: UInt64
    public let sha256: SHA256Digest

    public init(size: UInt64, sha256: SHA256Digest) {
        self.size = size
        self.sha256 = sha256
    }
}
