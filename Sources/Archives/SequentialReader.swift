import Digests

/// Reads a source once from start to end and hashes every byte on its way, so that what is used and what is
/// hashed are the same bytes even where the file changes meanwhile.
struct SequentialReader {
    private let source: any ByteSource
    private let workspace: InflateWorkspace
    private var start = 0
    private var end = 0
    private var loaded: UInt64 = 0
    private var hasher = SHA256()
    private static let chunk = 1 << 20

    /// The workspace's input buffer is used, and replaced by a larger one where a member needs it.
    init(_ source: any ByteSource, workspace: InflateWorkspace) {
        self.source = source
        self.workspace = workspace
    }

    /// The offset of the next byte to be taken.
    var position: UInt64 { loaded - UInt64(end - start) }

    /// Makes `count` bytes available at once; they stay valid until the next call.
    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        if end - start < count { try fill(count) }
        defer { start += count }
        return UnsafeRawBufferPointer(rebasing: workspace.input[start..<start + count])
    }

    /// What `take` will give, valid until the next call.
    mutating func peek(_ count: Int) throws -> UnsafeRawBufferPointer {
        if end - start < count { try fill(count) }
        return UnsafeRawBufferPointer(rebasing: workspace.input[start..<start + count])
    }

    /// Between 1 and `limit` bytes, whatever is cheapest.
    mutating func takeSome(_ limit: UInt64) throws -> UnsafeRawBufferPointer {
        if end == start { try fill(1) }
        return try take(Int(min(limit, UInt64(end - start))))
    }

    private mutating func fill(_ count: Int) throws {
        if start > 0 {
            let base = workspace.input.baseAddress!
            base.copyMemory(from: base + start, byteCount: end - start)
            end -= start
            start = 0
        }
        if count > workspace.input.count { workspace.growInput(to: count, keeping: end) }
        let buffer = workspace.input
        while end < count {
            let space = UnsafeMutableRawBufferPointer(rebasing: buffer[end...])
            let wanted = max(min(space.count, Self.chunk), count - end)
            let got = try source.read(
                into: UnsafeMutableRawBufferPointer(rebasing: space[..<wanted]), at: loaded)
            guard got > 0 else {
                throw ArchiveError(source.name, "it ends at byte \(loaded), \(count - end) bytes too early")
            }
            hasher.update(UnsafeRawBufferPointer(rebasing: space[..<got]))
            end += got
            loaded += UInt64(got)
        }
    }

    /// Lets go of a buffer that a large member needed.
    mutating func compact() {
        guard workspace.input.count > InflateWorkspace.keptSize, end - start <= InflateWorkspace.keptSize
        else { return }
        workspace.shrinkInput(keeping: start..<end)
        end -= start
        start = 0
    }

    /// Digest of all bytes, once every one has been taken.
    mutating func finish() throws -> SHA256Digest {
        guard position == source.size else {
            throw ArchiveError(source.name, "\(source.size - position) bytes follow its end")
        }
        return hasher.finalize()
    }
}
