import Digests
import Files

extension Directory {
    /// Copies bytes into a file beside its place, hashing what is written, and renames it there.
    /// - Parameters:
    ///   - path: in a directory that exists; a file that is there is replaced.
    ///   - expected: what the bytes must hash to; another file keeps its place where they do not.
    ///   - visit: gets each piece as it is written.
    /// - Returns: the digest of all bytes.
    /// - Throws: what the source throws, `FileError`; `ArchiveError` where the digest is another.
    @discardableResult
    public func copy(
        _ source: some ByteSource, to path: RelativePath, permissions: UInt32 = 0o644,
        expected: SHA256Digest? = nil, visit: (UnsafeRawBufferPointer) -> Void = { _ in }
    ) throws -> SHA256Digest {
        let temporary = try RelativePath(path.string + ".part")
        try remove(temporary)
        let file = try createFile(temporary, permissions: permissions)
        do {
            var hasher = SHA256()
            try source.forEachPiece { piece in
                hasher.update(piece)
                try file.write(piece)
                visit(piece)
            }
            let digest = hasher.finalize()
            if let expected, expected != digest {
                throw ArchiveError(
                    source.name, "it is damaged: its SHA-256 should be \(expected) and is \(digest)")
            }
            try replace(path, with: temporary)
            return digest
        } catch {
            try? remove(temporary)
            throw error
        }
    }
}
