import Bundle
import Conda
import Digests

/// What somebody other than Airlift's list of files says of an installed file: its package's own record in the
/// prefix, the bundle's manifest, or how Airlift itself would write it today.
struct FileWitness: Sendable {
    enum Claim: Sendable {
        /// - size: nil where it is not stated.
        case bytes(SHA256Digest, size: UInt64?)
        /// A file that had the prefix put into it: what it was before, from which follows what it must be now.
        /// - inPrefix: what was written when it was installed, for files that name the prefix by themselves too.
        case rewritten(PathsJSON.Placeholder, original: SHA256Digest, inPrefix: SHA256Digest?)
        /// - target: nil where it is not stated.
        case link(String?)
        case directory
        /// It is there; nothing is said of its contents.
        case present
    }

    let claim: Claim
    /// For sentences.
    let source: String

    /// - Returns: what is said against an entry of the list, as the rest of a sentence; nil where nothing is. The
    ///   contents of rewritten files are not judged here.
    func objection(to file: InstalledFile) -> String? {
        switch (claim, file.content) {
        case (.present, _), (.rewritten, .bytes), (.directory, .directory), (.link(nil), .link): return nil
        case (.link(.some(let target)), .link(let actual)):
            return target.utf8.elementsEqual(actual.utf8) ? nil : "it should point to '\(target)'"
        case (.bytes(let digest, let size), .bytes(let actualSize, let actual)):
            if let size, size != actualSize { return "it should have \(size) bytes" }
            return digest == actual ? nil : "its SHA-256 should be \(digest)"
        case (.bytes, _), (.rewritten, _): return "it should be a file"
        case (.link, _): return "it should be a symbolic link"
        case (.directory, _): return "it should be a directory"
        }
    }
}
