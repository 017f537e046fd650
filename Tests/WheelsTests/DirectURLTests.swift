import Digests
import Testing
import Wheels

@Suite("PEP 610 direct_url.json")
struct DirectURLTests {
    func text(_ url: String, _ source: DirectURL.Source) -> String {
        String(decoding: DirectURL(url: url, source: source).encoded(), as: UTF8.self)
    }

    @Test func archivesAndDirectories() {
        let hex = SHA256.hash("").hex
        #expect(
            text("file:///a/b.whl", .archive(sha256: SHA256.hash("")))
                == #"{"archive_info":{"hash":"sha256=\#(hex)","hashes":{"sha256":"\#(hex)"}},"url":"file:///a/b.whl"}"#
                + "\n")
        #expect(
            text("file:///a", .directory(editable: false)) == #"{"dir_info":{},"url":"file:///a"}"# + "\n")
        #expect(text("file:///a", .directory(editable: true)).contains(#""editable":true"#))
        #expect(text("x", .archive(sha256: nil)).contains(#""archive_info":{}"#))
    }

    @Test func credentialsAreLeftOutAndTextIsEscaped() {
        #expect(
            DirectURL(url: "https://u:p@h.test/a@b", source: .archive(sha256: nil)).url
                == "https://h.test/a@b")
        #expect(
            DirectURL(url: "https://h.test/a@b", source: .archive(sha256: nil)).url == "https://h.test/a@b")
        #expect(text("a\"b\\c\n", .archive(sha256: nil)).contains(#""url":"a\"b\\c\u000a""#))
    }
}
