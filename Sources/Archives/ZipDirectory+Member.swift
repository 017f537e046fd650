extension ZipDirectory {
    /// The entry with exactly these bytes for a name: two Unicode forms of one text are two names.
    public func entry(named name: String) -> ZipEntry? {
        entries.first { $0.rawName.elementsEqual(name.utf8) }
    }

    /// One small member read on its own, as planning needs it; the whole archive is judged when it is streamed.
    /// - Parameter limit: bytes; a larger member is refused.
    public func contents(
        of entry: ZipEntry, in source: some ByteSource, workspace: InflateWorkspace, limit: UInt64 = 64 << 20
    ) throws -> [UInt8] {
        func refuse(_ reason: String) -> ArchiveError {
            ArchiveError(source.name, member: entry.name, reason)
        }
        guard entry.size <= limit, entry.compressedSize <= limit else {
            throw refuse("it is larger than \(limit) bytes")
        }
        let header = try source.bytes(at: entry.offset, count: 30)
        let lengths = header.withUnsafeBytes { ($0.uint32(0), $0.uint16(26), $0.uint16(28)) }
        guard lengths.0 == 0x0403_4b50 else { throw refuse("its local header is missing") }
        let raw = try source.bytes(
            at: entry.offset + 30 + UInt64(lengths.1) + UInt64(lengths.2), count: Int(entry.compressedSize))
        let bytes: [UInt8]? = raw.withUnsafeBytes { raw in
            switch entry.method {
            case .stored: Array(raw)
            case .deflated: workspace.inflate(raw, size: Int(entry.size)).map { Array($0) }
            }
        }
        guard let bytes else { throw refuse("its compressed data is damaged") }
        guard bytes.withUnsafeBytes({ crc32($0) }) == entry.crc32 else {
            throw refuse("its checksum (CRC-32) is wrong")
        }
        return bytes
    }
}
