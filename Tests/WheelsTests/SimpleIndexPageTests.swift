import Digests
import Testing
import Wheels

@Suite("Index pages")
struct SimpleIndexPageTests {
    static let url = "https://index.test/simple/flask/"
    let hex = SHA256.hash("").hex

    func html(_ text: String, at url: String = url) throws -> SimpleIndexPage {
        try SimpleIndexPage(bytes(text), contentType: "text/html; charset=utf-8", url: url)
    }

    func json(_ files: String, version: String = "1.3") throws -> SimpleIndexPage {
        try SimpleIndexPage(
            bytes(
                #"{"meta":{"api-version":"\#(version)","x":1},"name":"flask","files":[\#(files)],"versions":[]}"#
            ),
            contentType: "application/vnd.pypi.simple.v1+json", url: Self.url)
    }

    @Test func htmlIsRead() throws {
        let page = try html(
            """
            <!DOCTYPE html>
            <html><head><meta name="pypi:repository-version" content="1.1"><title>Links for <a href="no-1.whl"></title>
            <script>if (a<b) "<a href='no-2.whl'>"</script></head><body><h1>Links</h1>
            <!-- <a href="no-3.whl"> -->
            <A HREF="../../packages/flask-3.0-py3-none-any.whl#sha256=\(hex.uppercased())" data-requires-python="&gt;=3.8,&#60;4"
              data-dist-info-metadata="sha256=\(hex)" data-core-metadata=true>flask-3.0-py3-none-any.whl</A><br/>
            <a data-yanked href='//cdn.test/a%2Bb-1.0-py3-none-any.whl?t=1&amp;u=2' data-gpg-sig=false>x</a>
            <a href=flask-2.0.tar.gz data-yanked="broken &amp; &quot;bad&quot; &unknown;" data-core-metadata="sha256=\(hex)">y</a>
            <a href="../">Parent</a> <a name=x>no link</a> 1 < 2
            </body></html>
            <!--SERIAL 5-->
            """)
        #expect(page.notes == [])
        #expect(
            page.files.map(\.filename) == [
                "flask-3.0-py3-none-any.whl", "a+b-1.0-py3-none-any.whl", "flask-2.0.tar.gz",
            ])
        #expect(
            page.files.map(\.url) == [
                "https://index.test/packages/flask-3.0-py3-none-any.whl",
                "https://cdn.test/a%2Bb-1.0-py3-none-any.whl?t=1&u=2",
                "https://index.test/simple/flask/flask-2.0.tar.gz",
            ])
        #expect(page.files[0].sha256 == SHA256.hash("") && page.files[1].hashes == [:])
        #expect(page.files[0].requiresPython == (try specifiers("<4,>=3.8")))
        #expect(page.files.map(\.yanked) == [nil, "", #"broken & "bad" &unknown;"#])
        #expect(page.files.map(\.coreMetadata) == [.init(sha256: nil), nil, .init(sha256: SHA256.hash(""))])
    }

    @Test func aBaseElementMovesReferences() throws {
        let page = try html("<base href='/files/'><a href='a-1-py3-none-any.whl'>a</a>")
        #expect(page.files.first?.url == "https://index.test/files/a-1-py3-none-any.whl")
    }

    @Test func jsonIsRead() throws {
        let page = try json(
            """
            {"filename":"flask-3.0-py3-none-any.whl","url":"https://cdn.test/f.whl#x","hashes":{"sha256":"\(hex)","blake9":"zz"},
             "requires-python":">=3.8","yanked":false,"core-metadata":{"sha256":"\(hex)"},"size":101817,
             "upload-time":"2023-09-30T14:36:10.961942Z","provenance":null,"gpg-sig":true},
            {"filename":"flask-2.0.tar.gz","url":"../f.tar.gz","hashes":{},"requires-python":null,"yanked":"CVE","dist-info-metadata":true,"size":null},
            {"filename":"flask-1.0.tar.gz","url":"f","hashes":{},"yanked":true,"core-metadata":false,"requires-python":""}
            """)
        #expect(page.files.count == 3 && page.notes == [])
        #expect(page.files[0].size == 101_817 && page.files[0].uploadTime == "2023-09-30T14:36:10.961942Z")
        #expect(page.files[0].url == "https://cdn.test/f.whl" && page.files[0].sha256 == SHA256.hash(""))
        #expect(page.files[1].url == "https://index.test/simple/f.tar.gz")
        #expect(page.files.map(\.yanked) == [nil, "CVE", ""])
        #expect(page.files.map(\.coreMetadata) == [.init(sha256: SHA256.hash("")), .init(sha256: nil), nil])
        #expect(page.files.map { $0.requiresPython?.description } == [">=3.8", nil, nil])
    }

    @Test func unreadableEntriesArePassedOverWithANote() throws {
        let page = try json(
            """
            {"filename":"old-1.whl","url":"o","hashes":{},"requires-python":">=3.6.*"},
            {"filename":"no-url.whl","hashes":{}},
            {"filename":"size.whl","url":"s","hashes":{},"size":-1},
            {"filename":"../x.whl","url":"s","hashes":{}},
            {"filename":"f.whl","url":"file:///etc/passwd","hashes":{}},
            {"filename":"nl.whl","url":"a\\nb","hashes":{}},
            {"filename":"good.whl","url":"g","hashes":{}}
            """)
        #expect(page.files.map(\.filename) == ["good.whl"])
        #expect(page.notes.count == 6)
        #expect(page.notes.contains { $0.contains("old-1.whl") && $0.contains(">=3.6.*") })
        let links = try html(
            "<a href='a%2f..%2fb.whl'>a</a><a href='ok-1.whl'>ok</a><a href='ftp://h/b.whl'>b</a>")
        #expect(links.files.map(\.filename) == ["ok-1.whl"] && links.notes.count == 2)
    }

    @Test(
        "HTML that is no page of an index is refused",
        arguments: [
            ("", "no links"), ("Bad gateway", "no links"),
            ("<html><body><h1>Sign in</h1></body></html>", "no links"),
            ("<html><a href='/login'>Sign in</a></html>", "none of its 1 links"),
            ("<html><body><a href='a-1.whl'>a</a>", "cut short"),
            ("<a href='a-1.whl'>a</a><a href='b", "cut short"),
            ("<a href='a-1.whl'>a</a><!-- x", "cut short"), ("<a href='a-1.whl'>a</a><", "cut short"),
            ("<meta name='pypi:repository-version' content='2.0'><a href='a-1.whl'>a</a>", "'2.0'"),
            ("{", "syntax"),
        ])
    func htmlRefuses(text: String, words: String) {
        let type = text == "{" ? "application/json" : "text/html"
        let found = reason { () throws(WheelError) in
            try SimpleIndexPage(bytes(text), contentType: type, url: Self.url)
        }
        #expect(found?.contains(words) == true, "\(found ?? "accepted")")
    }

    @Test func aProjectWithoutFilesIsNoError() throws {
        #expect(try html("<html><meta name='pypi:repository-version' content='1.0'></html>").files == [])
        #expect(try json("").files == [])
    }

    @Test func brokenJSONIsRefused() throws {
        #expect(throws: WheelError.self) { try json(#"{"filename":"#) }
        #expect(throws: WheelError.self) { try json("", version: "2.0") }
        for text in [
            "{}", "[]", "null", #"{"message":"Not found"}"#, #"{"meta":{"api-version":"1.0"}}"#,
            #"{"meta":{"api-version":"1.0"},"files":{}}"#,
        ] {
            #expect(throws: WheelError.self) { try SimpleIndexPage(json: bytes(text), url: Self.url) }
        }
    }

    @Test func theTypeDecidesTheFormat() throws {
        let page = bytes("<a href='a-1.whl'>a</a>")
        #expect(try SimpleIndexPage(page, contentType: nil, url: Self.url).files.count == 1)
        #expect(
            try SimpleIndexPage(
                bytes(" {\"meta\":{\"api-version\":\"1.0\"},\"files\":[]}"), contentType: nil, url: Self.url
            ).files == [])
        for type in ["application/vnd.pypi.simple.v2+json", "image/png", "application/zip"] {
            #expect(throws: WheelError.self) { try SimpleIndexPage(page, contentType: type, url: Self.url) }
        }
    }

    @Test func anyCutOrFlippedByteIsReadOrRefusedAndNothingElse() throws {
        let text = bytes(
            "<html><a href=\"a-1.whl#sha256=\(hex)\" data-yanked='&#x41;&amp;'>a</a><!-- c --><br/></html>")
        var refused = 0
        for end in 0..<text.count {
            if (try? SimpleIndexPage(html: Array(text[..<end]), url: Self.url)) == nil { refused += 1 }
            for byte: UInt8 in [0, 0x22, 0x26, 0x3c, 0x3e, 0xff] {
                var flipped = text
                flipped[end] = byte
                _ = try? SimpleIndexPage(html: flipped, url: Self.url)
            }
        }
        #expect(refused == text.count)
    }
}
