import Digests

/// Walks through a ZIP archive once, from its first byte to its last, giving each member's contents while
/// every byte passes the archive's SHA-256.
///
/// Local headers and data descriptors must agree with the central directory, and the parts must follow each
/// other without gaps. Contents are checked for size and CRC-32 before (whole members) or while (large ones)
/// they are handed on; the caller must throw away what it wrote when a later call throws.
public struct ZipStream {
    public let directory: ZipDirectory
    private let name: String
    private var reader: SequentialReader
    private let workspace: InflateWorkspace
    private var next = 0

    public init(_ source: some ByteSource, directory: ZipDirectory, workspace: InflateWorkspace) {
        self.directory = directory
        self.workspace = workspace
        name = source.name
        reader = SequentialReader(source, workspace: workspace)
    }

    /// Goes through all members in the order in which they lie, then checks what follows them.
    ///
    /// - Parameter member: gets each member and a way to its contents, to be used at most once.
    /// - Returns: the SHA-256 of the whole archive.
    public mutating func run(_ member: (ZipEntry, inout ZipContents) throws -> Void) throws -> SHA256Digest {
        for (index, entry) in directory.entries.enumerated() {
            guard reader.position == entry.offset else {
                throw ArchiveError(
                    name, member: entry.name,
                    reader.position > entry.offset
                        ? "it overlaps the member before it"
                        : "\(entry.offset - reader.position) bytes stand between it and the member before it")
            }
            try readLocalHeader(entry)
            var contents = ZipContents(archive: name, entry: entry, reader: reader, workspace: workspace)
            defer { contents.giveBack() }
            try member(entry, &contents)
            try contents.drain()
            reader = contents.reader
            if contents.isCounted {
                reader.compact()
                workspace.shrinkOutput()
            }
            let end =
                index + 1 < directory.entries.count ? directory.entries[index + 1].offset : directory.offset
            try readDataDescriptor(entry, until: end)
        }
        guard reader.position == directory.offset else {
            throw ArchiveError(name, "bytes stand between its last member and its directory")
        }
        let tail = try reader.take(directory.bytes.count)
        guard directory.bytes.withUnsafeBytes({ $0.elementsEqual(tail) }) else {
            throw ArchiveError(name, "it changed while it was read")
        }
        return try reader.finish()
    }

    private mutating func readLocalHeader(_ entry: ZipEntry) throws {
        // Both parts at once, since the second call may move the bytes of the first.
        let count = ZipLocalHeader.variableSize(try reader.peek(ZipLocalHeader.fixedSize))
        let header = try reader.take(ZipLocalHeader.fixedSize + count)
        try ZipLocalHeader.check(
            UnsafeRawBufferPointer(rebasing: header[..<ZipLocalHeader.fixedSize]),
            UnsafeRawBufferPointer(rebasing: header[ZipLocalHeader.fixedSize...]), entry, archive: name)
    }

    private mutating func readDataDescriptor(_ entry: ZipEntry, until end: UInt64) throws {
        guard entry.hasDataDescriptor else { return }
        let count = end > reader.position ? end - reader.position : 0
        guard ZipLocalHeader.isDescriptorSize(count) else {
            throw ArchiveError(name, member: entry.name, "its data descriptor and the directory disagree")
        }
        try ZipLocalHeader.checkDescriptor(reader.take(Int(count)), entry, archive: name)
    }
}

/// The contents of one member while the archive streams by.
public struct ZipContents {
    private let archive: String
    public let entry: ZipEntry
    fileprivate var reader: SequentialReader
    private let workspace: InflateWorkspace
    private var used = false
    /// Whether it has taken room of the memory budget.
    fileprivate private(set) var isCounted = false

    fileprivate init(archive: String, entry: ZipEntry, reader: SequentialReader, workspace: InflateWorkspace)
    {
        self.archive = archive
        self.entry = entry
        self.reader = reader
        self.workspace = workspace
    }

    /// Whether `whole()` may be called at all.
    public var mayBeWhole: Bool {
        entry.size <= InflateWorkspace.wholeMemberLimit
            && entry.compressedSize <= InflateWorkspace.wholeMemberLimit
    }

    /// Whether `whole()` is the better way: the member is not too large, and there is room for it now. Asked for the
    /// first time, the room is taken.
    public mutating func fitsInMemory() -> Bool {
        guard mayBeWhole else { return false }
        let size = entry.size + entry.compressedSize
        if size <= MemoryBudget.free || isCounted { return true }
        isCounted = MemoryBudget.take(Int(size))
        return isCounted
    }

    fileprivate mutating func giveBack() {
        if isCounted { MemoryBudget.giveBack(Int(entry.size + entry.compressedSize)) }
        isCounted = false
    }

    /// All bytes of the member, checked; valid until the next member.
    public mutating func whole() throws -> UnsafeRawBufferPointer {
        precondition(mayBeWhole && !used, "contents are taken once, and whole only where they fit")
        used = true
        let raw = try reader.take(Int(entry.compressedSize))
        let bytes: UnsafeRawBufferPointer
        switch entry.method {
        case .stored: bytes = raw
        case .deflated:
            guard let inflated = workspace.inflate(raw, size: Int(entry.size)) else {
                throw refuse(
                    "its compressed data is damaged, or does not give the \(entry.size) bytes declared")
            }
            bytes = inflated
        }
        guard crc32(bytes) == entry.crc32 else { throw refuse("its checksum (CRC-32) is wrong") }
        return bytes
    }

    /// Hands on the member's bytes in pieces; size and checksum are checked at the end.
    public mutating func stream(_ consume: (UnsafeRawBufferPointer) throws -> Void) throws {
        precondition(!used, "contents are taken once")
        used = true
        var left = entry.compressedSize
        var size: UInt64 = 0
        var checksum: UInt32 = 0
        func pass(_ bytes: UnsafeRawBufferPointer) throws {
            size += UInt64(bytes.count)
            guard size <= entry.size else { throw refuse("it grows beyond the \(entry.size) bytes declared") }
            checksum = crc32(bytes, seed: checksum)
            try consume(bytes)
        }
        switch entry.method {
        case .stored:
            while left > 0 {
                let piece = try reader.takeSome(left)
                left -= UInt64(piece.count)
                try pass(piece)
            }
        case .deflated:
            var inflater = InflateStream()
            workspace.reserveOutput(1 << 18)
            while left > 0 {
                let piece = try reader.takeSome(left)
                left -= UInt64(piece.count)
                guard try inflater.feed(piece, through: workspace.output, pass) else {
                    throw refuse("its compressed data is damaged")
                }
            }
            guard inflater.ended else { throw refuse("its compressed data is cut short") }
        }
        guard size == entry.size else {
            throw refuse("it has \(size) bytes instead of the \(entry.size) declared")
        }
        guard checksum == entry.crc32 else { throw refuse("its checksum (CRC-32) is wrong") }
    }

    /// Takes what the caller did not ask for, checked all the same.
    fileprivate mutating func drain() throws {
        guard !used else { return }
        if fitsInMemory() { _ = try whole() } else { try stream { _ in } }
    }

    private func refuse(_ reason: String) -> ArchiveError {
        ArchiveError(archive, member: entry.name, reason)
    }
}
