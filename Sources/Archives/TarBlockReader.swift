import Files

/// The blocks of a tar archive, out of the stream of its decompressed bytes.
final class TarBlockReader {
    private let source: TarInflatedSource
    private let archive: String
    private var window = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Bytes handed out so far.
    private(set) var position: UInt64 = 0

    init(_ source: TarInflatedSource, archive: String) {
        self.source = source
        self.archive = archive
    }

    private func fill() throws -> Bool {
        if !window.isEmpty { return true }
        guard let next = source.next() else {
            throw source.failure ?? TarError(archive: archive, reason: .damaged("it cannot be decompressed"))
        }
        window = next
        return !next.isEmpty
    }

    /// Up to `count` bytes, at least one; none at the end.
    func some(_ count: UInt64) throws -> UnsafeRawBufferPointer {
        guard count > 0, try fill() else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let taken = UnsafeRawBufferPointer(rebasing: window.prefix(Int(min(count, UInt64(window.count)))))
        window = UnsafeRawBufferPointer(rebasing: window.dropFirst(taken.count))
        position += UInt64(taken.count)
        return taken
    }

    /// Exactly `count` bytes; nil where the stream ended before the first.
    func bytes(_ count: Int, _ member: String? = nil) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let next = try some(UInt64(count - bytes.count))
            if next.isEmpty {
                if bytes.isEmpty { return nil }
                throw truncated(member)
            }
            bytes.append(contentsOf: next)
        }
        return bytes
    }

    func truncated(_ member: String?) -> TarError {
        TarError(
            archive: archive, member: member,
            reason: .damaged("it ends in the middle, after \(position) bytes"))
    }
}
