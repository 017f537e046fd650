import Bundle
import Failures
import Files
import TestSupport
import Testing

@testable import Install

/// `[state]` in a root: one for all releases.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct ReleaseStateTests {
    let scene = RootScene()

    private func bundle(_ version: String) throws -> BundleReader {
        try scene.bundle(version) {
            $0.ownFiles = [.init("var/seed.txt", "shipped \(version)"), .init("share/data/x", "x")]
            $0.editManifest = { $0.install.state = ["var", "etc/local.toml", "share/data/cache"] }
        }
    }

    private func target(_ path: String) throws -> String {
        try Directory.open(scene.path).symbolicLinkTarget(RelativePath(path))
    }

    @Test func `what is shipped is seeded once, and what was written stays`() throws {
        let first = try scene.install(bundle("2026.10.03"))
        #expect(first.switched?.seeded == ["var", "share/data/cache"])
        #expect(try scene.text("state/var/seed.txt") == "shipped 2026.10.03")
        #expect(try target("releases/2026.10.03/var") == "../../state/var")
        #expect(try target("releases/2026.10.03/etc/local.toml") == "../../../state/etc/local.toml")
        try scene.put("state/var/log.txt", "written")
        try scene.put("state/var/seed.txt", "changed")
        let second = try scene.install(bundle("2026.11.21"))
        #expect(second.switched?.seeded == [])
        #expect(try scene.text("state/var/seed.txt") == "changed")
        try scene.activate("2026.10.03", .rolledBack)
        #expect(try scene.text("state/var/log.txt") == "written")
        #expect(try scene.text("releases/2026.11.21/.airlift/state/var/seed.txt") == "shipped 2026.11.21")
        #expect(try PrefixVerification.run(second.record.prefix).isIntact)
    }

    @Test func `a program reaches it through its release`() throws {
        let prefix = try scene.install(bundle("2026.10.03")).record.prefix
        let code = """
            import sys, pathlib
            p = pathlib.Path(sys.prefix)
            print((p / "var/seed.txt").read_text())
            (p / "var/run.txt").write_text("ran")
            (p / "share/data/cache").mkdir(exist_ok=True)
            (p / "etc/local.toml").write_text("port = 1")
            """
        try Directory.open(scene.path).createDirectories(RelativePath("state/etc")).synchronize()
        let ran = try InstallTests.run(["\(prefix)/bin/python", "-c", code], in: "/")
        #expect(ran.output == "shipped 2026.10.03\n", "\(ran.errors)")
        #expect(try scene.text("state/var/run.txt") == "ran")
        #expect(try scene.text("state/etc/local.toml") == "port = 1")
    }

    @Test func `an installation that does not activate touches none of it`() throws {
        try scene.install(bundle("2026.10.03")) { $0.activates = false }
        #expect(try scene.names() == [".airlift", "releases"])
    }

    @Test func `a half-written seed is done again`() throws {
        try scene.install(bundle("2026.10.03")) { $0.activates = false }
        try scene.put("state/.airlift-seed/var/part", "half")
        try scene.activate("2026.10.03")
        #expect(
            try scene.names("state") == ["etc", "share", "var"] || scene.names("state") == ["share", "var"])
        #expect(try scene.names("state/var") == ["seed.txt"])
    }

    @Test func `a path below another needs no link of its own`() throws {
        let links = try StateLinks(["var/log", "var", "variable"])
        #expect(links.paths.map(\.string) == ["var", "variable"])
    }
}
