import Archives
import Digests
import Failures
import Files

/// A bundle opened for reading. Whatever is handed out lies where the manifest says, and nothing is in the file
/// that the manifest does not name; contents are checked by whoever reads them, or all at once by `verify`.
public final class BundleReader: Sendable {
    public let path: String
    public let manifest: Manifest
    public let manifestBytes: [UInt8]
    /// SHA-256 of the manifest's bytes: the bundle digest.
    public let digest: SHA256Digest
    public let layout: BundleLayout
    /// Of the manifest, sorted by name. Nobody has judged them but who was given to `open`.
    public let signatures: [BundleSignature]
    let file: FileRegion

    private static let manifestLimit: UInt64 = 256 << 20

    private init(
        path: String, manifest: Manifest, manifestBytes: [UInt8], layout: BundleLayout,
        signatures: [BundleSignature], file: FileRegion
    ) {
        self.path = path
        self.manifest = manifest
        self.manifestBytes = manifestBytes
        self.layout = layout
        self.signatures = signatures
        self.file = file
        digest = SHA256.hash(manifestBytes)
    }

    /// Who judges a bundle before anything of it is used: gets the exact bytes of the manifest and all signatures
    /// that lie in the bundle, and throws where they do not suffice.
    public typealias Authentication = (_ manifest: [UInt8], _ signatures: [BundleSignature]) throws -> Void

    /// Opens a bundle and compares its whole structure with what its manifest implies.
    ///
    /// - Parameter authenticate: is asked once the ZIP directory was found and before the manifest is so much as
    ///   decoded; what it throws is thrown on.
    public static func open(_ path: String, authenticate: Authentication? = nil) throws -> BundleReader {
        let file = try FileRegion(path: path)
        let directory = try readDirectory(file)
        guard let first = directory.entries.first, first.name == Manifest.path else {
            throw BundleError(path, "it is no Airlift bundle: its first entry is not \(Manifest.path)")
        }
        guard first.size <= manifestLimit else {
            throw BundleError(path, "its manifest is larger than \(manifestLimit) bytes")
        }
        let manifestBytes = try contents(of: first, file, path)
        let signatures = try readSignatures(directory, file, path)
        try authenticate?(manifestBytes, signatures)
        let manifest = try Manifest.decode(manifestBytes, subject: path)
        let layout = BundleLayout(
            manifest, manifestPart: .init(name: first.name, size: first.size, crc32: first.crc32),
            signatures: signatures.map(\.part))
        try compare(layout, with: directory, path)
        return BundleReader(
            path: path, manifest: manifest, manifestBytes: manifestBytes, layout: layout,
            signatures: signatures, file: file)
    }

    /// All of them, bounded in number and size: they are read before anybody is trusted.
    private static func readSignatures(
        _ directory: ZipDirectory, _ file: FileRegion, _ path: String
    ) throws -> [BundleSignature] {
        let entries = directory.entries.filter { $0.name.hasPrefix(BundleLayout.signatures) }
        guard entries.count <= BundleSignature.countLimit else {
            throw BundleError(
                path,
                "it has \(entries.count) signatures, and at most \(BundleSignature.countLimit) are read")
        }
        return try entries.map { entry in
            let name = String(entry.name.dropFirst(BundleLayout.signatures.count))
            guard Names.isBundleName(name) else {
                throw BundleError(path, "the entry '\(entry.name.printable)' is no name for a signature")
            }
            guard (1...UInt64(BundleSignature.sizeLimit)).contains(entry.size) else {
                throw BundleError(
                    path,
                    "the signature '\(name)' has \(entry.size) bytes; 1 to \(BundleSignature.sizeLimit) are read"
                )
            }
            return BundleSignature(name: name, bytes: try contents(of: entry, file, path))
        }
    }

    /// The bytes of an entry that no manifest vouches for: stored, with the one local header that its row in the
    /// directory implies, so that no two readers find other bytes.
    private static func contents(of entry: ZipEntry, _ file: FileRegion, _ path: String) throws -> [UInt8] {
        let member = StoredZipMember(
            name: entry.name, size: entry.size, crc32: entry.crc32, offset: entry.offset)
        let header = member.localHeader
        guard try file.bytes(at: entry.offset, count: header.count) == header else {
            throw BundleError(
                path, "the header of the entry '\(entry.name)' is not the one that its directory implies")
        }
        let bytes = try file.bytes(at: member.dataOffset, count: Int(entry.size))
        guard bytes.withUnsafeBytes({ crc32($0) }) == entry.crc32 else {
            throw BundleError(
                path,
                "the entry '\(entry.name)' is damaged: its checksum (CRC-32) is wrong; copy the bundle again")
        }
        return bytes
    }

