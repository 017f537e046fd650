import Digests
import Testing

@testable import Audit

/// Text out of a bundle stays text, whatever it looks like.
@Suite struct MarkdownTests {
    @Test(arguments: [
        "a|b", "[x](https://evil.test)", "<img src=x onerror=alert(1)>", "`code`", "**bold**", "@somebody",
        "#1", "www.evil.test", "https://evil.test", "mail@evil.test", "a\n\n# heading", "\u{1B}[31m", "a\\|b",
        "</code><script>", "&lt;", "~~x~~", "_x_", "- item", "1. item", "![x](y)", "![x]", "\u{202E}txt",
        "GH-1", "xmpp:a@b", "WWW.evil.test", "<!-- ", "$$x$$", ":smile:",
    ])
    func nothingIsMarkup(_ hostile: String) {
        let written = Markdown.code(hostile)
        #expect(written.hasPrefix("<code>") && written.hasSuffix("</code>"))
        let inner = written.dropFirst(6).dropLast(7)
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+/=. &#;")
        #expect(inner.allSatisfy { allowed.contains($0) }, "\(inner)")
        #expect(!inner.lowercased().contains("www.") && !inner.contains("://"))
        // Every `&` begins a numeric reference.
        for part in inner.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
            #expect(part.hasPrefix("#") && part.contains(";"))
        }
    }

    @Test func harmlessNamesReadAsTheyAre() {
        #expect(Markdown.code("numpy") == "<code>numpy</code>")
        #expect(Markdown.code("1.2.3") == "<code>1.2.3</code>")
        #expect(Markdown.code("naïve") == "<code>naïve</code>")
        #expect(Markdown.code("") == "")
        #expect(Markdown.code(String(repeating: "a", count: 5_000)).count < 400)
    }

    @Test func aWholeDocumentHoldsNoForeignMarkup() throws {
        let evil = "x|[click](https://evil.test)<b>@you\n## no"
        var from = Example.set([], title: evil)
        var to = Example.set(
            [
                Example.wheel(evil, evil, license: evil, hooks: [evil]),
                Example.conda("zlib", "1.3", evil),
            ], title: evil, files: [evil: .init(sha256: nil, link: evil, mode: "0777")],
            facts: [.state: evil, .glibc: evil])
        from.files = [:]
        from.facts = [.state: "none", .glibc: "2.17"]
        to.signers = [evil]
        from.signers = [evil + "2"]
        var diff = ManifestDiff(from: from, to: to)
        let hook = FilesDiff.HookChange(change: .added, kind: .pth, path: evil)
        let library = NativeLibrary(path: evil, machine: evil, needed: [evil], glibc: evil)
        diff.packages[0].files = FilesDiff(
            from: .nothing,
            to: .init(
                .init(
                    files: [.init(path: evil, mode: "0755", size: 1, sha256: Example.digest("x"))],
                    entryPoints: ["\(evil) = \(evil)"], libraries: [library]), python: nil))
        diff.packages[0].files?.hooks = [hook]
        diff.unread = [.init(kind: .wheel, name: evil, reason: evil)]
        let text = diff.markdown
        for piece in ["](", "https:", "<b>", "@you", "[click", "\n## no"] {
            #expect(!text.contains(piece), "\(piece)")
        }
        // Every row of a table has as many cells as its heading.
        var columns: Int?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("|") else {
                columns = nil
                continue
            }
            let bars = line.count { $0 == "|" }
            if let columns { #expect(bars == columns, "\(line)") }
            columns = bars
        }
    }

    @Test func aChangeReadsWell() throws {
        let diff = ManifestDiff(
            from: Example.set([Example.wheel("flask", "3.1.0")], title: "old", facts: [.glibc: "2.17"]),
            to: Example.set([Example.wheel("flask", "3.0.3")], title: "new", facts: [.glibc: "2.28"]))
        #expect(
            diff.markdown == """
                ## <code>old</code> -> <code>new</code>

                > [!WARNING]
                > WARNING: one change to be looked at first

                | alarm | of | what |
                |---|---|---|
                | downgrade | <code>flask</code> | goes from <code>3.1.0</code> to <code>3.0.3</code> |

                ### 1 down

                | change | kind | name | from | to | also |
                |---|---|---|---|---|---|
                | down | wheel | <code>flask</code> | <code>3.1.0</code> | <code>3.0.3</code> |  |

                ### What hosts must offer

                - glibc rises from <code>2.17</code> to <code>2.28</code>: hosts with an older C library refuse it

                """)
    }
}
