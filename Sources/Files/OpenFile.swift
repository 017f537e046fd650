import Glibc

/// An open file, closed when it goes out of scope. `close()` reports what the system says on closing, which
/// for some file systems is the first word of a full disk.
public struct OpenFile: ~Copyable, Sendable {
    private let handle: OwnedDescriptor
    /// For messages only.
    public let path: String

    public var descriptor: Int32 { handle.descriptor }

    init(descriptor: Int32, path: String) {
        handle = OwnedDescriptor(descriptor: descriptor)
        self.path = path
    }

    /// Opens an existing file for reading; symbolic links are followed. Pipes and sockets are refused: they have no
    /// offsets to read at, and opening one would wait for whoever writes.
    public static func read(_ path: String) throws(FileError) -> OpenFile {
        let descriptor = try retrying("open", path) { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        let file = OpenFile(descriptor: descriptor, path: path)
        var value = stat()
        _ = try retrying("examine", path) { fstat(descriptor, &value) }
        guard ![S_IFIFO, S_IFSOCK].contains(value.st_mode & S_IFMT) else {
            throw FileError("read", path, code: ESPIPE)
        }
        return file
    }

    /// Opens what is there already for writing: a device or a pipe, of which there is nothing to be replaced.
    public static func write(into path: String) throws(FileError) -> OpenFile {
        let descriptor = try retrying("open", path) { Glibc.open(path, O_WRONLY | O_CLOEXEC) }
        return OpenFile(descriptor: descriptor, path: path)
    }

    /// Creates a file that must not exist yet.
    public static func create(_ path: String, permissions: UInt32 = 0o644) throws(FileError) -> OpenFile {
        let descriptor = try retrying("create", path) {
            Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(permissions))
        }
        return OpenFile(descriptor: descriptor, path: path)
    }

    public func status() throws(FileError) -> FileStatus {
        var value = stat()
        _ = try retrying("examine", path) { fstat(descriptor, &value) }
        return FileStatus(value)
    }

    /// Bytes read at `offset`, as many as there are up to the buffer's size; fewer only at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(
                descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset) + off_t(done))
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("read", path)
            }
            done += count
        }
        return done
    }

    /// Exactly `count` bytes at `offset`, or fewer at the end of the file.
    public func bytes(at offset: UInt64, count: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileError) {
                filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Appends all bytes at the file's position, however often the system takes only a part.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("write", path)
            }
            done += count
        }
    }

    public func write(_ bytes: [UInt8]) throws(FileError) {
        var failure: FileError?
        bytes.withUnsafeBytes { buffer in
            do throws(FileError) { try write(buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes all bytes at `offset`, whatever the file's position.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("write", path)
            }
            done += count
        }
    }

    public func write(_ bytes: [UInt8], at offset: UInt64) throws(FileError) {
        var failure: FileError?
        bytes.withUnsafeBytes { buffer in
            do throws(FileError) { try write(buffer, at: offset) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Cuts or extends the file, with a hole, to `size` bytes.
    public func setSize(_ size: UInt64) throws(FileError) {
        _ = try retrying("set the size of", path) { ftruncate(descriptor, off_t(size)) }
    }

    /// Sets the modification time, in seconds since 1970 UTC.
    public func setModificationTime(_ seconds: Int64) throws(FileError) {
        let time = timespec(tv_sec: Int(seconds), tv_nsec: 0)
        let pair = [time, time]
        _ = try retrying("set the time of", path) { futimens(descriptor, pair) }
    }

    public func setPermissions(_ permissions: UInt32) throws(FileError) {
        _ = try retrying("set the permissions of", path) { fchmod(descriptor, mode_t(permissions)) }
    }

    /// Waits until the file's bytes are on the disk (fsync(2)).
    public func synchronize() throws(FileError) {
        _ = try retrying("write to disk", path) { fsync(descriptor) }
    }

    public consuming func close() throws(FileError) {
        let path = path
        if Glibc.close(handle.release()) != 0, errno != EINTR { throw FileError("close", path) }
    }
}

/// A descriptor that is closed once, when its owner goes or when it is released.
///
/// Public only because optimised code of other modules that destroys an `OpenFile` names this type.
public struct OwnedDescriptor: ~Copyable, Sendable {
    let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { _ = Glibc.close(descriptor) }

    consuming func release() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}
