import Digests
import Files

/// Reads tar archives (ustar, pax and GNU forms; plain, zstd, gzip, bzip2 or xz) as a stream.
///
/// Refused, with the member's name: device nodes, fifos, sparse files, paths that are absolute, hold `..` or
/// are no UTF-8, two members of one name, members below a file or symbolic link, symbolic links that lead
/// outside, hard links to what is no earlier file, an archive without its end mark, and data after the end.
/// A leading `./` and the trailing `/` of directories are normal and taken off.
public enum TarReader {
    /// Visits every member in the archive's order.
    /// - Parameters:
    ///   - offset: where in the file the archive starts.
    ///   - length: its bytes; nil for all up to the end of the file.
    ///   - observing: sees each raw byte once, in order, those after the last member too.
    ///   - visit: may read the content, once; what it leaves is skipped, and checked all the same.
    /// - Returns: size and digest of the raw bytes. What was visited is not to be trusted before this returns
    ///   and the digest is the expected one.
    /// - Throws: `TarError`, `FileError`, or what `visit` throws.
    public static func read(
        _ file: borrowing OpenFile, at offset: UInt64 = 0, length: UInt64? = nil,
        limits: TarLimits = TarLimits(), observing: ((UnsafeRawBufferPointer) -> Void)? = nil,
        _ visit: (TarEntry, TarContent) throws -> Void
    ) throws -> TarSummary {
        let present = try file.status().size
        let length = length ?? (present >= offset ? present - offset : 0)
        var hasher = SHA256()
        try visitMembers(
            of: file, at: offset, length: length, name: file.path, limits: limits,
            observing: {
                hasher.update($0)
                observing?($0)
            }, visit)
        return TarSummary(size: length, sha256: hasher.finalize())
    }

    /// As above, for one who takes the digest of something larger.
    /// - Parameters:
    ///   - name: for messages.
    ///   - compressions: those that the archive may have; others are refused.
    static func visitMembers(
        of file: borrowing OpenFile, at offset: UInt64, length: UInt64, name: String,
        compressions: [TarCompression] = TarCompression.allCases, limits: TarLimits,
        observing: (UnsafeRawBufferPointer) -> Void, _ visit: (TarEntry, TarContent) throws -> Void
    ) throws {
        let present = try file.status().size
        let rest = present >= offset ? present - offset : 0
        guard length <= rest else {
            throw TarError(
                archive: name,
                reason: .damaged("it should have \(length) bytes from byte \(offset) on and has \(rest)"))
        }
        guard length > 0 else { throw TarError(archive: name, reason: .damaged("it is empty")) }
        try withUnsafePointer(to: file) { pointer in
            try withoutActuallyEscaping(observing) { observing in
                let raw = TarRawSource(pointer, offset: offset, length: length, observe: observing)
                let inflated = try TarInflatedSource(
                    raw, archive: name, compressions: compressions, limit: limits.totalSize)
                let session = TarSession(inflated, archive: name, limits: limits)
                try session.visitAll(visit)
                // Reading went on to the end of the decompressed bytes, so that damage after the last member is
                // found.
                try raw.drain()
                guard raw.missing == 0 else {
                    throw TarError(archive: name, reason: .damaged("it became shorter while it was read"))
                }
            }
        }
    }
}

/// The content of the member that is being visited.
public struct TarContent {
    let session: TarSession

    /// Hands out the content in pieces of at most some hundred KiB. A second call finds nothing more.
    public func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try session.content(body)
    }

    /// The whole content of a small member.
    /// - Parameter limit: bytes; a larger member is refused.
    public func bytes(limit: Int = 64 << 20) throws -> [UInt8] {
        try session.checkSize(limit)
        var bytes: [UInt8] = []
        try session.content { bytes.append(contentsOf: $0) }
        return bytes
    }
}
