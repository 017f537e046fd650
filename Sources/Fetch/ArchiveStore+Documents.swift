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
}
