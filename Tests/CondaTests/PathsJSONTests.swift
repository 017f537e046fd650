import Conda
import Digests
import Failures
import TestSupport
import Testing

@Suite("info/paths.json") struct PathsJSONTests {
    private static let digest = String(repeating: "ab", count: 32)

    private func read(_ entries: String, version: String = #""paths_version": 1"#) throws -> PathsJSON {
        try PathsJSON(json: Array("{\(version), \"paths\": [\(entries)]}".utf8))
    }

    @Test("says kind, digest, size, placeholder and whether a file may be shared")
    func everything() throws {
        let paths = try read(
            """
            {"_path": "bin/tool", "path_type": "hardlink", "sha256": "\(Self.digest)", "size_in_bytes": 12,
             "file_mode": "binary", "prefix_placeholder": "/opt/old", "no_link": true, "inode_paths": ["bin/tool"]},
            {"_path": "lib/liba.so", "path_type": "softlink", "sha256": null, "size_in_bytes": 0},
            {"_path": "var/empty", "path_type": "directory", "new_key": [1, {"x": "]"}]},
            {"_path": "share/sm\\u00f6rg\\u00e5s", "prefix_placeholder": "/opt/old"}
            """)
        #expect(paths.source == .paths)
        #expect(
            paths.entries == [
                .init(
                    path: "bin/tool", sha256: SHA256Digest(hex: Self.digest), size: 12, noLink: true,
                    placeholder: .init("/opt/old", .binary)),
                .init(path: "lib/liba.so", kind: .softlink, size: 0),
                .init(path: "var/empty", kind: .directory),
                // CEP 34: a file of text, where neither is stated.
                .init(path: "share/smörgås", placeholder: .init("/opt/old", .text)),
            ])
    }

    @Test("may be empty")
    func empty() throws { #expect(try read("").entries.isEmpty) }

    @Test(
        "is refused for a path that leaves the prefix",
        arguments: [
            "/etc/passwd", "../up", "a/../../up", "a//b", "a/", ".", "./a", "C:/x", #"a\\b"#, "",
            #"a\u0000b"#,
            #"a\nb"#, "conda-meta/history", "conda-meta/state", "conda-meta/other-1-0.json",
            String(repeating: "x", count: 256), String(repeating: "x/", count: 2_100) + "x",
        ])
    func refusedPath(_ path: String) throws {
        let refusal = failure { _ = try read(#"{"_path": "\#(path)", "path_type": "hardlink"}"#) }
        #expect(refusal?.description.contains("not allowed") == true)
        #expect(refusal?.kind == .damaged)
    }

    @Test(
        "keeps a path that only looks like one",
        arguments: [
            "a..b", "..a", "a/.b", "etc/passwd", "ab:c", "conda-meta/pinned", "share/conda-meta/history",
            " leading", "-rf", String(repeating: "x", count: 255),
        ])
    func keptPath(_ path: String) throws {
        #expect(try read(#"{"_path": "\#(path)", "path_type": "hardlink"}"#).entries.map(\.path) == [path])
    }

    @Test("names every fault, not only the first")
    func allFaults() throws {
        let refusal = failure {
            _ = try read(
                """
                {"_path": "a"}, {"_path": "a"}, {"_path": "b", "sha256": "abc"}, {"_path": "../c"}, {}, 7,
                {"_path": "d", "size_in_bytes": -1}, {"_path": "e", "path_type": "fifo"},
                {"_path": "f", "size_in_bytes": "12"}, {"_path": 3}, {"_path": "g", "file_mode": "hex"},
                {"_path": "fine", "path_type": "hardlink"}
                """)
        }
        let list = try #require(refusal as? FailureList)
        #expect(list.failures.count == 10)
        #expect(list.description.contains("'a' is listed twice"))
        #expect(!list.description.contains("fine"))
    }

    @Test("holds composed and decomposed letters for two paths, and says that they collide")
    func unicodeForms() throws {
        let paths = try read(
            #"{"_path": "caf\u00e9"}, {"_path": "cafe\u0301"}, {"_path": "CAFÉ"}, {"_path": "x"}"#)
        #expect(paths.entries.count == 4)
        #expect(paths.collisionsByCase().map(\.1.utf8.count) == [6, 5])
        #expect(try read(#"{"_path": "a/b"}, {"_path": "a/c"}"#).collisionsByCase().isEmpty)
    }

    @Test("is refused where its text is damaged", arguments: ["", "{", "[]", "{\"paths\": [", "null", "{}x"])
    func damaged(_ text: String) {
        #expect(throws: FailureList.self) { try PathsJSON(json: Array(text.utf8)) }
    }

    @Test("is refused for bytes that are no UTF-8, with the place, and the rest is read on")
    func notUTF8() throws {
        var bytes = Array(#"{"paths_version": 1, "paths": [{"_path": "a?"}, {"_path": "../b"}]}"#.utf8)
        bytes[try #require(bytes.firstIndex(of: UInt8(ascii: "?")))] = 0xff
        let refusal = failure { _ = try PathsJSON(json: bytes) }
        #expect((refusal as? FailureList)?.failures.count == 2)
    }

    @Test("is refused in another version", arguments: [#""paths_version": 2"#, #""x": 1"#])
    func version(_ text: String) {
        #expect(failure { _ = try read("", version: text) }?.description.contains("paths_version") == true)
    }

    @Test("names no more than a hundred faults of a hostile list")
    func manyFaults() throws {
        let entry = #"{"_path": "../x"}"#
        let refusal = failure { _ = try read(Array(repeating: entry, count: 10_000).joined(separator: ",")) }
        #expect((refusal as? FailureList)?.failures.count == 100)
    }

    @Test("of thousands of files is read in a moment")
    func large() throws {
        let entries = (0..<6_000).map {
            #"{"_path": "lib/python3.10/site-packages/package/module_\#($0).py", "path_type": "hardlink", "sha256": "\#(Self.digest)", "size_in_bytes": 1234}"#
        }
        let json = Array(#"{"paths": [\#(entries.joined(separator: ",\n"))], "paths_version": 1}"#.utf8)
        let clock = ContinuousClock()
        var paths: PathsJSON?
        let times = try (0..<5).map { _ in try clock.measure { paths = try PathsJSON(json: json) } }
        #expect(paths?.entries.count == 6_000)
        // Unoptimized, and on a busy machine: only what grows with the square is caught here.
        #expect(try #require(times.min()) < .seconds(2))
    }
}

@Suite("info/files, has_prefix and no_link") struct LegacyPathsTests {
    private func read(_ files: String, hasPrefix: String? = nil, noLink: String? = nil) throws -> PathsJSON {
        try PathsJSON(
            files: Array(files.utf8), hasPrefix: hasPrefix.map { Array($0.utf8) },
            noLink: noLink.map { Array($0.utf8) })
    }

    @Test("say placeholders in each of their forms")
    func forms() throws {
        let paths = try read(
            "bin/a\nbin/b\n\nlib/c\r\nshare/with space\nz\n",
            hasPrefix: """
                # a comment
                bin/a
                /opt/build text bin/b
                "/opt/with space" binary 'lib/c'
                /opt/build binary "share/with space"

                """, noLink: "z\nnot/there\n")
        #expect(paths.source == .legacyFiles)
        #expect(
            paths.entries == [
                .init(path: "bin/a", placeholder: .init("/opt/anaconda1anaconda2anaconda3", .text)),
                .init(path: "bin/b", placeholder: .init("/opt/build", .text)),
                .init(path: "lib/c", placeholder: .init("/opt/with space", .binary)),
                .init(path: "share/with space", placeholder: .init("/opt/build", .binary)),
                .init(path: "z", noLink: true),
            ])
    }

    @Test("are refused with every fault", arguments: ["/opt text", "/opt hex bin/a", "a b c d", "\"open"])
    func faults(_ line: String) throws {
        let refusal = failure { _ = try read("bin/a\nbin/a\n../b\n", hasPrefix: line) }
        #expect((refusal as? FailureList)?.failures.count == 3)
    }

    @Test("are refused for a line that is no UTF-8")
    func notUTF8() {
        #expect(throws: FailureList.self) { try PathsJSON(files: [0x61, 0x0a, 0xff, 0x0a]) }
        #expect(throws: Never.self) { try PathsJSON(files: [0x61, 0x0a, 0xc3, 0xa9, 0x0a]) }
    }
}
