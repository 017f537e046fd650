import Digests
import Files

/// A conda package as a stream of members: `.conda` (a ZIP of two zstd-compressed tar archives) or `.tar.bz2`,
/// told by its first bytes. The members of both forms are the same: `info/…` and the payload.
///
/// Nothing that was visited is to be trusted before ``read(_:progress:_:)`` has returned and the digest is the
/// expected one.
public enum CondaArchive {
    /// Visits the members below `info/` alone. Of a `.tar.bz2` no more is read than needed: conda's tools put
    /// `info/` first, so that the first other member ends it once `index.json` and a list of files were seen.
    /// - Throws: `TarError`, `ArchiveError`, `FileError`, or what `visit` throws.
    public static func readInfo(_ region: FileRegion, _ visit: (TarEntry, TarContent) throws -> Void) throws {
        if try isZip(region) {
            let package = try CondaZip(region)
            try package.readTar(package.info, isInfo: true, observing: nil, visit)
            return
        }
        struct Enough: Error {}
        var seen: Set<String> = []
        do {
            _ = try TarReader.read(region.file.file, at: region.offset, length: region.size) {
                entry, content in
                let path = entry.path.string
                guard path.hasPrefix("info/") else {
                    if entry.kind != .directory, seen.contains("info/index.json"),
                        seen.contains("info/paths.json") || seen.contains("info/files")
                    {
                        throw Enough()
                    }
                    return
                }
                seen.insert(path)
                try visit(entry, content)
            }
        } catch is Enough {}
    }

    /// Visits every member once, in the archive's order.
    /// - Parameter progress: raw bytes of the archive since the last call.
    /// - Returns: size and SHA-256 of the whole archive.
    /// - Throws: `TarError`, `ArchiveError`, `FileError`, or what `visit` throws.
    public static func read(
        _ region: FileRegion, progress: @escaping (UInt64) -> Void,
        _ visit: (TarEntry, TarContent) throws -> Void
    ) throws -> TarSummary {
        guard try isZip(region) else {
            return try TarReader.read(
                region.file.file, at: region.offset, length: region.size,
                observing: { progress(UInt64($0.count)) }, visit)
        }
        return try CondaZip(region).readAll(progress: progress, visit)
    }

    private static func isZip(_ region: FileRegion) throws -> Bool {
        guard region.size >= 4 else { throw ArchiveError(region.name, "it is too short for a conda package") }
        return try region.bytes(at: 0, count: 4).elementsEqual([0x50, 0x4b, 3, 4])
    }
}

/// The outer ZIP archive of a `.conda` package.
struct CondaZip {
    let region: FileRegion
    let directory: ZipDirectory
    let info: ZipEntry
    let payload: ZipEntry

    init(_ region: FileRegion) throws {
        let directory = try ZipDirectory.read(from: region)
        func only(_ prefix: String) throws -> ZipEntry {
            let found = directory.entries.filter {
                $0.name.hasPrefix(prefix) && $0.name.hasSuffix(".tar.zst")
            }
            guard found.count == 1, let entry = found.first else {
                throw ArchiveError(
                    region.name, "it should have one \(prefix)….tar.zst, and has \(found.count)")
            }
            return entry
        }
        let (info, payload) = (try only("info-"), try only("pkg-"))
        guard info.name.dropFirst("info-".count) == payload.name.dropFirst("pkg-".count) else {
            throw ArchiveError(region.name, "'\(info.name)' and '\(payload.name)' are of two packages")
        }
        for entry in directory.entries {
            guard entry.name == info.name || entry.name == payload.name || entry.name == "metadata.json"
            else {
                throw ArchiveError(region.name, member: entry.name, "it has no place in a conda package")
            }
            guard entry.method == .stored, entry.compressedSize == entry.size, !entry.hasDataDescriptor else {
                throw ArchiveError(region.name, member: entry.name, "it should be stored, not compressed")
            }
        }
        self.region = region
        self.directory = directory
        self.info = info
        self.payload = payload
    }

    /// Where the contents of a member begin, its local header compared with the directory.
    private func contentOffset(_ entry: ZipEntry) throws -> UInt64 {
        let fixed = try region.bytes(at: entry.offset, count: 30)
        return try fixed.withUnsafeBytes { header in
            let length = UInt64(header.uint16(26)) + UInt64(header.uint16(28))
            let name = try region.bytes(at: entry.offset + 30, count: Int(header.uint16(26)))
            guard header.uint32(0) == 0x0403_4b50, header.uint16(8) == entry.method.rawValue,
                header.uint16(6) == entry.flags, name == entry.rawName
            else {
                throw ArchiveError(region.name, member: entry.name, "its local header says something else")
            }
            return entry.offset + 30 + length
        }
    }

    func readTar(
        _ entry: ZipEntry, isInfo: Bool, observing: ((UnsafeRawBufferPointer) -> Void)?,
        _ visit: (TarEntry, TarContent) throws -> Void
    ) throws {
        let start = try contentOffset(entry)
        _ = try TarReader.read(
            region.file.file, at: region.offset + start, length: entry.size, observing: observing
        ) { member, content in
            guard (member.path.components[0] == "info") == isInfo else {
                throw ArchiveError(
                    region.name, member: member.path.string,
                    isInfo
                        ? "it lies outside info/ in '\(entry.name)'" : "it lies in info/ in '\(entry.name)'")
            }
            try visit(member, content)
        }
    }

    func readAll(progress: (UInt64) -> Void, _ visit: (TarEntry, TarContent) throws -> Void) throws
        -> TarSummary
    {
        try withoutActuallyEscaping(progress) { progress in
            var hasher = SHA256()
            func take(_ bytes: UnsafeRawBufferPointer) {
                hasher.update(bytes)
                progress(UInt64(bytes.count))
            }
            var position: UInt64 = 0
            for (index, entry) in directory.entries.enumerated() {
                let start = try contentOffset(entry)
                guard entry.offset == position else {
                    throw ArchiveError(region.name, member: entry.name, "other bytes stand before it")
                }
                try region.bytes(at: position, count: Int(start - position)).withUnsafeBytes(take)
                if entry.name == "metadata.json" {
                    guard entry.size <= 1 << 20 else {
                        throw ArchiveError(region.name, member: entry.name, "it is too large")
                    }
                    try region.bytes(at: start, count: Int(entry.size)).withUnsafeBytes(take)
                } else {
                    try readTar(entry, isInfo: entry.name == info.name, observing: take, visit)
                }
                position = start + entry.size
                let next =
                    index + 1 < directory.entries.count
                    ? directory.entries[index + 1].offset : directory.offset
                guard position == next else {
                    throw ArchiveError(region.name, member: entry.name, "other bytes stand behind it")
                }
            }
            let tail = try region.bytes(at: directory.offset, count: Int(region.size - directory.offset))
            guard tail == directory.bytes else {
                throw ArchiveError(region.name, "it changed while it was read")
            }
            tail.withUnsafeBytes(take)
            return TarSummary(size: region.size, sha256: hasher.finalize())
        }
    }
}
