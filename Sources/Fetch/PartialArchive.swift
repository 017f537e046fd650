import Digests
import Files
import Glibc
import Synchronization

/// An archive on its way into the store: hashed while it is written, visible only after `commit`, gone without
/// it. Its lock tells other processes that its writer lives; the kernel lets go of it however the writer ends.
final class PartialArchive {
    private let store: ArchiveStore
    private let name: RelativePath
    private var file: OpenFile?
    private var hasher = SHA256()
    private(set) var size: UInt64 = 0

    private static let counter = Atomic<UInt64>(0)

    init(in store: ArchiveStore) throws(FileError) {
        self.store = store
        while true {
            let number = Self.counter.add(1, ordering: .relaxed).newValue
            let name = ArchiveStore.name("\(getpid())-\(number).part")
            let file: OpenFile
            do throws(FileError) { file = try store.partial.createFile(name) } catch {
                // A process of another container may have the same number.
                if error.code == EEXIST { continue }
                throw error
            }
            while flock(file.descriptor, LOCK_EX) != 0 && errno == EINTR {}
            // Another process that is cleaning up may have locked and removed it just before.
            guard try file.status().linkCount > 0 else { continue }
            self.name = name
            self.file = consume file
            return
        }
    }

    /// For reading what was written, while this lives and is not committed.
    var path: String { store.path + "/partial/" + name.string }

    deinit { try? store.partial.remove(name) }

    func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        hasher.update(bytes)
        size += UInt64(bytes.count)
        try file?.write(bytes)
    }

    func write(_ bytes: [UInt8]) throws(FileError) {
        hasher.update(bytes)
        size += UInt64(bytes.count)
        try file?.write(bytes)
    }

    /// The digest of all bytes written.
    func digest() -> SHA256Digest {
        var copy = hasher
        return copy.finalize()
    }

    /// Puts the file at the place of its hash, over one that is there.
    /// - Parameter digest: what `digest()` gave; checking it against what was expected is the caller's.
    func commit(as digest: SHA256Digest) throws(FileError) { try commit(at: ArchiveStore.place(of: digest)) }

    func commit(at place: RelativePath) throws(FileError) {
        try file?.setPermissions(0o444)
        if let parent = place.parent { _ = try store.root.createDirectories(parent) }
        try store.root.replace(place, with: ArchiveStore.name("partial/" + name.string))
        if let file = file.take() { try file.close() }
    }
}

extension ArchiveStore {
    /// Removes what no living process is writing.
    func removeAbandoned() throws(FileError) {
        for text in try partial.names() where text.hasSuffix(".part") {
            guard let name = try? RelativePath(text), let file = try? partial.openFile(name) else { continue }
            if flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 { try partial.remove(name) }
        }
    }
}
