import Archives
import Bundle
import Digests
import Failures
import Files
import Glibc
import Synchronization

/// A directory that one command makes, and makes again: what it wrote earlier is replaced or removed, and nothing
/// else is touched. A list of all that is written is there before the first file, so that a run that was stopped is
/// made good by the next.
final class ConvergingTree: Sendable {
    static let marker = ".airlift-index.json"

    private struct Marker: Codable {
        let version: Int
        let files: [String]

        enum CodingKeys: String, CodingKey {
            case files
            case version = "airlift_index"
        }
    }

    let directory: Directory
    private let earlier: Set<String>
    private let written = Mutex<Set<String>>([])

    /// Opens the directory, created where it is missing.
    /// - Throws: `BundleError` of kind `targetInTheWay` where something else is in it.
    init(_ path: String) throws {
        directory = try Directory.create(path)
        let names = try directory.names()
        guard names.contains(Self.marker) else {
            guard names.isEmpty else {
                throw BundleError(
                    path,
                    "the directory is not empty, and was not made by `airlift index`; name another, or empty it",
                    kind: .targetInTheWay)
            }
            earlier = []
            return
        }
        let bytes = try directory.contents(of: RelativePath(Self.marker), limit: 256 << 20)
        guard let marker = try? CanonicalJSON.decode(Marker.self, from: bytes), marker.version == 1 else {
            throw BundleError(
                path, "its list of files ('\(Self.marker)') is damaged or of a later version; name another",
                kind: .targetInTheWay)
        }
        earlier = Set(marker.files)
    }

    /// Makes known what is going to be written.
    func begin(_ paths: [String]) throws {
        try mark(earlier.union(paths))
    }

    /// Writes a small file.
    func write(_ bytes: [UInt8], to path: String) throws {
        let place = try prepare(path)
        if let status = try directory.status(of: place), status.kind == .file,
            status.size == UInt64(bytes.count),
            try directory.contents(of: place, limit: bytes.count) == bytes
        {
            return
        }
        try directory.replaceFile(place, with: bytes, durable: false)
    }

    /// Copies an archive, checked while it is copied; one that is there already is checked and kept.
    /// - Returns: its MD5, which older readers of channels ask for.
    func copy(
        _ source: FileRegion, to path: String, expected: SHA256Digest, progress: (UInt64) -> Void
    ) throws -> String {
        let place = try prepare(path)
        var md5 = MD5()
        if let status = try directory.status(of: place), status.kind == .file, status.size == source.size {
            var hasher = SHA256()
            try FileRegion(SharedFile(directory.openFile(place))).forEachPiece { piece in
                hasher.update(piece)
                md5.update(piece)
            }
            if hasher.finalize() == expected {
                progress(source.size)
                return md5.finalizeHex()
            }
            md5 = MD5()
        }
        try directory.copy(source, to: place, expected: expected) { piece in
            md5.update(piece)
            progress(UInt64(piece.count))
        }
        return md5.finalizeHex()
    }

    /// A file that was written, for reading.
    func region(_ path: String) throws -> FileRegion {
        try FileRegion(SharedFile(directory.openFile(RelativePath(path))))
    }

    /// Removes what an earlier run wrote and this one did not, and the directories that are empty then.
    func finish() throws {
        let kept = written.withLock { $0 }
        for path in earlier.subtracting(kept).sorted() {
            guard let place = try? RelativePath(path) else { continue }
            // Foreign things may stand where a directory was: they stay.
            do throws(FileError) { try directory.remove(place) } catch {
                guard error.code == ENOENT || error.code == ENOTDIR || error.code == EISDIR else {
                    throw error
                }
                continue
            }
            var parent = place.parent
            while let current = parent, (try? directory.remove(current, directory: true)) != nil {
                parent = current.parent
            }
        }
        try mark(kept)
    }

    private func prepare(_ path: String) throws -> RelativePath {
        let place = try RelativePath(path)
        _ = written.withLock { $0.insert(path) }
        if let parent = place.parent { _ = try directory.createDirectories(parent) }
        return place
    }

    private func mark(_ files: Set<String>) throws {
        try directory.replaceFile(
            RelativePath(Self.marker), with: CanonicalJSON.encode(Marker(version: 1, files: files.sorted())))
    }
}
