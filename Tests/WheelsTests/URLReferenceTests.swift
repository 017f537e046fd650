import Testing
import Wheels

@Suite("RFC 3986 references")
struct URLReferenceTests {
    /// Sections 5.4.1 and 5.4.2.
    @Test(
        "resolve against http://a/b/c/d;p?q",
        arguments: [
            ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
            (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"),
            ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"), ("./", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../", "http://a/b/"), ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"),
            ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
            (".g", "http://a/b/c/.g"),
            ("g..", "http://a/b/c/g.."), ("./../g", "http://a/b/g"), ("./g/.", "http://a/b/c/g/"),
            ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"), ("g;x=1/../y", "http://a/b/c/y"),
            ("g?y/../x", "http://a/b/c/g?y/../x"), ("g#s/../x", "http://a/b/c/g#s/../x"),
        ])
    func resolves(reference: String, target: String) {
        #expect(URLReference("http://a/b/c/d;p?q").resolving(URLReference(reference)).description == target)
    }

    @Test func otherBases() {
        #expect(URLReference("https://h.test").resolving(URLReference("a")).description == "https://h.test/a")
        #expect(
            URLReference("file:///d/p/index.html").resolving(URLReference("../x.whl")).description
                == "file:///d/x.whl")
        #expect(URLReference("HTTPS://h.test/x").scheme == "https")
    }

    @Test(
        "the file name is the decoded last segment",
        arguments: [
            ("https://h/a/b%2B1.whl?x=/y#z/", "b+1.whl"), ("https://h/a/", ""), ("a%zz%4", "a%zz%4"),
            ("%c3%a4", "ä"), ("%2e%2E%2fx", "../x"),
        ])
    func filename(url: String, name: String) {
        #expect(URLReference(url).filename == name)
        #expect(URLReference("%ff").filename == nil)
    }
}
