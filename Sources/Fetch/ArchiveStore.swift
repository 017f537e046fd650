import Digests
import Files

/// Verified files under the names of their hashes, shared by any number of processes:
///
///     archives/sha256/ab/cdef…   read-only; appears by one rename, after its hash was checked
///     documents/KIND/ab/cdef…    small things known about the archive of that hash
///     partial/…                  what is being written, each file locked by its writer
///
/// What a killed process left in `partial` is removed when the store is opened next. Nothing is synchronized to
/// the disk: after a power cut a file may be damaged, which every later use notices by its hash.
public final class ArchiveStore: Sendable {
    public let path: String
    let root: Directory
    let partial: Directory

    /// Opens the store, created where it is missing.
    /// - Parameter path: of the store; relative to the current directory where it does not begin with `/`.
    public init(path: String) throws(FileError) {
        root = try Directory.create(path)
        self.path = root.path
        _ = try root.createDirectories(Self.archives)
        partial = try root.createDirectories(Self.partialName)
        try removeAbandoned()
    }

    /// `$AIRLIFT_CACHE`, else `$XDG_CACHE_HOME/airlift`, else `~/.cache/airlift`; nil where none of the variables
    /// is set. A relative `XDG_CACHE_HOME` is ignored (XDG Base Directory Specification).
    /// - Parameter variable: gives the value of a variable of the environment.
    public static func defaultPath(_ variable: (String) -> String?) -> String? {
        func value(_ name: String) -> String? { variable(name).flatMap { $0.isEmpty ? nil : $0 } }
        if let path = value("AIRLIFT_CACHE") { return path }
        if let cache = value("XDG_CACHE_HOME"), cache.hasPrefix("/") { return cache + "/airlift" }
        return value("HOME").map { $0 + "/.cache/airlift" }
    }

    static let archives = name("archives/sha256")
    static let documents = name("documents")
    private static let partialName = name("partial")

    /// A path out of literals and digits of this module, which cannot be refused.
    static func name(_ text: String) -> RelativePath {
        do throws(PathError) { return try RelativePath(text) } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Where the archive of that hash lies, relative to the store.
    static func place(of digest: SHA256Digest) -> RelativePath {
        archives.appending(name(shard(digest)))
    }

    static func shard(_ digest: SHA256Digest) -> String {
        let hex = digest.hex
        return "\(hex.prefix(2))/\(hex.dropFirst(2))"
    }

    /// Where the archive of that hash lies, or would lie.
    public func path(of digest: SHA256Digest) -> String { path + "/" + Self.place(of: digest).string }

    /// Bytes of the archive; nil where the store does not have it.
    public func size(of digest: SHA256Digest) throws(FileError) -> UInt64? {
        guard let status = try root.status(of: Self.place(of: digest)), status.kind == .file else {
            return nil
        }
        return status.size
    }

    /// Whether the store has the archive.
    /// - Parameter size: bytes that it must have, where known: a shorter file is what a power cut left.
    public func contains(_ digest: SHA256Digest, size: UInt64? = nil) throws(FileError) -> Bool {
        guard let found = try self.size(of: digest) else { return false }
        return size == nil || size == found
    }

    /// Opens an archive for reading; an error (ENOENT) where the store does not have it.
    public func open(_ digest: SHA256Digest) throws(FileError) -> OpenFile {
        try root.openFile(Self.place(of: digest))
    }

    /// Reads the archive again: whether it is there and its hash is still right.
    public func verify(_ digest: SHA256Digest) throws(FileError) -> Bool {
        guard try contains(digest) else { return false }
        let file = try open(digest)
        var hasher = SHA256()
        _ = try forEachPiece(of: file) { hasher.update($0) }
        return hasher.finalize() == digest
    }

    /// Takes an archive out of the store, a damaged one for instance.
    public func remove(_ digest: SHA256Digest) throws(FileError) {
        guard try size(of: digest) != nil else { return }
        try root.remove(Self.place(of: digest))
    }
}

/// Reads a file from its start in pieces of 1 MiB; gives its bytes' count.
func forEachPiece(
    of file: borrowing OpenFile, _ visit: (UnsafeRawBufferPointer) throws(FileError) -> Void
) throws(FileError) -> UInt64 {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    var offset: UInt64 = 0
    while true {
        let count = try file.read(into: buffer, at: offset)
        if count == 0 { return offset }
        try visit(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        offset += UInt64(count)
    }
}
