import Archives
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Every archive of the collection is unpacked with the installer's own writer, as far as its reader lets it: what
/// lies beside the target stays as it is, and nothing appears there.
@Suite(.enabled("the corpus is not beside the package", { SharedData.directory("corpus") != nil }))
struct HostileArchiveTests {
    /// Bytes that one archive may write.
    static let limit: UInt64 = 16 << 20

    /// Stops what grows beyond the limit.
    struct TooLarge: Error {}

    /// `a/b/target` in a scratch directory, with a sentinel in each directory above it and files there by names
    /// that such archives like to aim at.
    struct Site {
        let scratch = TemporaryDirectory()
        let target: Directory
        let before: [String: FileStatus]

        init() throws {
            for name in ["sentinel", "a/sentinel", "a/b/sentinel", "a/b/evil.txt", "a/b/afile"] {
                try scratch.write(name, "untouched")
            }
            target = try scratch.directory().createDirectories(RelativePath("a/b/target"))
            before = try Self.outside(scratch)
        }

        /// All that is not below the target; of the target's own directory, what does not change with its contents.
        private static func outside(_ scratch: TemporaryDirectory) throws -> [String: FileStatus] {
            var found: [String: FileStatus] = [:]
            try scratch.directory().walk { path, status in
                if status.kind != .directory, !path.string.utf8.starts(with: "a/b/target/".utf8) {
                    found[path.string] = status
                }
            }
            return found
        }

        func check(_ name: String) throws {
            let after = try Self.outside(scratch)
            #expect(after == before, "\(name)")
            for path in after.keys {
                #expect(
                    try scratch.directory().contents(of: RelativePath(path)) == Array("untouched".utf8),
                    "\(name): \(path)")
            }
            // No link leads out of the target, whatever it takes to follow it.
            try target.walk { path, status in
                guard status.kind == .symbolicLink, let real = realpath("\(target.path)/\(path)", nil) else {
                    return
                }
                defer { free(real) }
                let root = scratch.path + "/a/b/target"
                let place = String(cString: real)
                #expect(place == root || place.hasPrefix(root + "/"), "\(name): \(path) leads to \(place)")
            }
        }
    }

    private func archives(_ format: String) throws -> [(name: String, path: String)] {
        let corpus = try #require(SharedData.directory("corpus"))
        let file = try OpenFile.read(corpus + "/CATALOG.tsv")
        let text = String(
            decoding: try file.bytes(at: 0, count: Int(file.status().size)), as: UTF8.self)
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            return fields[3] == format ? (String(fields[0]), "\(corpus)/\(fields[0])") : nil
        }
    }

    @Test func `a writer that follows names out of its target is noticed`() throws {
        let site = try Site()
        try site.scratch.write("a/b/evil.txt", "touched")
        withKnownIssue { try site.check("replaced") }
        let other = try Site()
        try other.target.createSymbolicLink(RelativePath("link"), to: "../sentinel")
        withKnownIssue { try other.check("link") }
        try Site().check("untouched")
    }

    /// What was refused by the reader or by the writer; anything else is a fault of the test.
    private func refusing(_ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            return false
        } catch is ArchiveError { return true } catch is TarError { return true } catch is PathError {
            return true
        } catch is InstallError { return true } catch is FileError { return true } catch is TooLarge {
            return true
        }
    }

    @Test func `no tar archive touches anything outside its target`() throws {
        var refused = 0
        let all = try archives("tar")
        #expect(all.count > 140)
        for (name, path) in all {
            let site = try Site()
            let tree = TreeWriter(site.target)
            var limits = TarLimits()
            limits.totalSize = Self.limit
            if try refusing({
                _ = try TarReader.read(OpenFile.read(path), limits: limits) { entry, content in
                    switch entry.kind {
                    case .file:
                        try tree.createFile(
                            entry.path, permissions: entry.permissions & 0o777 | 0o600,
                            modificationTime: entry.modificationTime
                        ) { file in try content.forEachChunk { try file.write($0) } }
                    case .directory: try tree.createDirectory(entry.path)
                    case .symbolicLink(let target): try tree.createSymbolicLink(entry.path, to: target)
                    case .hardLink: break
                    }
                }
            }) {
                refused += 1
            }
            try site.check(name)
        }
        #expect(refused > 100 && refused < all.count)
    }

    @Test func `no zip archive touches anything outside its target`() throws {
        var refused = 0
        let all = try archives("zip")
        #expect(all.count > 190)
        for (name, path) in all {
            let site = try Site()
            let tree = TreeWriter(site.target)
            if try refusing({
                let region = try FileRegion(path: path)
                var stream = ZipStream(
                    region, directory: try ZipDirectory.read(from: region), workspace: InflateWorkspace())
                var written: UInt64 = 0
                _ = try stream.run { entry, contents in
                    if entry.isDirectory { return }
                    try tree.createFile(
                        RelativePath(entry.name), permissions: 0o644, modificationTime: entry.modificationTime
                    ) { file in
                        try contents.stream { piece in
                            written += UInt64(piece.count)
                            guard written <= Self.limit else { throw TooLarge() }
                            try file.write(piece)
                        }
                    }
                }
            }) {
                refused += 1
            }
            try site.check(name)
        }
        #expect(refused > 100 && refused < all.count)
    }
}
