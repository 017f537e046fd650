import Files
import Testing

@Suite struct RelativePathTests {
    @Test(arguments: [
        ("", "a", "empty"), ("/a", "a", "absolute"), ("//", "a/b", "absolute"),
        ("a//b", "a/b", "empty component"),
        ("a/", "a", "empty component"), (".", ".a", "'.'"), ("./a", ".a/a", "'.'"),
        ("a/./b", "a/.b./b", "'.'"),
        ("..", "...", "'..'"), ("../a", "..a", "'..'"), ("a/..", "a/..b", "'..'"),
        ("a/../b", "a/.../b", "'..'"),
        ("a\0b", "a b", "NUL"), ("a/b\0", "a/b", "NUL"),
        (String(repeating: "x", count: 256), String(repeating: "x", count: 255), "255 bytes"),
        (String(repeating: "é", count: 128), String(repeating: "é", count: 127) + "e", "255 bytes"),
        (
            "a/" + String(repeating: "x", count: 256) + "/b",
            "a/" + String(repeating: "x", count: 255) + "/b", "255 bytes"
        ),
        (
            String(repeating: "abcdefg/", count: 512), String(repeating: "abcdefg/", count: 511) + "abcdefg",
            "4,095 bytes"
        ),
    ])
    func `what would lead elsewhere is refused`(text: String, twin: String, reason: String) throws {
        let error = try #require(throws: PathError.self) { _ = try RelativePath(text) }
        #expect(error.reason.contains(reason))
        #expect(error.path == text && error.kind == .damaged)
        #expect(try RelativePath(twin).string == twin)
    }

    @Test func `bytes that are no UTF-8 are refused and not repaired`() throws {
        let error = try #require(throws: PathError.self) { _ = try RelativePath(bytes: [0x61, 0xff]) }
        #expect(error.reason == "it is not UTF-8")
        #expect(throws: PathError.self) { _ = try RelativePath(bytes: [0xc0, 0xaf]) }
        #expect(throws: PathError.self) { _ = try RelativePath(bytes: [0xed, 0xa0, 0x80]) }
        #expect(try RelativePath(bytes: Array("é/日本".utf8)).string == "é/日本")
    }

    @Test func `its parts`() throws {
        let path = try RelativePath("a/bé/c.txt")
        #expect(path.components.map(String.init) == ["a", "bé", "c.txt"])
        #expect(path.last == "c.txt")
        #expect(path.parent?.string == "a/bé")
        #expect(path.parent?.parent?.parent == nil)
        #expect(try RelativePath("a").last == "a")
        #expect(try RelativePath("a").appending(RelativePath("b/c")).string == "a/b/c")
        #expect(try RelativePath("a").appending("b").string == "a/b")
        #expect(throws: PathError.self) { _ = try RelativePath("a").appending("../b") }
    }

    @Test func `a combining character behind a slash is no part of it`() throws {
        let path = try RelativePath("a/\u{301}b")
        #expect(path.components.count == 2 && path.last.utf8.first == 0xcc)
        #expect(path.parent?.string == "a")
        #expect(throws: PathError.self) { _ = try RelativePath("/\u{301}b") }
        #expect(throws: PathError.self) { _ = try RelativePath("a/../\u{301}b") }
    }

    @Test func `two Unicode forms of one text are two paths`() throws {
        let (composed, decomposed) = (try RelativePath("\u{e9}"), try RelativePath("e\u{301}"))
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed < composed && !(composed < decomposed))
        #expect(try composed == RelativePath("\u{e9}"))
    }

    @Test func `order is that of the bytes`() throws {
        let sorted = try ["b", "a/b", "a", "B", "é", "a.b", "Z"].map { try RelativePath($0) }.sorted()
        #expect(sorted.map(\.string) == ["B", "Z", "a", "a.b", "a/b", "b", "é"])
    }
}
