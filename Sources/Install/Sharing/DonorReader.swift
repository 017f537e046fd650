import Digests
import Files

/// Opens files of a donor with few system calls each; one for each thread.
final class DonorReader {
    let donor: Donor
    private var open: [Substring: Directory] = [:]
    private static let limit = 64

    init(_ donor: Donor) { self.donor = donor }

    /// An open file of the donor that is, as far as stat(2) tells, what its record says.
    struct Found: ~Copyable {
        let file: OpenFile
        let status: FileStatus
    }

    /// - Returns: nil for anything else, a symbolic link in its place or above it included, and for what cannot be read.
    func find(_ file: Donor.File) -> Found? {
        guard case .bytes(let size, _) = file.installed.content else { return nil }
        do {
            let found = try directory(of: file.path).openFile(RelativePath(String(file.path.last)))
            let status = try found.status()
            guard status.size == size, status.permissions == file.installed.permissions,
                file.installed.origin?.modificationTime.map({ $0 == status.modificationTime }) ?? true
            else { return nil }
            return Found(file: found, status: status)
        } catch {
            return nil
        }
    }

    private func directory(of path: RelativePath) throws -> Directory {
        guard let slash = path.string.utf8.lastIndex(of: 0x2f) else { return donor.directory }
        let name = path.string[..<slash]
        if let known = open[name] { return known }
        if open.count >= Self.limit { open.removeAll(keepingCapacity: true) }
        let directory = try donor.directory.directory(RelativePath(String(name)))
        open[name] = directory
        return directory
    }
}

extension DonorReader.Found {
    /// Hands on all bytes.
    /// - Returns: false where they cannot be read, or are not as many as they were.
    func read(
        _ buffer: UnsafeMutableRawBufferPointer, _ consume: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        var offset: UInt64 = 0
        while true {
            let count: Int
            do throws(FileError) { count = try file.read(into: buffer, at: offset) } catch { return false }
            if count == 0 { return offset == status.size }
            offset += UInt64(count)
            // It grows meanwhile: no more than it was is handed on.
            guard offset <= status.size else { return false }
            try consume(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    func hash(_ buffer: UnsafeMutableRawBufferPointer) -> SHA256Digest? {
        var hasher = SHA256()
        guard (try? read(buffer) { hasher.update($0) }) ?? false else { return nil }
        return hasher.finalize()
    }

    /// Whether nobody changed it since it was found: its change time is set by the kernel alone.
    var isUnchanged: Bool {
        guard let now = try? file.status() else { return false }
        return now.changeTime == status.changeTime && now.size == status.size
            && now.modificationTime == status.modificationTime
    }
}
