import Archives
import Bundle
import Digests
import Files
import Install
import Wheels

/// Reads the texts of licences out of archives.
public enum LicenseTexts {
    /// Bytes: a larger text is refused.
    private static let largest = 16 << 20

    /// Reads all of an archive, so that nothing of it is used that is not upstream's.
    /// - Returns: sorted by path.
    /// - Throws: errors that name the archive, one of them for bytes that are not those of the manifest.
    public static func read(_ archive: Manifest.Archive, in region: FileRegion) throws -> [LicenseText] {
        let texts: [LicenseText]
        switch archive.kind {
        case .wheel: texts = try wheel(archive, region)
        case .conda:
            texts = try tarMembers(archive, LicenseMember.isOfConda) {
                try CondaArchive.read(region, progress: { _ in }, $0)
            }
        case .python:
            texts = try tarMembers(archive, LicenseMember.isOfInterpreter) {
                try TarReader.read(region.file.file, at: region.offset, length: region.size, $0)
            }
        }
        return texts.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private static func check(_ digest: SHA256Digest, of archive: Manifest.Archive) throws {
        guard digest == archive.sha256 else {
            throw ArchiveError(
                archive.filename,
                "it is damaged: its SHA-256 should be \(archive.sha256) and is \(digest); copy it again")
        }
    }

    private static func wheel(_ archive: Manifest.Archive, _ region: FileRegion) throws -> [LicenseText] {
        var hasher = SHA256()
        try region.forEachPiece { hasher.update($0) }
        try check(hasher.finalize(), of: archive)
        let directory = try ZipDirectory.read(from: region)
        let distInfo = try WheelLayout.distInfo(
            of: WheelFilename(archive.filename), paths: directory.entries.map(\.name))
        let workspace = InflateWorkspace()
        func contents(_ entry: ZipEntry) throws -> [UInt8] {
            try directory.contents(of: entry, in: region, workspace: workspace, limit: UInt64(largest))
        }
        let metadata = try self.metadata(ofWheel: region, filename: archive.filename)
        return try directory.entries.filter {
            !$0.name.hasSuffix("/")
                && LicenseMember.isOfWheel($0.name, distInfo: distInfo, named: metadata?.licenseFiles ?? [])
        }.map { LicenseText(path: $0.name, bytes: try contents($0)) }
    }

    /// METADATA of a wheel; nil where it has none.
    public static func metadata(ofWheel region: FileRegion, filename: String) throws -> CoreMetadata? {
        let directory = try ZipDirectory.read(from: region)
        let distInfo = try WheelLayout.distInfo(
            of: WheelFilename(filename), paths: directory.entries.map(\.name))
        return try directory.entry(named: "\(distInfo)/METADATA").map {
            try CoreMetadata(directory.contents(of: $0, in: region, workspace: InflateWorkspace()))
        }
    }

    private static func tarMembers(
        _ archive: Manifest.Archive, _ isWanted: @escaping (String) -> Bool,
        _ read: ((TarEntry, TarContent) throws -> Void) throws -> TarSummary
    ) throws -> [LicenseText] {
        var texts: [String: LicenseText] = [:]
        let summary = try read { entry, content in
            let path = entry.path.string
            guard isWanted(path) else { return }
            switch entry.kind {
            case .file: texts[path] = LicenseText(path: path, bytes: try content.bytes(limit: largest))
            case .hardLink(let target):
                texts[path] = texts[target.string].map { LicenseText(path: path, bytes: $0.bytes) }
            case .symbolicLink, .directory: break
            }
        }
        try check(summary.sha256, of: archive)
        return Array(texts.values)
    }

    /// The texts that lie in an installed environment, compared with what was written there. conda packages
    /// install none: theirs are in the bundle alone.
    /// - Parameter installed: the files of `prefix`.
    public static func read(
        _ archive: Manifest.Archive, in prefix: InstalledPrefix, _ installed: InstalledFiles
    ) throws -> [LicenseText] {
        guard archive.kind != .conda else { return [] }
        let files = try installed.files(of: archive).files
        let distInfo = files.lazy.map(\.path).first { $0.hasSuffix(".dist-info/METADATA") }
            .map { String($0.dropLast("/METADATA".utf8.count)) }
        return try files.compactMap { file in
            guard let digest = file.sha256, isText(file.path, of: archive, distInfo: distInfo) else {
                return nil
            }
            let bytes = try prefix.directory.contents(of: RelativePath(file.path), limit: largest)
            guard SHA256.hash(bytes) == digest else {
                throw ArchiveError(
                    archive.filename, member: file.path,
                    "it was changed after it was installed; `airlift-installer verify-install` tells what else was"
                )
            }
            return LicenseText(path: file.path, bytes: bytes)
        }
    }

    private static func isText(_ path: String, of archive: Manifest.Archive, distInfo: String?) -> Bool {
        guard archive.kind == .wheel else {
            return path.hasPrefix("base/") && LicenseMember.isOfInterpreter(String(path.dropFirst(5)))
        }
        return distInfo.map { LicenseMember.isOfWheel(path, distInfo: $0, named: []) } ?? false
    }
}
