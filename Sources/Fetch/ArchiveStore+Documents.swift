import Digests
import Files
import Glibc

/// What a document of the store is about.
public enum DocumentKind: String, Sendable {
    /// The METADATA of a wheel.
    case coreMetadata = "core-metadata"
    /// What reading all of a wheel told, RECORD enforced.
    case inspection
    /// Compiled modules of an archive, made by one interpreter.
    case bytecode
    /// A channel's list of packages, decompressed; its subject is the hash of its address.
    case repodata
    /// How that list came to be here.
    case repodataState = "repodata-state"
}

extension ArchiveStore {
    private static func place(of kind: DocumentKind, _ subject: SHA256Digest) -> RelativePath {
        documents.appending(name(kind.rawValue)).appending(name(shard(subject)))
    }

    /// A document kept for the archive of that hash. nil where there is none, or where a power cut damaged it:
    /// its own hash stands before it, so that only whole documents are given out.
    public func document(_ kind: DocumentKind, of subject: SHA256Digest) throws(FileError) -> [UInt8]? {
        let kept: [UInt8]
        do throws(FileError) { kept = try root.contents(of: Self.place(of: kind, subject)) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        guard kept.count >= SHA256.byteCount else { return nil }
        let document = Array(kept[SHA256.byteCount...])
        return SHA256.hash(document).bytes.elementsEqual(kept[..<SHA256.byteCount]) ? document : nil
    }

    /// Keeps a document for good, in place of one that is there.
    public func keep(_ document: [UInt8], as kind: DocumentKind, of subject: SHA256Digest) throws(FileError) {
        let place = Self.place(of: kind, subject)
        let partial = try PartialArchive(in: self)
        try partial.write(SHA256.hash(document).bytes)
        try partial.write(document)
        try partial.commit(at: place)
    }

    /// Where a large document lies that was kept piece by piece; its first bytes are its own, unlike those of a
    /// small one, so that it can be mapped. nil where there is none.
    public func largeDocument(_ kind: DocumentKind, of subject: SHA256Digest) throws(FileError) -> OpenFile? {
        do throws(FileError) { return try root.openFile(Self.place(of: kind, subject)) } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// Keeps a document of any size, in place of one that is there: whoever has that one open keeps it.
    /// - Parameter produce: hands all bytes to its argument, piece by piece.
    /// - Returns: its hash and its size in bytes.
    /// - Throws: what `produce` throws, with nothing kept.
    public func keepLarge(
        _ kind: DocumentKind, of subject: SHA256Digest,
        _ produce: ((UnsafeRawBufferPointer) throws(FileError) -> Void) throws -> Void
    ) throws -> (sha256: SHA256Digest, size: UInt64) {
        let partial = try PartialArchive(in: self)
        try produce { (bytes) throws(FileError) in try partial.write(bytes) }
        try partial.commit(at: Self.place(of: kind, subject))
        return (partial.digest(), partial.size)
    }
}
