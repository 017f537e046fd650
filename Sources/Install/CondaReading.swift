import Archives
import Conda
import Digests
import Files

/// The descriptions in a conda package, and the digests by which installing finds that they are still the same.
struct CondaReading {
    let info: CondaPackageInfo
    let entries: [PathsJSON.Entry]
    let digests: [String: SHA256Digest]

    /// - Parameter payload: whether the list of files is made from the payload, because the package's own is wrong.
    static func read(_ region: FileRegion, filename: String, payload: Bool) throws -> CondaReading {
        var files: [String: [UInt8]] = [:]
        var names: [String] = []
        var payloadEntries: [PathsJSON.Entry] = []
        var places: [RelativePath: Int] = [:]
        func visit(_ entry: TarEntry, _ content: TarContent) throws {
            guard isInfo(entry.path) else {
                guard payload else { return }
                places[entry.path] = payloadEntries.count
                payloadEntries.append(
                    try measure(entry, content) { target in places[target].map { payloadEntries[$0] } })
                return
            }
            guard entry.kind != .directory else { return }
            names.append(entry.path.string)
            guard CondaPackageInfo.isWanted(entry.path.string) else { return }
            guard entry.kind == .file else {
                throw ArchiveError(filename, member: entry.path.string, "it should be a file, and is a link")
            }
            files[entry.path.string] = try content.bytes(limit: PathsJSON.largestDocument)
        }
        if payload {
            _ = try CondaArchive.read(region, progress: { _ in }, visit)
        } else {
            try CondaArchive.readInfo(region, visit)
        }
        let info = try CondaPackageInfo(files: files, names: names, filename: filename)
        return CondaReading(
            info: info, entries: try payload ? described(payloadEntries, by: info.paths) : info.paths.entries,
            digests: files.mapValues { SHA256.hash($0) })
    }

    static func isInfo(_ path: RelativePath) -> Bool { path.string.utf8.starts(with: "info/".utf8) }

    private static func measure(
        _ entry: TarEntry, _ content: TarContent, earlier: (RelativePath) -> PathsJSON.Entry?
    ) throws -> PathsJSON.Entry {
        let path = entry.path.string
        switch entry.kind {
        case .file:
            var hasher = SHA256()
            try content.forEachChunk { hasher.update($0) }
            return .init(path: path, sha256: hasher.finalize(), size: entry.size)
        case .hardLink(let target):
            guard let original = earlier(target) else {
                throw ArchiveError(
                    "", member: path, "it is a hard link to '\(target)', which is not installed")
            }
            return .init(path: path, sha256: original.sha256, size: original.size)
        case .symbolicLink: return .init(path: path, kind: .softlink)
        case .directory: return .init(path: path, kind: .directory)
        }
    }

    /// What is in the archive decides; placeholders and copies are as the package's list has them. Directories come
    /// along where it has them too: an archive may name every directory, and conda makes those of the list.
    private static func described(
        _ found: [PathsJSON.Entry], by paths: PathsJSON
    ) throws -> [PathsJSON.Entry] {
        var listed: [RelativePath: PathsJSON.Entry] = [:]
        for entry in paths.entries { listed[try RelativePath(entry.path)] = entry }
        return try found.compactMap { entry in
            let own = listed[try RelativePath(entry.path)]
            if entry.kind == .directory { return own == nil ? nil : entry }
            return PathsJSON.Entry(
                path: entry.path, kind: entry.kind, sha256: entry.sha256, size: entry.size,
                noLink: own?.noLink ?? false, placeholder: entry.kind == .file ? own?.placeholder : nil)
        }
    }
}
