import Archives
import Bundle
import Digests
import Files

/// Byte code that was compiled while cutting and travels in the bundle: one tar archive, compressed with zstd, for
/// each archive that has Python sources. Its members are the compiled modules by their paths in the prefix.
public enum DerivedBytecode {
    static let directory = "derived/bytecode/"

    /// The bundle's entry with the byte code of an archive.
    public static func path(for archive: Manifest.Archive) -> String {
        directory + (archive.path.split(separator: "/").last.map(String.init) ?? archive.filename)
            + ".tar.zst"
    }

    /// Counts up when the same sources and interpreter may give other bytes.
    public static let version = 1

    /// Writes the compiled modules of one derived entry, which belong beside sources that the same bundle brings.
    ///
    /// - Parameter sources: the paths of all Python sources in the environment.
    static func install(
        _ region: FileRegion, expecting sha256: SHA256Digest, sources: Set<RelativePath>, cacheTag: String,
        tree: TreeWriter, number: Int = 0, placed: [RelativePath: InstalledFile] = [:],
        progress: @escaping (UInt64) -> Void
    ) throws -> [InstalledFile] {
        var files: [InstalledFile] = []
        // Byte code gets smaller by a few times; what gets smaller by more than this was made to fill a disk.
        var limits = TarLimits()
        limits.totalSize = min(limits.totalSize, (1 << 20) + min(region.size, 1 << 40) * 100)
        let summary = try TarReader.read(
            region.file.file, at: region.offset, length: region.size, limits: limits,
            observing: { progress(UInt64($0.count)) }
        ) { entry, content in
            guard case .file = entry.kind, let source = source(of: entry.path, cacheTag: cacheTag),
                sources.contains(source)
            else {
                throw ArchiveError(
                    region.name, member: entry.path.string,
                    "it is no compiled module of a source in this bundle")
            }
            let bytes = try content.bytes()
            if let placed = placed[entry.path] {
                files.append(placed)
                return
            }
            try tree.createFile(
                entry.path, bytes, permissions: 0o644, modificationTime: entry.modificationTime)
            files.append(
                InstalledFile(
                    path: entry.path, content: .bytes(size: entry.size, sha256: SHA256.hash(bytes)),
                    permissions: 0o644, isBytecode: true,
                    origin: .init(archive: number, modificationTime: entry.modificationTime)))
        }
        guard summary.sha256 == sha256 else {
            throw ArchiveError(
                region.name,
                "it is damaged: its SHA-256 should be \(sha256) and is \(summary.sha256); copy the bundle again"
            )
        }
        return files
    }

    /// `a/b.py` of `a/__pycache__/b.cpython-311.pyc`.
    static func source(of path: RelativePath, cacheTag: String) -> RelativePath? {
        let suffix = ".\(cacheTag).pyc"
        guard path.string.hasSuffix(suffix), let parent = path.parent, parent.last == "__pycache__" else {
            return nil
        }
        let name = path.last.dropLast(suffix.count) + ".py"
        return try? parent.parent?.appending(String(name)) ?? RelativePath(String(name))
    }
}
