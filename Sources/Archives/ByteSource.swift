import Files

/// Bytes that can be read at any offset: a file, a part of one, or something further away.
public protocol ByteSource: Sendable {
    /// For messages.
    var name: String { get }
    /// Bytes.
    var size: UInt64 { get }
    /// Fills the buffer from `offset` on; fewer bytes only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws -> Int
}

extension ByteSource {
    /// Exactly `count` bytes; an error where the source ends before.
    public func bytes(at offset: UInt64, count: Int) throws -> [UInt8] {
        guard offset <= size, UInt64(count) <= size - offset else {
            throw ArchiveError(
                name, "it is cut short: \(count) bytes are missing at offset \(offset) of \(size)")
        }
        var failure: (any Error)?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do { filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset) } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard bytes.count == count else {
            throw ArchiveError(
                name, "it ends at \(offset + UInt64(bytes.count)) although it had \(size) bytes")
        }
        return bytes
    }
}

extension ByteSource {
    /// Hands on all bytes from the first to the last in pieces of up to 1 MiB, valid during the call.
    public func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Int(min(1 << 20, max(size, 1))), alignment: 4_096)
        defer { buffer.deallocate() }
        var offset: UInt64 = 0
        while offset < size {
            let count = try read(into: buffer, at: offset)
            guard count > 0 else {
                throw ArchiveError(name, "it ends at \(offset) although it had \(size) bytes")
            }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += UInt64(count)
        }
    }
}

/// A part of an open file. Several regions share one descriptor, so that all readers see one and the same file
/// whatever happens to its name.
public final class FileRegion: ByteSource {
    public let name: String
    public let offset: UInt64
    public let size: UInt64
    /// The file that it is a part of.
    public let file: SharedFile

    public init(_ file: SharedFile, offset: UInt64, size: UInt64, name: String) {
        self.file = file
        self.offset = offset
        self.size = size
        self.name = name
    }

    /// A whole file.
    public convenience init(_ file: SharedFile, name: String? = nil) throws {
        self.init(file, offset: 0, size: try file.file.status().size, name: name ?? file.file.path)
    }

    /// Opens a whole file by its path.
    public convenience init(path: String, name: String? = nil) throws {
        try self.init(SharedFile(OpenFile.read(path)), name: name)
    }

    public func region(offset: UInt64, size: UInt64, name: String) throws -> FileRegion {
        guard offset <= self.size, size <= self.size - offset else {
            throw ArchiveError(
                self.name,
                "it is cut short: '\(name)' should end at \(offset) + \(size) of \(self.size) bytes")
        }
        return FileRegion(file, offset: self.offset + offset, size: size, name: name)
    }

    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws -> Int {
        guard offset < size else { return 0 }
        let count = Int(min(UInt64(buffer.count), size - offset))
        return try file.file.read(
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: self.offset + offset)
    }
}

/// An open file that several owners read from.
public final class SharedFile: Sendable {
    public let file: OpenFile

    public init(_ file: consuming OpenFile) { self.file = file }
}
