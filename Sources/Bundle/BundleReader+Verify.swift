import Archives
import Digests
import Failures
import Workers

extension BundleReader {
    /// Reads the whole file and checks every byte: stub and entries by their SHA-256, everything else by
    /// comparison with what the manifest implies. All damaged entries are reported together.
    ///
    /// - Parameter progress: is told the bytes of each piece as it is done, from several threads.
    public func verify(
        jobs: Int = availableProcessors, progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws {
        try verify(otherThan: [], jobs: jobs, progress: progress)
    }

    /// As above, without entries that are read and checked elsewhere.
    public func verify(
        otherThan names: Set<String>, jobs: Int = availableProcessors,
        progress: @escaping @Sendable (UInt64) -> Void = { _ in }
    ) throws {
        let parts = layout.members.filter { !names.contains($0.name) }.sorted { $0.size > $1.size }.map(
            \.name)
        let problems = try parallelMap([""] + parts, jobs: jobs) { name -> BundleError? in
            do {
                try name.isEmpty ? self.verifyStub() : self.verifyEntry(name, progress)
                return nil
            } catch let error as BundleError {
                return error
            }
        }.compactMap { $0 }
        guard problems.isEmpty else { throw FailureList(problems) }
    }

    private func verifyStub() throws {
        let stub = try file.region(offset: 0, size: manifest.stub.size, name: "\(path):stub")
        guard try Self.digest(of: stub, { _, _ in }).0 == manifest.stub.sha256 else {
            throw BundleError(
                path, "its stub (the shell text at its start) is not the one that its manifest names")
        }
    }

    private func verifyEntry(_ name: String, _ progress: @Sendable (UInt64) -> Void) throws {
        let region = try region(of: name)
        let (digest, checksum) = try Self.digest(of: region) { piece, _ in progress(UInt64(piece.count)) }
        if let expected = expectedDigest(of: name) { try check(digest, against: expected, name) }
        guard checksum == layout.member(name)?.crc32 else {
            throw BundleError(path, "the entry '\(name)' has another checksum (CRC-32) than its header says")
        }
    }

    /// SHA-256 and CRC-32 of a region, read once in pieces of 1 MiB.
    /// - Parameter use: gets each piece with its offset in the region.
    static func digest(
        of region: some ByteSource, _ use: (UnsafeRawBufferPointer, UInt64) throws -> Void
    ) throws -> (SHA256Digest, UInt32) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4_096)
        defer { buffer.deallocate() }
        var hasher = SHA256()
        var checksum: UInt32 = 0
        var offset: UInt64 = 0
        while offset < region.size {
            let count = try region.read(into: buffer, at: offset)
            guard count > 0 else { throw BundleError(region.name, "it was cut short while it was read") }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(piece)
            checksum = crc32(piece, seed: checksum)
            try use(piece, offset)
            offset += UInt64(count)
        }
        return (hasher.finalize(), checksum)
    }
}