    private static func readDirectory(_ file: FileRegion) throws -> ZipDirectory {
        do {
            return try ZipDirectory.read(from: file, allowingPrefix: true)
        } catch let error as ArchiveError {
            let start = file.size >= 2 ? try file.bytes(at: 0, count: 2) : []
            guard start == Array("#!".utf8) else {
                throw BundleError(file.name, "it is no Airlift bundle (\(error.reason))")
            }
            throw BundleError(
                file.name,
                "it is damaged or was cut short on its way: \(error.reason); copy it again and compare its size"
            )
        }
    }

    private static func compare(_ layout: BundleLayout, with directory: ZipDirectory, _ path: String) throws {
        let listed = Set(layout.members.map(\.name))
        let present = Set(directory.entries.map(\.name))
        for name in present.subtracting(listed).sorted() {
            throw BundleError(path, "the entry '\(name)' is in the file and not in its manifest")
        }
        for name in listed.subtracting(present).sorted() {
            throw BundleError(path, "the entry '\(name)' is in the manifest and not in the file")
        }
        for (entry, member) in zip(directory.entries, layout.members)
        where entry.name != member.name || entry.size != member.size || entry.offset != member.offset {
            throw BundleError(
                path,
                "the entry '\(member.name)' should have \(member.size) bytes at offset \(member.offset); the file has '\(entry.name)' with \(entry.size) at \(entry.offset)"
            )
        }
        guard directory.offset == layout.directoryOffset, directory.bytes == layout.directory else {
            throw BundleError(path, "its directory is not the one that its manifest implies")
        }
    }

    /// The bytes of one entry, after its local header was compared. They are not hashed yet.
    public func region(of name: String) throws -> FileRegion {
        guard let member = layout.member(name) else {
            throw BundleError(path, "it has no entry '\(name)'")
        }
        let expected = member.localHeader
        guard try file.bytes(at: member.offset, count: expected.count) == expected else {
            throw BundleError(
                path, "the header of the entry '\(name)' is not the one that its manifest implies")
        }
        return try file.region(offset: member.dataOffset, size: member.size, name: "\(path):\(name)")
    }

    /// The first bytes of the file, as they lie there: whoever compares two bundles reads them.
    public func file(upTo size: UInt64) throws -> FileRegion {
        try file.region(offset: 0, size: size, name: path)
    }

    /// Fills a new, empty file with the whole bundle, from the very file that was opened; shared on the disk where the
    /// file system can. Nothing is hashed: whoever opens the copy does that.
    /// - Parameter goOn: is asked between pieces; what it throws ends the copy.
    public func copy(to output: borrowing OpenFile, goOn: () throws -> Void = {}) throws {
        try output.fill(from: file.file.file, count: file.size, goOn: goOn)
    }

    /// A small entry, checked against the manifest.
    public func contents(of name: String, limit: UInt64 = 64 << 20) throws -> [UInt8] {
        guard let expected = expectedDigest(of: name) else {
            throw BundleError(path, "it has no entry '\(name)'")
        }
        let region = try region(of: name)
        guard region.size <= limit else {
            throw BundleError(path, "the entry '\(name)' is larger than \(limit) bytes")
        }
        let bytes = try region.bytes(at: 0, count: Int(region.size))
        try check(SHA256.hash(bytes), against: expected, name)
        return bytes
    }

    /// The digest that the manifest gives for an entry; nil for the manifest itself, signatures and strangers.
    public func expectedDigest(of name: String) -> SHA256Digest? {
        manifest.entry(name)?.sha256 ?? manifest.archives.first { $0.path == name }?.sha256
    }

    public func check(_ actual: SHA256Digest, against expected: SHA256Digest, _ name: String) throws {
        guard actual == expected else {
            throw BundleError(
                path,
                "the entry '\(name)' is damaged: its SHA-256 should be \(expected) and is \(actual); copy the bundle again"
            )
        }
    }
}
