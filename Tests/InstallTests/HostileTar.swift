import Archives
import Digests
import Files
import TestSupport

/// A tar archive in a scratch directory, with the digest that a manifest would name.
struct HostileTar {
    enum Member {
        case file(String, String = "code")
        case link(String, to: String)
        case directory(String)
    }

    let region: FileRegion
    let sha256: SHA256Digest

    init(_ scratch: TemporaryDirectory, _ members: [Member]) throws {
        let file = try scratch.directory().createFile(RelativePath("archive.tar.zst"))
        sha256 = try TarWriter.write(to: file, level: 1) { writer in
            for member in members {
                switch member {
                case .file(let path, let text):
                    try writer.add(
                        file: RelativePath(path), permissions: 0o4755, modificationTime: 1,
                        bytes: Array(text.utf8))
                case .link(let path, let target):
                    try writer.add(
                        TarEntry(
                            path: RelativePath(path), kind: .symbolicLink(target: target), permissions: 0o777,
                            modificationTime: 1))
                case .directory(let path):
                    try writer.add(
                        TarEntry(
                            path: RelativePath(path), kind: .directory, permissions: 0o755,
                            modificationTime: 1))
                }
            }
        }.sha256
        try file.close()
        region = try FileRegion(path: "\(scratch.path)/archive.tar.zst")
    }
}
