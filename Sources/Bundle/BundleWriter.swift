import Archives
import Digests
import Failures
import Files
import Glibc
import Workers

/// Writes bundles: every archive is read once, hashed while it is copied to its place, on all cores.
public struct BundleWriter: Sendable {
    public let draft: BundleDraft
    public let directory: Directory
    private let jobs: Int

    public init(_ draft: BundleDraft, in directory: Directory, jobs: Int = availableProcessors) {
        self.draft = draft
        self.directory = directory
        self.jobs = jobs
    }

    /// - Parameters:
    ///   - replace: whether another bundle of the same file name may be replaced.
    ///   - progress: is told the bytes of each piece as it is done, from several threads.
    /// - Throws: `BundleError` of kind `targetInTheWay` when another bundle of that name is there.
    public func write(
        replace: Bool = false, progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws -> WrittenBundle {
        let name = try RelativePath(draft.filename)
        let temporary = try RelativePath(".\(draft.filename).part")
        let lock = try AdvisoryLock.take(RelativePath(".\(draft.filename).lock"), in: directory, wait: true)
        defer {
            try? directory.remove(temporary)
            try? directory.remove(RelativePath(".\(draft.filename).lock"))
            _ = lock
        }
        try directory.remove(temporary)
        let file = SharedFile(try directory.createFile(temporary, permissions: 0o755))
        let (manifestBytes, layout) = try fill(file, progress)
        let digest = SHA256.hash(manifestBytes)
        var written = WrittenBundle(
            path: "\(directory.path)/\(name)", digest: digest, size: layout.fileSize, unchanged: false)
        if let existing = try existingBundle(name) {
            if existing.digest == digest, let reader = existing.reader, isIntact(reader) {
                return WrittenBundle(
                    path: written.path, digest: digest, size: reader.layout.fileSize, unchanged: true)
            }
            // The copy was damaged meanwhile; its signatures are of this very manifest and stay.
            if existing.digest == digest, let signatures = existing.reader?.signatures, !signatures.isEmpty {
                written = try sign(file, written, manifestBytes, signatures)
            }
            guard replace || existing.digest == digest else {
                throw BundleError(
                    written.path,
                    "another bundle of this version is there already; give the new one another version (--calver \(draft.manifest.version).1), or --replace",
                    kind: .targetInTheWay)
            }
        }
        try file.file.synchronize()
        try directory.replace(name, with: temporary)
        try directory.synchronize()
        return written
    }

    /// What lies there under the final name; of a file that is no bundle, the digest is that of nothing.
    private func existingBundle(_ name: RelativePath) throws -> (digest: SHA256Digest, reader: BundleReader?)?
    {
        guard try directory.status(of: name) != nil else { return nil }
        let reader = try? BundleReader.open("\(directory.path)/\(name)")
        return (reader?.digest ?? SHA256.hash([]), reader)
    }

    /// A copy of this very bundle that was damaged meanwhile is written anew.
    private func isIntact(_ reader: BundleReader) -> Bool { (try? reader.verify(jobs: jobs)) != nil }

    private func sign(
        _ file: SharedFile, _ written: WrittenBundle, _ manifestBytes: [UInt8],
        _ signatures: [BundleSignature]
    ) throws -> WrittenBundle {
        let layout = BundleLayout(
            try Manifest.decode(manifestBytes, subject: written.path), manifestBytes: manifestBytes,
            signatures: signatures)
        try layout.writeEnd(signatures, to: file)
        return WrittenBundle(
            path: written.path, digest: written.digest, size: layout.fileSize, unchanged: false)
    }

    private func fill(
        _ file: SharedFile, _ progress: @escaping @Sendable (UInt64) -> Void
    ) throws -> ([UInt8], BundleLayout) {
        let small = smallEntries()
        let platform = draft.manifest.platform
        var manifest = draft.manifest
        let ownFiles = try ownFiles()
        manifest.entries = (small.map { entry($0.key, $0.value) } + ownFiles)
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let installer = manifest.entry(manifest.installerPath)!
        func stub(_ offset: UInt64) -> [UInt8] {
            draft.stub.render(
                name: manifest.name, version: manifest.version, platform: platform,
                installer: .init(offset: offset, size: installer.size, sha256: installer.sha256))
        }
        manifest.stub = .init(size: UInt64(stub(0).count), sha256: SHA256.hash([]))
        for index in manifest.archives.indices { manifest.archives[index].crc32 = "00000000" }
        try manifest.validate(draft.filename)
        // All numbers that are still to come have a fixed width, so that nothing moves any more.
        let manifestSize = try manifest.encoded().count
        let places = BundleLayout(
            manifest, manifestPart: .init(name: Manifest.path, size: UInt64(manifestSize), crc32: 0))
        let pieces =
            manifest.archives.map { Streamed(path: $0.path, size: $0.size, sha256: $0.sha256) }
            + ownFiles.map { Streamed(path: $0.path, size: $0.size, sha256: $0.sha256) }
        let checksums = try copy(pieces, to: file, places, progress).mapValues { Names.crc32Text($0) }
        for index in manifest.archives.indices {
            manifest.archives[index].crc32 = checksums[manifest.archives[index].path]!
        }
        for index in manifest.entries.indices {
            if let checksum = checksums[manifest.entries[index].path] {
                manifest.entries[index].crc32 = checksum
            }
        }
        let stubBytes = stub(places.member(manifest.installerPath)!.dataOffset)
        manifest.stub.sha256 = SHA256.hash(stubBytes)
        let manifestBytes = try manifest.encoded()
        guard manifestBytes.count == manifestSize else {
            throw BundleError(
                draft.filename, "the manifest changed its size while it was written", kind: .fault)
        }
        let layout = BundleLayout(manifest, manifestBytes: manifestBytes)
        try file.file.write(stubBytes, at: 0)
        for member in layout.members {
            try file.file.write(member.localHeader, at: member.offset)
            if let bytes = member.name == Manifest.path ? manifestBytes : small[member.name] {
                try file.file.write(bytes, at: member.dataOffset)
            }
        }
        try layout.writeEnd([], to: file)
        return (manifestBytes, layout)
    }

    /// Everything but the archives.
    private func smallEntries() -> [String: [UInt8]] {
        let archives = Set(draft.manifest.archives.map(\.path))
        var entries: [String: [UInt8]] = [:]
        for (path, source) in draft.sources where !archives.contains(path) {
            if case .bytes(let bytes) = source { entries[path] = bytes }
        }
        entries[draft.manifest.installerPath] = draft.installer.bytes
        return entries
    }

    private func entry(_ path: String, _ bytes: [UInt8]) -> Manifest.Entry {
        let isInstaller = path == draft.manifest.installerPath
        return Manifest.Entry(
            path: path, size: UInt64(bytes.count),
            sha256: isInstaller ? draft.installer.sha256 : SHA256.hash(bytes),
            crc32: Names.crc32Text(bytes.withUnsafeBytes { crc32($0) }))
    }

    /// The application's own files, which are streamed as archives are: size and SHA-256 come from their row in
    /// `files`, the CRC-32 from copying them.
    private func ownFiles() throws -> [Manifest.Entry] {
        let archives = Set(draft.manifest.archives.map(\.path))
        let rows = Dictionary(
            draft.manifest.files.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
        return try draft.sources.compactMap { path, source in
            guard case .file = source, !archives.contains(path) else { return nil }
            guard let row = rows[path], let sha256 = row.sha256 else {
                throw BundleError(
                    path, "its manifest lists no file with a size and a hash for this source", kind: .fault)
            }
            return Manifest.Entry(path: path, size: row.size, sha256: sha256, crc32: "00000000")
        }
    }

    /// One source that passes through in pieces.
    private struct Streamed: Sendable {
        let path: String
        let size: UInt64
        let sha256: SHA256Digest
    }

    /// - Returns: the CRC-32 of each piece, by its path.
    private func copy(
        _ pieces: [Streamed], to file: SharedFile, _ places: BundleLayout,
        _ progress: @escaping @Sendable (UInt64) -> Void
    ) throws -> [String: UInt32] {
        let largestFirst = pieces.sorted {
            $0.size == $1.size ? $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) : $0.size > $1.size
        }
        let checksums = try parallelMap(largestFirst, jobs: jobs) { piece in
            let region = try source(of: piece.path)
            guard region.size == piece.size else {
                throw BundleError(
                    region.name,
                    "it has \(region.size) bytes instead of the \(piece.size) expected; it changed since it was locked"
                )
            }
            return (
                piece.path,
                try Self.copy(
                    region, expecting: piece.sha256, to: file, at: places.member(piece.path)!.dataOffset,
                    progress)
            )
        }
        return Dictionary(uniqueKeysWithValues: checksums)
    }

    private func source(of path: String) throws -> FileRegion {
        guard case .file(let source)? = draft.sources[path] else {
            throw BundleError(path, "no file was given for this archive", kind: .fault)
        }
        return try FileRegion(path: source)
    }

    private static func copy(
        _ region: FileRegion, expecting expected: SHA256Digest, to file: SharedFile, at place: UInt64,
        _ progress: (UInt64) -> Void
    ) throws -> UInt32 {
        let (digest, checksum) = try BundleReader.digest(of: region) { piece, offset in
            // Pieces of zeros are left as holes: the file is new, and the directory is written behind them.
            if !Self.isZero(piece) { try file.file.write(piece, at: place + offset) }
            progress(UInt64(piece.count))
        }
        guard digest == expected else {
            throw BundleError(
                region.name,
                "its SHA-256 is \(digest) instead of \(expected); it changed since it was locked")
        }
        return checksum
    }

    /// Whether all bytes are zero: the first is, and each equals the one before it.
    private static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress, bytes[0] == 0 else { return false }
        return memcmp(base, base + 1, bytes.count - 1) == 0
    }
}
