import Digests
import Testing
import Wheels

/// What is written for other installers is what this reader of indexes finds again.
@Suite("Pages of an index, written")
struct SimplePageTests {
    private let digest = SHA256.hash("wheel")

    private func page(_ filename: String, requiresPython: String? = nil) throws -> SimpleProject {
        SimpleProject(
            try ProjectName("Ham.Egg"),
            files: [
                .init(
                    filename: filename, reference: "../../wheels/\(URLReference.escapedPath(filename))",
                    sha256: digest, size: 5, version: "1.0", requiresPython: requiresPython,
                    metadata: SHA256.hash("METADATA"),
                    uploadTime: "2026-11-02T08:00:00Z")
            ])
    }

    private func read(_ page: SimpleProject) throws -> [SimpleIndexPage] {
        let url = "file:///srv/index/simple/ham-egg/"
        return [
            try SimpleIndexPage(page.html, contentType: "text/html", url: url + "index.html"),
            try SimpleIndexPage(page.json, contentType: "application/json", url: url + "index.json"),
        ]
    }

    @Test func bothFormsSayTheSame() throws {
        let page = try page("ham_egg-1.0+local.1-py3-none-any.whl", requiresPython: "<4,>=3.8")
        for read in try read(page) {
            #expect(read.notes == [] && read.files.count == 1)
            let file = try #require(read.files.first)
            #expect(file.filename == "ham_egg-1.0+local.1-py3-none-any.whl")
            #expect(file.url == "file:///srv/index/wheels/ham_egg-1.0%2Blocal.1-py3-none-any.whl")
            #expect(file.sha256 == digest)
            #expect(file.requiresPython == (try VersionSpecifiers("<4,>=3.8")))
            #expect(file.coreMetadata == .init(sha256: SHA256.hash("METADATA")))
        }
        #expect(try read(page)[1].files[0].size == 5)
        #expect(try read(page)[1].files[0].uploadTime == "2026-11-02T08:00:00Z")
        #expect(String(decoding: try page.json, as: UTF8.self).contains(#""api-version":"1.1""#))
        #expect(String(decoding: try page.json, as: UTF8.self).contains(#""versions":["1.0"]"#))
    }

    @Test(arguments: [
        "a-1-\"><script>alert(1)<script>.whl", "a-1-' onclick='x.whl", "a-1-&lt;b&gt;.whl",
        "größe-1-日本 語.whl",
        "a-1-#x?y%41.whl",
    ])
    func foreignNamesAreOnlyNames(name: String) throws {
        let page = try page(name, requiresPython: ">=3.8")
        let html = String(decoding: page.html, as: UTF8.self)
        #expect(!html.contains("<script") && !html.contains("' onclick") && !html.contains("<b>"))
        for read in try read(page) {
            #expect(read.notes == [] && read.files.map(\.filename) == [name])
        }
        // Requires-Python holds signs of HTML even where nobody means harm.
        #expect(html.contains("data-requires-python=\"&gt;=3.8\""))
    }

    @Test func thePageOfAllNamesEachProjectOnce() throws {
        let root = SimpleRoot([try ProjectName("Ham.Egg"), try ProjectName("spam")])
        let html = String(decoding: root.html, as: UTF8.self)
        #expect(html.contains("<a href=\"ham-egg/\">ham-egg</a>") && html.contains("<a href=\"spam/\">"))
        let json = String(decoding: try root.json, as: UTF8.self)
        #expect(
            json == #"{"meta":{"api-version":"1.1"},"projects":[{"name":"ham-egg"},{"name":"spam"}]}"# + "\n")
        #expect(String(decoding: SimpleRoot([]).html, as: UTF8.self).contains("pypi:repository-version"))
    }
}
