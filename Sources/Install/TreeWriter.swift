import Archives
import CLinux
import Digests
import Files
import Glibc

/// Writes files into a staging directory with few system calls each: directories stay open from one file to
/// the next, and nothing is ever written through a symbolic link or over something that is there.
///
/// One writer serves one thread; several may write into the same staging directory.
final class TreeWriter {
    private let root: Directory
    private var open: [String: Directory] = [:]
    private var order: [String] = []
    /// The directory of the file before: members of an archive mostly come directory by directory.
    private var last: (path: Substring, directory: Directory)?
    private static let limit = 64
    /// Nil writes everything.
    private let selection: TreeSelection?
    /// Takes the bytes of what is not wanted.
    private var nowhere: SharedFile?

    /// - Parameter selection: what is written; of all else the bytes are made and thrown away, for those who want to
    ///   know what would be written.
    init(_ root: Directory, writing selection: TreeSelection? = nil) {
        self.root = root
        self.selection = selection
    }

    private func writes(_ path: RelativePath) -> Bool { selection?.isWanted(path) ?? true }

    private func discard(_ write: (borrowing OpenFile) throws -> Void) throws {
        let file = try nowhere ?? SharedFile(OpenFile.write(into: "/dev/null"))
        nowhere = file
        try write(file.file)
    }

    /// The directory `path`, created with everything above it where it is missing.
    private func directory(_ path: String) throws -> Directory {
        if path.isEmpty { return root }
        if let known = open[path] { return known }
        let slash = path.utf8.lastIndex(of: 0x2f)
        let parent = try directory(slash.map { String(path[..<$0]) } ?? "")
        let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
        let directory = try parent.openOrCreate(name)
        if order.count >= Self.limit {
            for old in order.prefix(Self.limit / 2) { open[old] = nil }
            order.removeFirst(Self.limit / 2)
        }
        open[path] = directory
        order.append(path)
        return directory
    }

    func createDirectory(_ path: RelativePath) throws {
        if writes(path) { _ = try directory(path.string) }
    }

    private func split(_ path: RelativePath) throws -> (Directory, String) {
        let text = path.string
        guard let slash = text.utf8.lastIndex(of: 0x2f) else { return (root, text) }
        let name = String(text[text.utf8.index(after: slash)...])
        if let last, haveSameBytes(last.path.utf8, text.utf8[..<slash]) { return (last.directory, name) }
        let holder = try directory(String(text[..<slash]))
        last = (text[..<slash], holder)
        return (holder, name)
    }

    /// Creates a file; `write` fills it.
    func createFile(
        _ path: RelativePath, permissions: UInt32, modificationTime: Int64?,
        _ write: (borrowing OpenFile) throws -> Void
    ) throws {
        guard writes(path) else { return try discard(write) }
        let (holder, name) = try split(path)
        let file = try claimed(path) { () throws(FileError) in
            try holder.createFile(named: name, permissions: permissions)
        }
        try write(file)
        if let modificationTime { try file.setModificationTime(modificationTime) }
        try file.close()
    }

    func createFile(
        _ path: RelativePath, _ bytes: UnsafeRawBufferPointer, permissions: UInt32,
        modificationTime: Int64? = nil
    ) throws {
        guard writes(path) else { return }
        try createFile(path, permissions: permissions, modificationTime: modificationTime) {
            try $0.write(bytes)
        }
    }

    func createFile(
        _ path: RelativePath, _ bytes: [UInt8], permissions: UInt32, modificationTime: Int64? = nil
    ) throws {
        try bytes.withUnsafeBytes {
            try createFile(path, $0, permissions: permissions, modificationTime: modificationTime)
        }
    }

    func createSymbolicLink(_ path: RelativePath, to target: String) throws {
        guard writes(path) else { return }
        let (holder, name) = try split(path)
        try claimed(path) { () throws(FileError) in
            try holder.createSymbolicLink(named: name, to: target)
        }
    }

    /// Gives a file that this writer, or another of the same tree, has written a second name.
    func createHardLink(_ path: RelativePath, to original: RelativePath) throws {
        selection?.note(path, linkedTo: original)
        guard writes(path) else { return }
        let (source, sourceName) = try split(original)
        let (holder, name) = try split(path)
        try claimed(path) { () throws(FileError) in
            try holder.createHardLink(named: name, to: sourceName, in: source)
        }
    }

    /// As above, for a file of another tree.
    /// - Returns: 0, or the system's reason where it does not give this file a second name here.
    func createHardLink(_ path: RelativePath, to original: borrowing OpenFile) throws -> Int32 {
        let (holder, name) = try split(path)
        let code = holder.createHardLink(named: name, to: original)
        if code == EEXIST {
            try claimed(path) { () throws(FileError) in
                throw FileError("create the hard link", path.string, code: code)
            }
        }
        return code
    }

    /// Takes a file away that this writer has written.
    func remove(_ path: RelativePath) throws {
        let (holder, name) = try split(path)
        try holder.remove(RelativePath(name))
    }

    /// A file that is already there belongs to another archive: the plan would have told, unless names are
    /// folded by the file system.
    private func claimed<Value: ~Copyable>(
        _ path: RelativePath, _ create: () throws(FileError) -> Value
    ) throws -> Value {
        do throws(FileError) { return try create() } catch {
            guard error.code == EEXIST else { throw error }
            throw InstallError(
                .targetInTheWay,
                "two files of the bundle claim the path '\(path)' on this file system; choose a file system that tells upper from lower case"
            )
        }
    }
}
