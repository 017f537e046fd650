import Archives
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Testing

/// Every conda package of the public data that lies beside the project: the good ones are read, the others are
/// refused for the right reason.
@Suite(.enabled("the data is not beside the package", { SharedData.directory("packages") != nil }))
struct CondaArchiveDataTests {
    static func paths(_ name: String) -> [String] {
        guard let root = SharedData.directory(name) else { return [] }
        var found: [String] = []
        var waiting = [root]
        while let path = waiting.popLast() {
            guard let stream = opendir(path) else {
                if path.hasSuffix(".conda") || path.hasSuffix(".tar.bz2") { found.append(path) }
                continue
            }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { waiting.append("\(path)/\(name)") }
            }
        }
        return found.sorted()
    }

    /// By path below the data, and a part of the reason.
    static let refused: [String: String] = [
        // Other tools' fixtures that are no bzip2 data at all.
        "conda-build/096466b5/flask-0.11.1-py_0.tar.bz2": "begins neither",
        "conda-build/476bd26c/nano-2.4.1-0.tar.bz2": "begins neither",
        "conda-build/bad_package.tar.bz2": "begins neither",
        "conda-build/fly-2.5.2-0.tar.bz2": "begins neither",
        "conda-build/nano-2.4.1-0.tar.bz2": "begins neither",
        "conda-build/spiffy-test-app-0.5-pyh6afbcc8_0.tar.bz2": "begins neither",
        "conda-build/test_index_of_removed_pkg-1.0-1.tar.bz2": "begins neither",
        "conda-build/another_bad_package.conda": "too few",
        // Made on Windows, where the targets of their links were lost.
        "conda/zlib-1.2.11-h1de35cc_3.conda": "'lib/libz.1.dylib'",
        "conda/zlib-1.2.11-h7b6447c_3.conda": "'lib/libz.so.1'",
        // A package unpacked and zipped again with its directory: conda's own reader does not find its parts.
        "rattler/ca-certificates-2024.7.4-hbcca054_0.conda": "no place in a conda package",
        "rattler/d62180fa/info-only-1.0.0-0.conda": "pkg-….tar.zst",
        "rattler/d91e403b/info-only-1.0.0-0.conda": "pkg-….tar.zst",
        "rattler/info-only-1.0.0-0.conda": "pkg-….tar.zst",
    ]

    /// Archives of other things that bear the extension.
    static let withoutIndex: Set<String> = [
        "conda-build/a.tar.bz2", "conda-build/b.tar.bz2", "conda-build/subfolder.tar.bz2",
        "conda-build/subfolder2.tar.bz2", "conda/dummy-channel.tar.bz2", "cph/pkg_with_unicode.conda",
        "cph/pkg_with_unicode.tar.bz2", "cph/unicode-files.tar.bz2", "mamba/0d152c4e/repodata.tar.bz2",
        "mamba/repodata.tar.bz2",
    ]

    /// Name, SHA-256 and the rest of all members.
    private func members(of path: String) throws -> [String: SHA256Digest] {
        let region = try FileRegion(path: path)
        var digests: [String: SHA256Digest] = [:]
        var seen: UInt64 = 0
        let summary = try CondaArchive.read(region, progress: { seen += $0 }) { entry, content in
            var hasher = SHA256()
            var size: UInt64 = 0
            try content.forEachChunk {
                hasher.update($0)
                size += UInt64($0.count)
            }
            #expect(size == entry.size)
            digests[entry.path.string] = hasher.finalize()
        }
        #expect(seen == region.size && summary.size == region.size)
        var hasher = SHA256()
        try region.forEachPiece { hasher.update($0) }
        #expect(summary.sha256 == hasher.finalize())
        return digests
    }

    @Test func `every sound package is read, and every other refused by name`() throws {
        let paths = Self.paths("packages")
        #expect(paths.count > 500)
        for path in paths {
            let name = path.split(separator: "/packages/", maxSplits: 1).last.map(String.init) ?? path
            let caught = failure {
                let names = try members(of: path).keys
                #expect(names.contains("info/index.json") != Self.withoutIndex.contains(name), "\(name)")
            }
            guard let reason = Self.refused[name] else {
                if let caught { Issue.record("\(name): \(caught)") }
                continue
            }
            #expect(caught?.kind == .damaged && caught?.description.contains(reason) == true, "\(name)")
        }
    }

    @Test func `reading info alone gives what reading everything gives`() throws {
        let paths = Self.paths("channels/forge")
        #expect(paths.count > 90)
        for path in paths {
            let all = try members(of: path)
            var info: [String: SHA256Digest] = [:]
            try CondaArchive.readInfo(try FileRegion(path: path)) { entry, content in
                info[entry.path.string] = SHA256.hash(try content.bytes())
            }
            #expect(info["info/index.json"] != nil && info["info/paths.json"] != nil)
            for (name, digest) in info { #expect(all[name] == digest) }
            // Recipe, tests and licenses may lie behind the payload.
            let missing = Set(all.keys).subtracting(info.keys).filter { $0.hasPrefix("info/") }
            #expect(missing.allSatisfy { $0.split(separator: "/").count > 2 }, "\(path): \(missing)")
        }
    }

    @Test func `tars that lead outside are refused with the member's name`() throws {
        guard let root = SharedData.directory("packages/conda") else { return }
        let expected = [
            "absolute1": "/", "absolute2": "//", "dirsymlink": "", "dirsymlink2a": "", "dirsymlink2b": "",
            "relative0": "..", "relative2": "tmp/../../moo", "symlink": "",
        ]
        let scratch = TemporaryDirectory()
        for (name, part) in expected {
            let tar = try FileRegion(path: "\(root)/\(name).tar")
            let bytes = try tar.bytes(at: 0, count: Int(tar.size))
            let path = try scratch.write("\(name)-1-0.tar.bz2", bzip2(bytes))
            let caught = failure { _ = try members(of: path) }
            #expect(caught?.kind == .damaged, "\(name)")
            #expect(
                caught?.description.contains("the member '\(part)") == true,
                "\(name): \(caught?.description ?? "it was read")")
        }
    }
}
