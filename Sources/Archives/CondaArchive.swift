import Digests
import Files

/// A conda package as a stream of members: `.conda` (format 2: a ZIP archive of two tar archives, both compressed
/// with zstd; CEP 35) or `.tar.bz2` (format 1), told by its first bytes. The members of both forms are the same:
/// `info/…` and the payload.
///
/// Nothing that was visited is to be trusted before ``read(_:limits:progress:_:)`` has returned and the digest
/// is the expected one. Set-id bits stand in ``TarEntry/permissions`` as the archive has them.
public enum CondaArchive {
    /// Visits the members below `info/` alone. Of a `.conda` that is the whole `info-….tar.zst`; the license files
    /// that lie in the other part are not visited. Of a `.tar.bz2` no more is read than needed: conda's tools put
    /// `info/` first, so that the first other member ends it once `index.json` and a list of files were seen.
    /// - Throws: `TarError`, `ArchiveError`, `FileError`, or what `visit` throws.
    public static func readInfo(
        _ region: FileRegion, limits: TarLimits = TarLimits(),
        _ visit: (TarEntry, TarContent) throws -> Void
    ) throws {
        switch try Form.of(region) {
        case .conda: try CondaZip(region).readInfo(limits: limits, visit)
        case .tarBzip2:
            struct Enough: Error {}
            var members = CondaMembers(archive: region.name)
            do {
                try readTar(region, limits: limits, observing: { _ in }) { entry, content in
                    guard try members.add(entry, in: .whole) else {
                        if members.isPastInfo { throw Enough() }
                        return
                    }
                    try visit(entry, content)
                }
            } catch is Enough {}
        }
    }

    /// Visits every member once, in the archive's order.
    /// - Parameter progress: raw bytes of the archive since the last call.
    /// - Returns: size and SHA-256 of the whole archive.
    /// - Throws: `TarError`, `ArchiveError`, `FileError`, or what `visit` throws.
    public static func read(
        _ region: FileRegion, limits: TarLimits = TarLimits(), progress: (UInt64) -> Void,
        _ visit: (TarEntry, TarContent) throws -> Void
    ) throws -> TarSummary {
        var hasher = SHA256()
        func take(_ bytes: UnsafeRawBufferPointer) {
            guard !bytes.isEmpty else { return }
            hasher.update(bytes)
            progress(UInt64(bytes.count))
        }
        switch try Form.of(region) {
        case .conda: try CondaZip(region).readAll(limits: limits, observing: take, visit)
        case .tarBzip2:
            var members = CondaMembers(archive: region.name)
            try readTar(region, limits: limits, observing: take) { entry, content in
                _ = try members.add(entry, in: .whole)
                try visit(entry, content)
            }
        }
        return TarSummary(size: region.size, sha256: hasher.finalize())
    }

    private static func readTar(
        _ region: FileRegion, limits: TarLimits, observing: (UnsafeRawBufferPointer) -> Void,
        _ visit: (TarEntry, TarContent) throws -> Void
    ) throws {
        try TarReader.visitMembers(
            of: region.file.file, at: region.offset, length: region.size, name: region.name,
            compressions: [.bzip2], limits: limits, observing: observing, visit)
    }

    private enum Form {
        case conda, tarBzip2

        static func of(_ region: FileRegion) throws -> Form {
            guard region.size >= 4 else {
                throw ArchiveError(region.name, "its \(region.size) bytes are too few for a conda package")
            }
            let start = try region.bytes(at: 0, count: 4)
            if start.elementsEqual([0x50, 0x4b, 3, 4]) { return .conda }
            if start.starts(with: Array("BZh".utf8)) { return .tarBzip2 }
            throw ArchiveError(
                region.name, "it begins neither as a ZIP archive (.conda) nor as bzip2 data (.tar.bz2)")
        }
    }
}
