import Failures
import Files
import Install
import TestSupport
import Testing

/// `[state]`: what the application writes outlives its upgrades.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct StatePathsTests {
    let landing = Landing()

    private func install(_ version: String, _ change: (inout InstallRequest) -> Void = { _ in }) throws {
        let bundle = try landing.bundle {
            $0.wheels = [WheelBuilder("demo", version)]
            $0.ownFiles = [.init("var/seed.txt", "shipped \(version)")]
            $0.editManifest = { $0.install.state = ["var", "etc/local.toml"] }
        }
        try landing.install(bundle, change)
    }

    private func text(_ name: String, in prefix: String? = nil) throws -> String {
        let directory = try Directory.open(prefix ?? landing.prefix)
        return String(decoding: try directory.contents(of: RelativePath(name)), as: UTF8.self)
    }

    @Test(arguments: [false, true]) func `an upgrade takes it over, and the old one keeps its own`(
        force: Bool
    ) throws {
        try install("1.0")
        try landing.put("var/log/today.txt", "written since")
        try landing.put("etc/local.toml", "changed = true")
        try Directory.open(landing.prefix).createSymbolicLink(RelativePath("var/latest"), to: "log/today.txt")
        try install("2.0") {
            $0.update = true
            $0.force = force
        }
        #expect(try text("var/log/today.txt") == "written since")
        #expect(try text("etc/local.toml") == "changed = true")
        #expect(try text("var/seed.txt") == "shipped 1.0", "what was there wins over what is shipped")
        let link = try Directory.open(landing.prefix).symbolicLinkTarget(RelativePath("var/latest"))
        #expect(link == "log/today.txt")
        #expect(try text("var/log/today.txt", in: landing.prefix + ".airlift-old") == "written since")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    @Test func `the first installation brings what is shipped`() throws {
        try install("1.0")
        #expect(try text("var/seed.txt") == "shipped 1.0")
    }

    @Test func `uninstalling does not remove it unasked`() throws {
        try install("1.0")
        let before = try landing.snapshot()
        let error = failure { _ = try Uninstallation.run(landing.prefix, force: false) }
        #expect(
            error?.kind == .targetInTheWay && error?.description.contains("var/seed.txt' is state") == true)
        #expect(try landing.snapshot() == before)
        _ = try Uninstallation.run(landing.prefix, force: true)
        #expect(try landing.neighbours == [])
    }
}
