import Archives
import Bundle
import Digests
import Files

/// Unpacks the base interpreter into the prefix's private base, comparing each file with the manifest.
struct InterpreterInstaller {
    let region: FileRegion
    /// Of the archive.
    let sha256: SHA256Digest
    /// What the manifest says of its files.
    let expected: [Manifest.File]
    let tree: TreeWriter
    /// The number of the archive in the manifest.
    var number = 0
    /// Files that are there already, taken from another release; what they hold was compared with the manifest.
    var placed: [RelativePath: InstalledFile] = [:]

    /// Where the archive's members lie in the prefix.
    static let base = "base"
    /// The archive's own description, which is no part of the environment.
    static let description = "airlift-interpreter.json"

    func install(progress: @escaping (UInt64) -> Void) throws -> [InstalledFile] {
        let expected = Dictionary(
            try expected.map { (try RelativePath($0.path), $0) }, uniquingKeysWith: { first, _ in first })
        if isPlaced {
            try region.check(sha256, progress)
            return placed.values.sorted { $0.path < $1.path }
        }
        var files: [InstalledFile] = []
        let summary = try TarReader.read(
            region.file.file, at: region.offset, length: region.size,
            observing: { progress(UInt64($0.count)) }
        ) { entry, content in
            if entry.kind == .directory || entry.path.string == Self.description { return }
            let path = try RelativePath("\(Self.base)/\(entry.path)")
            guard let file = expected[path] else {
                throw refuse("the member '\(entry.path)' is not in the manifest")
            }
            files.append(try place(entry, content, path, file))
        }
        guard summary.sha256 == sha256 else {
            throw refuse(
                "it is damaged: its SHA-256 should be \(sha256) and is \(summary.sha256); copy the bundle again"
            )
        }
        let placed = Set(files.map(\.path))
        if let missing = expected.keys.filter({ !placed.contains($0) }).min() {
            throw refuse("'\(missing)' is in the manifest and not in the archive")
        }
        return files
    }

    private func refuse(_ reason: String) -> ArchiveError { ArchiveError(region.name, reason) }

    private func place(
        _ entry: TarEntry, _ content: TarContent, _ path: RelativePath, _ expected: Manifest.File
    ) throws -> InstalledFile {
        if let placed = placed[path] { return placed }
        let permissions = UInt32(expected.mode, radix: 8) ?? 0o644
        switch entry.kind {
        case .file:
            let other = refuse("the contents of '\(entry.path)' are not those that the manifest names")
            guard entry.size == expected.size else { throw other }
            var hasher = SHA256()
            try tree.createFile(path, permissions: permissions, modificationTime: entry.modificationTime) {
                file in
                try content.forEachChunk { piece in
                    hasher.update(piece)
                    try file.write(piece)
                }
            }
            let digest = hasher.finalize()
            guard digest == expected.sha256 else { throw other }
            return InstalledFile(
                path: path, content: .bytes(size: entry.size, sha256: digest), permissions: permissions,
                origin: .init(archive: number, modificationTime: entry.modificationTime))
        case .symbolicLink(let target):
            guard let link = expected.link, target.utf8.elementsEqual(link.utf8) else {
                throw refuse("'\(entry.path)' points elsewhere than the manifest says")
            }
            try tree.createSymbolicLink(path, to: target)
            return InstalledFile(
                path: path, content: .link(target: target), permissions: 0o777,
                origin: .init(archive: number, modificationTime: nil))
        case .hardLink, .directory:
            throw refuse("'\(entry.path)' is a hard link, which an interpreter's archive does not need")
        }
    }
}
