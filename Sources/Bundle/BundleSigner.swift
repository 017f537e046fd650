import Archives
import Digests
import Files
import Glibc
import Workers

/// Changes which signatures lie in a bundle, by writing a new file beside it and renaming that over it: whatever
/// happens, there is the old bundle or the new one. All other bytes stay; a bundle whose signatures were all
/// removed is the unsigned one again, to the byte.
///
/// Whether a signature holds, the caller knows. The name of its entry decides what "the same" is: a signature under
/// the name of one that is there takes its place.
public struct BundleSigner: Sendable {
    private let reader: BundleReader
    private let synchronize: Bool

    /// - Parameters:
    ///   - reader: the bundle, verified by the caller.
    ///   - synchronize: whether to wait until the new file is on the disk.
    public init(_ reader: BundleReader, synchronize: Bool = true) {
        self.reader = reader
        self.synchronize = synchronize
    }

    public func add(_ signatures: [BundleSignature], output: String? = nil) throws -> SignedBundle {
        try change(output) { present in
            let names = Set(signatures.map(\.name))
            return present.filter { !names.contains($0.name) } + signatures
        }
    }

    /// - Parameter names: of signatures; those that are not there are left alone.
    public func remove(_ names: Set<String>, output: String? = nil) throws -> SignedBundle {
        try change(output) { present in present.filter { !names.contains($0.name) } }
    }

    /// - Parameter output: where the new bundle goes instead, which must not exist; the old one stays as it is.
    private func change(
        _ output: String?, _ body: ([BundleSignature]) throws -> [BundleSignature]
    ) throws -> SignedBundle {
        let source = try Place(existing: reader.path)
        let target = try output.map { try Place(new: $0) } ?? source
        let isInPlace = target.isSame(as: source)
        let lockName = try RelativePath(".\(target.name).lock")
        let temporary = try RelativePath(".\(target.name).part")
        let lock = try AdvisoryLock.take(lockName, in: target.directory, wait: true)
        defer {
            try? target.directory.remove(temporary)
            try? target.directory.remove(lockName)
            _ = lock
        }
        let current = isInPlace ? try self.current(source) : reader
        let signatures = try body(current.signatures).sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        try BundleSignature.check(signatures, reader.path)
        let layout = BundleLayout(
            current.manifest, manifestBytes: current.manifestBytes, signatures: signatures)
        let unchanged = try lies(signatures, at: target, isInPlace ? current : nil)
        if !unchanged {
            try write(current, layout, signatures, temporary, in: target)
            try target.directory.replace(target.name, with: temporary)
            if synchronize { try target.directory.synchronize() }
        }
        return SignedBundle(
            path: isInPlace ? reader.path : output ?? target.path, digest: current.digest,
            size: layout.fileSize, signatures: signatures,
            unchanged: unchanged)
    }

    /// The bundle as it is now, under the lock: another signer may have written it since it was opened.
    private func current(_ place: Place) throws -> BundleReader {
        let opened = try reader.file.file.file.status()
        let there = try place.directory.status(of: place.name)
        if let there, there.inode == opened.inode, there.device == opened.device { return reader }
        let reader = try BundleReader.open(place.path)
        guard reader.digest == self.reader.digest else {
            throw BundleError(
                place.path,
                "another bundle was put in its place meanwhile: its digest is \(reader.digest) and was \(self.reader.digest)",
                kind: .targetInTheWay)
        }
        try reader.verify()
        return reader
    }

    /// Whether the target is what is to be written already.
    /// - Throws: where something else is at another target.
    private func lies(
        _ signatures: [BundleSignature], at target: Place, _ current: BundleReader?
    ) throws -> Bool {
        if let current { return current.signatures == signatures }
        guard try target.directory.status(of: target.name) != nil else { return false }
        if let there = try? BundleReader.open(target.path), there.digest == reader.digest,
            there.signatures == signatures
        {
            return true
        }
        throw BundleError(
            target.path, "it exists and is not replaced; remove it or choose another file",
            kind: .targetInTheWay)
    }

    private func write(
        _ current: BundleReader, _ layout: BundleLayout, _ signatures: [BundleSignature],
        _ temporary: RelativePath, in target: Place
    ) throws {
        let status = try current.file.file.file.status()
        try target.directory.remove(temporary)
        let file = SharedFile(try target.directory.createFile(temporary, permissions: 0o600))
        try file.file.fill(
            from: current.file.file.file, count: current.layout.signaturesOffset,
            goOn: Interruption.check)
        try layout.writeEnd(signatures, to: file)
        try file.file.setPermissions(status.permissions)
        if synchronize { try file.file.synchronize() }
    }
}

/// A bundle and its signatures, on disk.
public struct SignedBundle: Sendable {
    public let path: String
    /// SHA-256 of the manifest.
    public let digest: SHA256Digest
    /// Bytes of the whole file.
    public let size: UInt64
    /// All that lie in it, sorted by name.
    public let signatures: [BundleSignature]
    /// It was so already, and nothing was written.
    public let unchanged: Bool
}

/// A file's name and the directory that holds it.
private struct Place {
    let directory: Directory
    let name: RelativePath

    var path: String { "\(directory.path)/\(name)" }

    /// Symbolic links are followed: what they lead to is signed, and they stay.
    init(existing path: String) throws {
        guard let resolved = realpath(path, nil) else { throw FileError("find", path) }
        defer { free(resolved) }
        try self.init(new: String(cString: resolved))
    }

    init(new path: String) throws {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let holder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        name = try RelativePath(slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path)
        directory = try Directory.open(holder)
    }

    func isSame(as other: Place) -> Bool {
        guard let own = try? directory.status(), let theirs = try? other.directory.status() else {
            return false
        }
        return own.inode == theirs.inode && own.device == theirs.device && name == other.name
    }
}
