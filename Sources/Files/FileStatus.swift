import Glibc

/// What stat(2) tells of a file.
public struct FileStatus: Hashable, Sendable {
    public enum Kind: Hashable, Sendable { case file, directory, symbolicLink, other }

    public let kind: Kind
    /// Bytes.
    public let size: UInt64
    /// The permission bits, set-id bits included (07777).
    public let permissions: UInt32
    /// Seconds since 1970 UTC.
    public let modificationTime: Int64
    /// Nanoseconds since 1970 UTC, in steps of the kernel's clock, of the last change of contents, permissions or links.
    public let changeTime: Int64
    public let owner: UInt32
    public let device: UInt64
    public let inode: UInt64
    public let linkCount: UInt64

    init(_ value: stat) {
        switch value.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .symbolicLink
        default: kind = .other
        }
        size = UInt64(value.st_size)
        permissions = UInt32(value.st_mode) & 0o7777
        modificationTime = Int64(value.st_mtim.tv_sec)
        changeTime = Int64(value.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(value.st_ctim.tv_nsec)
        owner = value.st_uid
        device = UInt64(value.st_dev)
        inode = UInt64(value.st_ino)
        linkCount = UInt64(value.st_nlink)
    }

    public var isExecutable: Bool { kind == .file && permissions & 0o111 != 0 }
}
