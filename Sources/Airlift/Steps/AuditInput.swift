import Audit
import Bundle
import Digests
import Files
import Glibc
import Install

/// Anything with packages in it that a person may name: a bundle, a manifest, a lock, a spec's directory, an
/// installed prefix.
enum AuditInput {
    static func read(_ path: String) throws -> AuditSubject {
        if let directory = try openDirectory(path) {
            if try InstallRecord.read(directory) != nil {
                return try document("\(path)/\(InstallRecord.manifestPath)")
            }
            if try directory.status(of: RelativePath(Project.lockName)) != nil {
                return try document("\(path)/\(Project.lockName)")
            }
            throw CommandError(
                .usage,
                "'\(path)' is a directory with neither an installed environment nor a lock (\(Project.lockName))"
            )
        }
        let start = try OpenFile.read(path).bytes(at: 0, count: 2)
        if start == Array("#!".utf8) || start == Array("PK".utf8) {
            return AuditSubject(try BundleReader.open(path))
        }
        return try document(path)
    }

    private static func openDirectory(_ path: String) throws -> Directory? {
        do throws(FileError) { return try Directory.open(path) } catch {
            if error.code == ENOTDIR { return nil }
            throw error
        }
    }

    private static func document(_ path: String) throws -> AuditSubject {
        let file = try OpenFile.read(path)
        let size = try file.status().size
        guard size <= 256 << 20 else { throw FileError("read", path, code: EFBIG) }
        return try AuditSubject.read(file.bytes(at: 0, count: Int(size)), file: path)
    }
}
