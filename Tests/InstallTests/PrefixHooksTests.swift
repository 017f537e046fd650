import Bundle
import Failures
import Files
import TestSupport
import Testing

@testable import Install

/// `post-install` and `pre-uninstall` hooks of a prefix: only where somebody allowed them, and then all or nothing.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct PrefixHooksTests {
    let landing = Landing()

    private func bundle(
        _ scripts: [String], _ kind: Manifest.Hooks.Kind = .postInstall, version: String = "2026.11.21"
    ) throws -> BundleReader {
        try landing.bundle { builder in
            builder.version = version
            builder.ownFiles = scripts.enumerated().map {
                .init("bin/hook\($0.offset)", "#!/bin/sh\n\($0.element)\n", mode: "0755")
            }
            builder.editManifest = { manifest in
                manifest.install.hooks = .init()
                manifest.install.hooks?[kind] = scripts.indices.map {
                    .init(command: ["bin/hook\($0)", "x"])
                }
            }
        }
    }

    private func install(
        _ bundle: BundleReader, _ change: (inout InstallRequest) -> Void = { _ in }
    ) throws -> InstallOutcome {
        try landing.install(bundle) {
            $0.hooks = true
            change(&$0)
        }
    }

    @Test func `nothing runs that nobody allowed, and that is said`() throws {
        let bundle = try bundle(["touch $AIRLIFT_PREFIX/ran"])
        let outcome = try install(bundle) { $0.hooks = false }
        #expect(outcome.hooks == [])
        #expect(
            outcome.notices == [
                "the post-install hook 'bin/hook0 x' was not run, since --hooks was not given"
            ])
        #expect(try landing.status("ran") == nil && landing.record()?.options.hooks == nil)
        // Allowed later, they run in a new environment in place of the old.
        let later = try install(bundle) { $0.update = true }
        #expect(later.changed && later.hooks.count == 1)
        #expect(try landing.status("ran") != nil)
        #expect(try !install(bundle).changed && !install(bundle) { $0.hooks = false }.changed)
    }

    @Test func `what they make is recorded`() throws {
        let outcome = try install(
            bundle([
                "echo \"$AIRLIFT_HOOK $AIRLIFT_RELEASE ${AIRLIFT_PREVIOUS-new} $1\" > share; pwd",
                "echo two; rm etc/app.toml 2>/dev/null; touch b",
            ]))
        #expect(try landing.text("share") == "post-install 2026.11.21 new x\n")
        #expect(outcome.hooks.map(\.output) == [[landing.prefix], ["two"]])
        #expect(outcome.hooks.map(\.words) == ["bin/hook0 x", "bin/hook1 x"])
        #expect(try landing.faults() == [] && landing.recorded()["share"] != nil)
        #expect(outcome.record == (try landing.record()) && outcome.record.options.hooks == true)
        #expect(try landing.recorded().count == outcome.files)
        #expect(try landing.neighbours == ["env"])
    }

    @Test(arguments: [false, true]) func `one that fails takes everything back`(replacing: Bool) throws {
        if replacing { try landing.install([WheelBuilder()]) }
        let before = try landing.snapshot()
        let failing = try bundle(["echo made > made", "echo why >&2; exit 3"], version: "2026.12.01")
        let error = failure { _ = try install(failing) { $0.update = true } }
        #expect(error?.kind == .hostRequirements)
        #expect(
            error?.description
                == "the post-install hook 'bin/hook1 x' of quickstart 2026.12.01 ended with exit status 3; it said last: why"
        )
        #expect(try landing.snapshot() == before)
    }

    @Test func `the version before is told`() throws {
        try landing.install([WheelBuilder()])
        let next = try bundle(["echo $AIRLIFT_PREVIOUS > before"], version: "2026.12.01")
        #expect(try install(next) { $0.update = true }.changed)
        #expect(try landing.text("before") == "2026.11.21\n")
    }

    private func uninstall(hooks: Bool = true, force: Bool = false) throws {
        _ = try Uninstallation.run(
            landing.prefix, force: force, hooks: hooks,
            environment: ["PATH": "/usr/bin:/bin", "SAID": "\(landing.scratch.path)/said"])
    }

    private func said() throws -> String? {
        let path = try RelativePath("said")
        let directory = try landing.scratch.directory()
        guard try directory.status(of: path) != nil else { return nil }
        return String(decoding: try directory.contents(of: path), as: UTF8.self)
    }

    @Test func `before a prefix is removed they run where it is allowed`() throws {
        let bundle = try bundle(["echo $AIRLIFT_HOOK $PWD >> $SAID"], .preUninstall)
        #expect(try install(bundle).hooks == [])
        try uninstall(hooks: false)
        #expect(try said() == nil && landing.neighbours == [])
        _ = try install(bundle)
        try uninstall()
        #expect(try said() == "pre-uninstall \(landing.prefix)\n" && landing.neighbours == [])
    }

    @Test func `one that fails keeps the environment, unless forced`() throws {
        _ = try install(bundle(["exit 4", "echo second >> $SAID"], .preUninstall))
        let error = failure { try uninstall() }
        #expect(error?.description.contains("exit status 4") == true)
        #expect(error?.description.contains("nothing was removed: leave --hooks out") == true)
        #expect(try said() == nil && landing.faults() == [] && landing.neighbours == ["env"])
        try uninstall(force: true)
        #expect(try said() == "second\n" && landing.neighbours == [])
    }

    @Test func `a program that was changed is not run`() throws {
        _ = try install(bundle(["echo mine >> $SAID"], .preUninstall))
        try landing.put("bin/hook0", "#!/bin/sh\necho other >> $SAID\n", permissions: 0o755)
        let error = failure { try uninstall() }
        #expect(
            error?.kind == .damaged
                && error?.description.contains("bin/hook0' is not what was installed") == true)
        #expect(try said() == nil && landing.neighbours == ["env"])
    }
}
