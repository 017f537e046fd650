import Bundle
import Conda
import Digests
import Files
import Wheels

/// An environment on disk as its record tells of it. What lies there now, `PrefixVerification` compares.
public struct InstalledPrefix: Sendable {
    public let directory: Directory
    public let record: InstallRecord
    /// Of the bundle that it came from, compared with the record's digest of it.
    public let manifest: Manifest

    /// The environment in a directory; nil where it has no record.
    /// - Throws: where the record or the manifest beside it is damaged.
    public static func open(_ directory: Directory) throws -> InstalledPrefix? {
        guard let record = try InstallRecord.read(directory) else { return nil }
        return InstalledPrefix(
            directory: directory, record: record, manifest: try record.manifest(directory))
    }

    /// The files of one archive as they were written, byte code compiled here and launchers with them, sorted.
    /// Which ones they are is told by `conda-meta`, RECORD or, of the interpreter, the manifest.
    public func files(of archive: Manifest.Archive) throws -> [InstalledFile] {
        let files = try record.fileList(directory).files
        let own = Set(
            try {
                switch archive.kind {
                case .python: manifest.files.filter { $0.source == archive.path }.map(\.path)
                case .conda: try condaPaths(archive)
                case .wheel: try wheelPaths(archive, files)
                }
            }().map { Array($0.utf8) })
        return files.filter { own.contains(Array($0.path.string.utf8)) }
    }

    private func condaPaths(_ archive: Manifest.Archive) throws -> [String] {
        struct Record: Decodable { let files: [String] }
        let distribution = "\(archive.name)-\(archive.version)-\(archive.build ?? "")"
        let path = try RelativePath("conda-meta/\(distribution).json")
        do {
            return try CanonicalJSON.decode(Record.self, from: directory.contents(of: path, limit: 256 << 20))
                .files + [path.string]
        } catch let error as DecodingError {
            throw InstallError(.damaged, "'\(directory.path)/\(path)' is malformed: \(error.reason)")
        }
    }

    /// The paths in RECORD are relative to the directory of the `.dist-info` (PEP 376).
    private func wheelPaths(_ archive: Manifest.Archive, _ files: [InstalledFile]) throws -> [String] {
        let name = try? ProjectName(archive.name)
        let records = files.map(\.path.string).filter { path in
            guard path.hasSuffix(".dist-info/RECORD") else { return false }
            let stem = path.dropLast(".dist-info/RECORD".count)
            let last = stem.lastIndex(of: "/").map { stem[stem.index(after: $0)...] } ?? stem
            return name != nil && last.firstIndex(of: "-").map { try? ProjectName(last[..<$0]) } == name
        }
        guard let record = records.first else {
            throw InstallError(
                .damaged, "'\(directory.path)' has no RECORD of '\(archive.name)'; it is not installed there")
        }
        let site = record.utf8.split(separator: 0x2f).dropLast(2).map { Substring($0) }
        return try RecordFile(directory.contents(of: RelativePath(record))).rows.map { row in
            var parts = site
            for part in row.path.utf8.split(separator: 0x2f).map({ Substring($0) }) {
                if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
            }
            return parts.joined(separator: "/")
        }
    }
}
