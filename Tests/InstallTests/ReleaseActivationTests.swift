import Bundle
import Failures
import Files
import TestSupport
import Testing

@testable import Install

/// Switching `current`, and what stands around it.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct ReleaseActivationTests {
    let scene = RootScene()

    private func hooks(_ kind: Manifest.Hooks.Kind, _ words: String) -> Manifest.Hooks {
        var hooks = Manifest.Hooks()
        hooks[kind] = [Manifest.Hook(command: ["/bin/sh", "-c", words])]
        return hooks
    }

    private func install(_ version: String, _ hooks: Manifest.Hooks? = nil) throws -> InstallOutcome {
        try scene.install(scene.bundle(version) { $0.editManifest = { $0.install.hooks = hooks } })
    }

    @Test func `there and back`() throws {
        try scene.install("2026.10.03")
        try scene.install("2026.11.21")
        let outcome = try scene.activate("2026.10.03", .rolledBack)
        #expect(outcome.changed && outcome.from == "2026.11.21")
        #expect(try scene.current() == "2026.10.03")
        #expect(try scene.log().suffix(2) == ["activated 2026.11.21", "rolled-back 2026.10.03"])
        #expect(try !scene.activate("2026.10.03").changed)
        #expect(try scene.log().count == 5)
    }

    @Test func `what is not there cannot become current`() throws {
        try scene.install("2026.10.03")
        let error = failure { try scene.activate("2026.10.04") }
        #expect(error?.kind == .targetInTheWay && error?.description.contains("there are 2026.10.03") == true)
        for name in ["..", ".2026.10.03.new", "a/b", ""] {
            #expect(failure { try scene.activate(name) }?.kind == .usage, "\(name)")
        }
        try scene.put("releases/2026.10.03/.airlift/unfinished", "link scripts\n")
        #expect(failure { _ = try scene.root().release("2026.10.03") }?.kind == .targetInTheWay)
    }

    @Test func `hooks know where they are`() throws {
        try scene.install("2026.10.03")
        let words =
            #"echo "$AIRLIFT_HOOK $AIRLIFT_RELEASE after $AIRLIFT_PREVIOUS, current is $(readlink "$AIRLIFT_ROOT/current")""#
        var both = hooks(.preActivate, words)
        both[.postActivate] = hooks(.postActivate, words)[.postActivate]
        let outcome = try install("2026.11.21", both)
        #expect(
            outcome.switched?.hooks.flatMap(\.output) == [
                "pre-activate 2026.11.21 after 2026.10.03, current is releases/2026.10.03",
                "post-activate 2026.11.21 after 2026.10.03, current is releases/2026.11.21",
            ])
    }

    @Test(arguments: [Manifest.Hooks.Kind.preActivate, .postActivate])
    func `where a hook fails, what was current is`(kind: Manifest.Hooks.Kind) throws {
        try scene.install("2026.10.03")
        let error = failure { _ = try install("2026.11.21", hooks(kind, "echo no database; exit 3")) }
        #expect(error?.kind == .hostRequirements && error?.description.contains("no database") == true)
        #expect(try scene.current() == "2026.10.03")
        #expect(try scene.log().last == "activation-failed 2026.11.21")
        #expect(try scene.root().log.entries().last?.note?.contains("no database") == true)
        #expect(try scene.root().releases().count == 2, "it is in place, and not current")
        #expect(try !scene.names(".airlift").contains("journal"))
        try scene.activate("2026.11.21") { $0.runsHooks = false }
        #expect(try scene.current() == "2026.11.21")
    }

    @Test func `the first activation that fails leaves nothing current`() throws {
        #expect(failure { _ = try install("2026.11.21", hooks(.postActivate, "false")) } != nil)
        #expect(try scene.current() == nil)
        #expect(try scene.names() == [".airlift", "releases", "state"])
    }

    @Test func `a link that leads elsewhere is put right by naming a release`() throws {
        try scene.install("2026.10.03")
        let directory = try Directory.open(scene.path)
        try directory.remove(RelativePath("current"))
        try directory.createSymbolicLink(RelativePath("current"), to: "/etc")
        #expect(failure { _ = try scene.current() }?.kind == .damaged)
        try scene.activate("2026.10.03")
        #expect(try scene.current() == "2026.10.03")
    }

    @Test func `a directory in the place of the link is refused`() throws {
        try scene.install("2026.10.03")
        let directory = try Directory.open(scene.path)
        try directory.remove(RelativePath("current"))
        try directory.createDirectory(RelativePath("current"))
        #expect(failure { try scene.activate("2026.10.03") } != nil)
        #expect(try directory.status(of: RelativePath("current"))?.kind == .directory)
        #expect(try scene.names() == [".airlift", "current", "releases", "state"])
    }
}

/// Which release is the one before.
@Suite struct PreviousReleaseTests {
    private func history(_ words: [String], current: String) -> [String] {
        let stamp = RootScene.stamp
        let entries = words.map { word in
            let parts = word.split(separator: " ").map(String.init)
            let event: ActivationLog.Event =
                switch parts[0] {
                case "back": .rolledBack
                case "failed": .activationFailed
                case "installed": .installed
                default: .activated
                }
            return ActivationLog.Entry(
                event, stamp, version: parts[1], from: parts.count > 2 ? parts[2] : nil)
        }
        return ReleaseRoot.history(entries, current: current)
    }

    @Test func `going back twice leads further back`() {
        let words = ["activated 1", "activated 2", "activated 3"]
        #expect(history(words, current: "3") == ["1", "2", "3"])
        #expect(history(words + ["back 2 3"], current: "2") == ["1", "2"])
        #expect(history(words + ["back 2 3", "back 1 2"], current: "1") == ["1"])
    }

    @Test func `what was left behind by going back does not count`() {
        let words = ["activated 1", "activated 2", "back 1 2", "activated 3"]
        #expect(history(words, current: "3") == ["1", "3"])
    }

    @Test func `failed ones and those that were only put in place do not count`() {
        #expect(
            history(["activated 1", "installed 2", "failed 2 1", "activated 3"], current: "3") == ["1", "3"])
    }

    @Test func `going back to one that the log does not know`() {
        #expect(history(["activated 2", "back 1 2"], current: "1") == ["1"])
    }

    @Test func `a link that was set by hand is believed`() {
        #expect(history(["activated 1", "activated 2"], current: "1") == ["1"])
        #expect(history(["activated 1", "activated 2"], current: "7") == ["1", "2", "7"])
    }
}
