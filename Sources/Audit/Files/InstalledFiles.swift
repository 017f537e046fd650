import Archives
import Bundle
import Digests
import Files
import Install
import Wheels

/// The files of an installed environment by the archives that they came from, as its record has them: what was
/// written, not what lies there now. The lists of the packages themselves are believed only while they are as they
/// were written.
public struct InstalledFiles: Sendable {
    private let prefix: InstalledPrefix
    private let byPath: [RelativePath: InstalledFile]
    /// Of wheels: RECORD by the normalised name of the project.
    private let records: [String: RelativePath]

    public init(_ prefix: InstalledPrefix) throws {
        self.prefix = prefix
        let files = try prefix.record.fileList(prefix.directory).files
        byPath = Dictionary(files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let site = prefix.manifest.python.sitePackages.utf8.split(separator: 0x2f).count
        var records: [String: RelativePath] = [:]
        for file in files where file.path.string.hasSuffix(".dist-info/RECORD") {
            let parts = file.path.components
            guard parts.count == site + 2, let dash = parts[site].firstIndex(of: "-"),
                let name = try? ProjectName(parts[site][..<dash])
            else { continue }
            records[name.normalized] = file.path
        }
        self.records = records
    }

    /// - Throws: where a list of files is missing, was changed or is malformed.
    public func files(of archive: Manifest.Archive) throws -> PackageFiles {
        switch archive.kind {
        case .python: try interpreter(archive)
        case .conda: try conda(archive)
        case .wheel: try wheel(archive)
        }
    }

    /// The application's own files. They may be changed where they are state; what a changed one needs is not told.
    public func application() throws -> PackageFiles {
        var collected = PackageFiles.Collected(prefix.manifest.python)
        for file in prefix.manifest.files where file.source.hasPrefix("archives/files/") {
            try add(RelativePath(file.path), to: &collected)
        }
        return collected.result
    }

    private func interpreter(_ archive: Manifest.Archive) throws -> PackageFiles {
        var collected = PackageFiles.Collected(prefix.manifest.python)
        for file in prefix.manifest.files where file.source == archive.path {
            try add(RelativePath(file.path), to: &collected)
        }
        return collected.result
    }

    private func conda(_ archive: Manifest.Archive) throws -> PackageFiles {
        struct Record: Decodable {
            struct Paths: Decodable { let paths: [Path] }
            struct Path: Decodable {
                let path: String
                let type: String
                let sha256: String?
                let size: UInt64?
                let placeholder: String?

                enum CodingKeys: String, CodingKey {
                    case path = "_path"
                    case type = "path_type"
                    case size = "size_in_bytes"
                    case placeholder = "prefix_placeholder"
                    case sha256
                }
            }
            let paths: Paths
            enum CodingKeys: String, CodingKey { case paths = "paths_data" }
        }
        let path = try RelativePath(
            "conda-meta/\(archive.name)-\(archive.version)-\(archive.build ?? "").json")
        let record: Record
        do { record = try CanonicalJSON.decode(Record.self, from: trusted(path, of: archive)) } catch let
            error as DecodingError
        {
            throw damaged("'\(path)' is malformed: \(error.reason)")
        }
        var collected = PackageFiles.Collected(prefix.manifest.python)
        for entry in record.paths.paths {
            switch entry.type {
            case "pyc_file": continue
            case "unix_python_entry_point":
                collected.add(entryPoints: [String(entry.path.split(separator: "/").last ?? "")])
            default:
                // The digest in the archive, where the prefix was written into the file.
                let original = entry.placeholder == nil ? nil : entry.sha256.flatMap(SHA256Digest.init(hex:))
                try add(RelativePath(entry.path), to: &collected, original: original, size: entry.size)
            }
        }
        return collected.result
    }

    /// The paths in RECORD are relative to the directory of the `.dist-info` (PEP 376).
    private func wheel(_ archive: Manifest.Archive) throws -> PackageFiles {
        let name = try ProjectName(archive.name)
        guard let record = records[name.normalized], let info = record.parent else {
            throw damaged("there is no RECORD of '\(archive.name)'")
        }
        let own = Set(["RECORD", "INSTALLER", "REQUESTED", "direct_url.json"].map { "\(info)/\($0)" })
        var collected = PackageFiles.Collected(prefix.manifest.python)
        var launchers: Set<String> = []
        let entryPoints = try info.appending("entry_points.txt")
        if byPath[entryPoints] != nil {
            let scripts = try EntryPoints(trusted(entryPoints, of: archive)).commands(
                of: name, minorVersion: prefix.manifest.python.minorVersion)
            collected.add(entryPoints: scripts.map { "\($0.name) = \($0.module):\($0.attribute)" })
            launchers = Set(scripts.map { "bin/\($0.name)" })
        }
        for row in try RecordFile(trusted(record, of: archive)).rows {
            let path = try resolved(row.path, in: info)
            if own.contains(path.string) || launchers.contains(path.string) { continue }
            try add(path, to: &collected)
        }
        return collected.result
    }

    private func resolved(_ text: String, in info: RelativePath) throws -> RelativePath {
        var parts = Array(info.components.dropLast())
        for part in text.utf8.split(separator: 0x2f).map({ Substring($0) }) {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
        return try RelativePath(parts.joined(separator: "/"))
    }

    private func add(
        _ path: RelativePath, to collected: inout PackageFiles.Collected, original: SHA256Digest? = nil,
        size: UInt64? = nil
    ) throws {
        guard let file = byPath[path] else {
            throw damaged("'\(path)' is in the list of a package and not in the environment's own")
        }
        switch file.content {
        case .directory: return
        case .link(let target): collected.add(link: target, at: path.string)
        case .bytes(let written, let digest):
            guard !file.isBytecode else { return }
            collected.add(
                PackageFiles.File(
                    path: path.string, mode: PackageFiles.octal(file.permissions),
                    size: original == nil ? written : size, sha256: original ?? digest,
                    rewritten: original == nil ? nil : true), try library(path, digest))
        }
    }

    /// What a library on disk needs; one that is no longer as it was written tells nothing.
    private func library(_ path: RelativePath, _ digest: SHA256Digest) throws -> NativeLibrary? {
        guard try prefix.directory.status(of: path)?.kind == .file else { return nil }
        let file = SharedFile(try prefix.directory.openFile(path))
        guard try file.file.bytes(at: 0, count: 4) == FileProbe.magic else { return nil }
        var probe = FileProbe(path.string)
        try FileRegion(file).forEachPiece { try probe.update($0) }
        let (actual, library) = probe.finish()
        guard actual == digest else {
            return NativeLibrary(
                path: path.string, machine: "", fault: "it was changed since it was installed")
        }
        return library
    }

    /// A small file that must be as it was written.
    private func trusted(_ path: RelativePath, of archive: Manifest.Archive) throws -> [UInt8] {
        guard case .bytes(_, let digest)? = byPath[path]?.content else {
            throw damaged("'\(path)' of '\(archive.name)' is not there")
        }
        let bytes = try prefix.directory.contents(of: path, limit: 256 << 20)
        guard SHA256.hash(bytes) == digest else {
            throw damaged("'\(path)' was changed since it was installed")
        }
        return bytes
    }

    private func damaged(_ reason: String) -> InstallError {
        InstallError(
            .damaged,
            "the files of the environment in '\(prefix.directory.path)' cannot be told apart: \(reason); see verify-install"
        )
    }
}
