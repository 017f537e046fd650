import Archives
import Bundle
import Digests
import Files
import TestSupport
import Testing

@testable import Install

/// The interpreter's archive holds what the manifest lists, byte for byte.
@Suite struct HostileInterpreterTests {
    let scratch = TemporaryDirectory()

    private func install(_ members: [HostileTar.Member], expected: [Manifest.File]) throws -> [String] {
        let tar = try HostileTar(scratch, members)
        let target = try scratch.directory().createDirectories(RelativePath("target"))
        return try InterpreterInstaller(
            region: tar.region, sha256: tar.sha256, expected: expected, tree: TreeWriter(target)
        ).install { _ in }.map(\.path.string)
    }

    private func file(_ path: String, link: String? = nil) -> Manifest.File {
        Manifest.File(
            path: path, source: "archives/python/x.tar.zst", size: link == nil ? 4 : 0,
            sha256: link == nil ? SHA256.hash("code") : nil, mode: "0644", link: link)
    }

    @Test func `what is listed is written`() throws {
        let written = try install(
            [.file("lib/caf\u{e9}"), .link("lib/link", to: "caf\u{e9}")],
            expected: [file("base/lib/caf\u{e9}"), file("base/lib/link", link: "caf\u{e9}")])
        #expect(written == ["base/lib/caf\u{e9}", "base/lib/link"])
    }

    @Test func `another Unicode form of a listed name is another name`() throws {
        #expect(throws: ArchiveError.self) {
            try install([.file("lib/cafe\u{301}")], expected: [file("base/lib/caf\u{e9}")])
        }
        #expect(try scratch.directory().directory(RelativePath("target")).names() == [])
    }

    @Test func `another Unicode form of a listed target is another target`() throws {
        #expect(throws: ArchiveError.self) {
            try install(
                [.link("lib/link", to: "cafe\u{301}")], expected: [file("base/lib/link", link: "caf\u{e9}")])
        }
    }

    @Test(arguments: ["../../x", "../\u{301}x", "/etc/passwd"])
    func `a link that leads outside is refused although the manifest lists it`(target: String) throws {
        #expect(throws: TarError.self) {
            try install([.link("link", to: target)], expected: [file("base/link", link: target)])
        }
    }
}
