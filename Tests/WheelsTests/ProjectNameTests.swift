import Testing
import Wheels

@Suite("PEP 503 and 508 names")
struct ProjectNameTests {
    @Test(
        "runs of - _ . become one -, letters lower case",
        arguments: [
            ("Django", "django"), ("ruamel.yaml", "ruamel-yaml"), ("Foo__Bar.-baz", "foo-bar-baz"),
            ("a", "a"), ("7zip", "7zip"),
        ])
    func normalises(spelling: String, normalized: String) throws {
        let name = try ProjectName(spelling)
        #expect(name.normalized == normalized)
        #expect(name.spelling == spelling)
        #expect("\(name)" == spelling)
    }

    @Test func spellingsOfOneProjectAreEqual() throws {
        #expect(try ProjectName("Ruamel_YAML") == ProjectName("ruamel.yaml"))
        #expect(try Set([ProjectName("A.b"), ProjectName("a-B")]).count == 1)
        #expect(try ProjectName("Zope").escaped == "zope")
        #expect(try ProjectName("zope.interface").escaped == "zope_interface")
        #expect(try ProjectName("b-a") < ProjectName("B.b"))
    }

    @Test(
        "is refused",
        arguments: ["", "-a", "a-", ".a", "a_", "a b", "a/b", "ä", "a\n", "a\0b", "../x", "a@b"])
    func refuses(text: String) {
        #expect(reason { () throws(WheelError) in try ProjectName(text) } != nil)
    }

    @Test func aHostileNameCannotRewriteTheTerminal() {
        let words = reason { () throws(WheelError) in try ProjectName("a\u{1b}[2Jb\u{202e}") } ?? ""
        #expect(words.contains("\\u{1b}[2Jb\\u{202e}"))
        #expect(words.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e })
    }
}
