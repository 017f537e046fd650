import Archives
import Digests
import Files

/// Reads files of a prefix one after the other with few system calls: the directory of the file before stays open, and
/// so does one buffer. One reader serves one thread.
final class TreeReader {
    private let root: Directory
    private var last: (path: RelativePath, directory: Directory)?
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 4_096)

    init(_ root: Directory) { self.root = root }

    deinit { buffer.deallocate() }

    /// Hands on all bytes of a file from the first to the last.
    /// - Returns: how many there were.
    @discardableResult
    func read(_ path: RelativePath, _ body: (UnsafeRawBufferPointer) throws -> Void) throws -> UInt64 {
        let file = try open(path)
        var offset: UInt64 = 0
        while true {
            let count = try file.read(into: buffer, at: offset)
            if count > 0 { try body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            offset += UInt64(count)
            if count < buffer.count { return offset }
        }
    }

    func digest(_ path: RelativePath) throws -> SHA256Digest {
        var size: UInt64 = 0
        return try digest(path, size: &size)
    }

    func digest(_ path: RelativePath, size: inout UInt64) throws -> SHA256Digest {
        var hasher = SHA256()
        size = try read(path) { hasher.update($0) }
        return hasher.finalize()
    }

    private func open(_ path: RelativePath) throws -> OpenFile {
        guard let parent = path.parent else { return try root.openFile(path) }
        let name = try RelativePath(path.last)
        if let last, last.path == parent { return try last.directory.openFile(name) }
        let directory = try root.directory(parent)
        last = (parent, directory)
        return try directory.openFile(name)
    }
}
