import Digests
import Files

/// The outer ZIP archive of a `.conda` package: `metadata.json`, `pkg-<name>.tar.zst` and `info-<name>.tar.zst`,
/// stored, in any order, nothing else.
struct CondaZip {
    private let region: FileRegion
    private let directory: ZipDirectory
    private let info: ZipEntry
    private let payload: ZipEntry
    private static let metadata = "metadata.json"
    /// Bytes; what is written there takes 30.
    private static let metadataLimit: UInt64 = 64 << 10

    init(_ region: FileRegion) throws {
        let directory = try ZipDirectory.read(from: region)
        func only(_ prefix: String) throws -> ZipEntry {
            let found = directory.entries.filter {
                $0.name.utf8.starts(with: prefix.utf8) && $0.name.hasSuffix(".tar.zst")
            }
            guard found.count == 1, let entry = found.first else {
                throw ArchiveError(
                    region.name, "it should have one member \(prefix)….tar.zst, and has \(found.count)")
            }
            return entry
        }
        for entry in directory.entries {
            guard
                entry.name == Self.metadata
                    || ["info-", "pkg-"].contains(where: { entry.name.hasPrefix($0) })
                        && entry.name.hasSuffix(".tar.zst") && !entry.name.utf8.contains(0x2f)
            else { throw ArchiveError(region.name, member: entry.name, "it has no place in a conda package") }
            guard entry.method == .stored else {
                throw ArchiveError(region.name, member: entry.name, "it should be stored, not compressed")
            }
            guard entry.isRegularFile else {
                throw ArchiveError(region.name, member: entry.name, "it should be a file")
            }
        }
        info = try only("info-")
        payload = try only("pkg-")
        guard info.rawName.dropFirst("info-".utf8.count) == payload.rawName.dropFirst("pkg-".utf8.count)
        else {
            throw ArchiveError(region.name, "'\(info.name)' and '\(payload.name)' are of two packages")
        }
        self.region = region
        self.directory = directory
    }

    func readInfo(limits: TarLimits, _ visit: (TarEntry, TarContent) throws -> Void) throws {
        var members = CondaMembers(archive: region.name)
        let header = try localHeader(info)
        try readTar(
            info, at: info.offset + UInt64(header.count), limits: limits, observing: { _ in }, &members, visit
        )
    }

    /// Every byte of the archive passes `observing` once, in order.
    func readAll(
        limits: TarLimits, observing: (UnsafeRawBufferPointer) -> Void,
        _ visit: (TarEntry, TarContent) throws -> Void
    ) throws {
        var members = CondaMembers(archive: region.name)
        var position: UInt64 = 0
        func take(_ bytes: [UInt8]) {
            bytes.withUnsafeBytes(observing)
            position += UInt64(bytes.count)
        }
        for (index, entry) in directory.entries.enumerated() {
            guard entry.offset == position else {
                throw ArchiveError(region.name, member: entry.name, "other bytes stand before it")
            }
            take(try localHeader(entry))
            if entry.name == Self.metadata {
                take(try readMetadata(entry, at: position))
            } else {
                try readTar(entry, at: position, limits: limits, observing: observing, &members, visit)
                position += entry.size
            }
            let next =
                index + 1 < directory.entries.count ? directory.entries[index + 1].offset : directory.offset
            if entry.hasDataDescriptor {
                let count = next > position ? next - position : 0
                guard ZipLocalHeader.isDescriptorSize(count) else {
                    throw ArchiveError(
                        region.name, member: entry.name, "its data descriptor and the directory disagree")
                }
                let descriptor = try region.bytes(at: position, count: Int(count))
                try descriptor.withUnsafeBytes {
                    try ZipLocalHeader.checkDescriptor($0, entry, archive: region.name)
                }
                take(descriptor)
            }
        }
        guard position == directory.offset else {
            throw ArchiveError(region.name, "bytes stand between its last member and its directory")
        }
        let tail = try region.bytes(at: position, count: directory.bytes.count)
        guard tail == directory.bytes else {
            throw ArchiveError(region.name, "it changed while it was read")
        }
        take(tail)
    }

    /// The local header of a member, compared with the directory.
    private func localHeader(_ entry: ZipEntry) throws -> [UInt8] {
        let fixed = try region.bytes(at: entry.offset, count: ZipLocalHeader.fixedSize)
        let count = fixed.withUnsafeBytes(ZipLocalHeader.variableSize)
        let rest = try region.bytes(at: entry.offset + UInt64(fixed.count), count: count)
        try fixed.withUnsafeBytes { fixed in
            try rest.withUnsafeBytes { try ZipLocalHeader.check(fixed, $0, entry, archive: region.name) }
        }
        return fixed + rest
    }

    private func readMetadata(_ entry: ZipEntry, at offset: UInt64) throws -> [UInt8] {
        struct Metadata: Decodable {
            var version: Int
            enum CodingKeys: String, CodingKey { case version = "conda_pkg_format_version" }
        }
        func refuse(_ reason: String) -> ArchiveError {
            ArchiveError(region.name, member: entry.name, reason)
        }
        guard entry.size <= Self.metadataLimit else {
            throw refuse("its \(entry.size) bytes are more than \(Self.metadataLimit)")
        }
        let bytes = try region.bytes(at: offset, count: Int(entry.size))
        guard bytes.withUnsafeBytes({ crc32($0) }) == entry.crc32 else {
            throw refuse("its checksum (CRC-32) is wrong")
        }
        // A builder of 2019 left it empty; conda's own readers do not look at it.
        if bytes.isEmpty { return bytes }
        guard let metadata = try? CanonicalJSON.decode(Metadata.self, from: bytes) else {
            throw refuse("it should state conda_pkg_format_version")
        }
        guard metadata.version == 2 else {
            throw refuse("the package is of format \(metadata.version); format 2 is read")
        }
        return bytes
    }

    private func readTar(
        _ entry: ZipEntry, at offset: UInt64, limits: TarLimits,
        observing: (UnsafeRawBufferPointer) -> Void, _ members: inout CondaMembers,
        _ visit: (TarEntry, TarContent) throws -> Void
    ) throws {
        let part: CondaMembers.Part = entry == info ? .info : .payload
        var checksum: UInt32 = 0
        try TarReader.visitMembers(
            of: region.file.file, at: region.offset + offset, length: entry.size,
            name: "\(region.name)/\(entry.name)", compressions: [.zstandard], limits: limits,
            observing: {
                checksum = crc32($0, seed: checksum)
                observing($0)
            }
        ) { member, content in
            _ = try members.add(member, in: part)
            try visit(member, content)
        }
        guard checksum == entry.crc32 else {
            throw ArchiveError(region.name, member: entry.name, "its checksum (CRC-32) is wrong")
        }
    }
}
