import Files
import Glibc
import TestSupport
import Testing

/// What ops do with a bundle and what it installed: constructor's flags and the subcommands.
@Suite struct InstallerTests {
    private let scratch = TemporaryDirectory()
    private var prefix: String { scratch.path + "/p" }

    private func bundle(_ arguments: String...) throws -> Outcome {
        try run(["sh", Shared.light().bundle] + arguments, in: scratch.path)
    }

    @Test func aSecondInstallChangesNothingAndSaysSo() throws {
        let bundle = try Shared.light().bundle
        #expect(try Shared.install(bundle, prefix).code == 0)
        let before = try Tree.listing(scratch.path)
        let again = try Shared.install(bundle, prefix)
        #expect(again.code == 0, "\(again.words)")
        #expect(
            again.output == "payroll 2026.11.21 is installed at \(prefix) already; nothing was changed.\n")
        #expect(try Tree.listing(scratch.path) == before)
        let json = try Shared.install(bundle, prefix, ["--no-compile", "--json"])
        #expect(json.output.contains("\"changed\":false"))
    }

    @Test func anotherEnvironmentIsReplacedOnlyWhenAskedFor() throws {
        let (old, new) = (try Shared.light().bundle, try Shared.lighter().bundle)
        #expect(try Shared.install(old, prefix).code == 0)
        let before = try Tree.listing(prefix)
        let refused = try Shared.install(new, prefix)
        #expect(refused.code == 6, "\(refused.words)")
        #expect(
            refused.errors.contains("payroll 2026.11.21") && refused.errors.contains("-u"), "\(refused.words)"
        )
        #expect(try Tree.listing(prefix) == before)

        let updated = try Shared.install(new, prefix, ["-u", "--no-compile"])
        #expect(updated.code == 0, "\(updated.words)")
        #expect(updated.output.contains("What was there is kept at \(prefix).airlift-old."))
        #expect(try run([prefix + "/bin/greet"]).output.contains("\"shouter\": \"2.1\""))
        #expect(try Tree.listing(prefix + ".airlift-old") == before)

        // -u keeps what nobody recorded, -f does not.
        try scratch.write("p/notes.txt", "mine")
        let lost = try Shared.install(old, prefix, ["-u", "--no-compile"])
        #expect(lost.code == 6 && lost.errors.contains("notes.txt"), "\(lost.words)")
        #expect(try Tree.text(prefix + "/notes.txt") == "mine")
        let forced = try Shared.install(old, prefix, ["-f", "--no-compile"])
        #expect(forced.code == 0, "\(forced.words)")
        #expect(try run([prefix + "/bin/greet"]).output.contains("\"shouter\": \"2.0\""))
        #expect(try Tree.text(prefix + ".airlift-old/notes.txt") == "mine")
        #expect(try Tree.names(scratch.path) == ["p", "p.airlift-old"])
    }

    @Test func whatAirliftDidNotMakeIsNotTouched() throws {
        let bundle = try Shared.light().bundle
        try scratch.write("p/precious", "mine")
        for flags in [["-f"], ["-u"], []] {
            let ran = try Shared.install(bundle, prefix, flags)
            #expect(ran.code == 6 && ran.errors.contains("--replace-foreign"), "\(ran.words)")
            #expect(try Tree.listing(scratch.path).count == 2)
        }
        let replaced = try Shared.install(bundle, prefix, ["--replace-foreign", "--no-compile"])
        #expect(replaced.code == 0, "\(replaced.words)")
        #expect(try Tree.text(prefix + ".airlift-old/precious") == "mine")

        try scratch.write("file", "mine")
        let file = try Shared.install(bundle, scratch.path + "/file")
        #expect(file.code == 6, "\(file.words)")
        let below = try Shared.install(bundle, scratch.path + "/file/p")
        #expect(below.code == 6 && below.errors.contains("no directory"), "\(below.words)")
        #expect(try Tree.text(scratch.path + "/file") == "mine")
    }

    @Test func constructorsFlagsAreTaken() throws {
        let help = try bundle("-h")
        #expect(help.code == 0, "\(help.words)")
        for flag in ["-b", "-p PREFIX", "-u", "-f", "-t", "-s", "-k, -m"] {
            #expect(help.output.contains(flag), "\(help.output)")
        }
        let all = try bundle("-b", "-f", "-s", "-t", "-k", "-m", "-p", "p")
        #expect(all.code == 0, "\(all.words)")
        #expect(all.output.contains("at \(prefix):"), "a relative prefix is below the current directory")
        #expect(try bundle("-bfp", "p").code == 0)
        let none = try bundle("-b")
        #expect(none.code == 2 && none.errors.contains("-p PREFIX"), "\(none.words)")
        for odd in ["/", "a:b", "a\"b"] {
            let ran = try bundle("-b", "-p", odd)
            #expect(ran.code == 2, "\(odd): \(ran.words)")
        }
        #expect(try bundle("-b", "-p", "pré fixe/with space").code == 0)
        #expect(try run([scratch.path + "/pré fixe/with space/bin/greet"]).code == 0)
    }

    @Test func aModuleThatDoesNotImportStopsTheTest() throws {
        let workshop = try Workshop()
        let index = ToyIndex([
            WheelBuilder("broken", "1.0", files: [.init("broken/__init__.py", "raise ValueError('no')\n")])
        ])
        try workshop.spec(index: index.url, requirements: ["broken==1.0"])
        let bundle = try workshop.cut()
        let tested = try Shared.install(bundle, prefix, ["-t", "--no-compile"])
        #expect([1, 3, 5].contains(tested.code), "\(tested.words)")
        #expect(tested.errors.contains("broken") && tested.errors.contains("ValueError"), "\(tested.words)")
        #expect(try Tree.names(scratch.path) == [])
        #expect(try Shared.install(bundle, prefix).code == 0)
    }

    @Test func planWritesNothing() throws {
        let before = try Tree.listing(scratch.path)
        let plan = try bundle("plan", "-p", prefix)
        #expect(plan.code == 0, "\(plan.words)")
        for words in ["payroll 2026.11.21", "nothing is there yet", "2 archives", "met: the free space"] {
            #expect(plan.output.contains(words), "\(plan.output)")
        }
        #expect(try Tree.listing(scratch.path) == before)
        #expect(try Shared.install(Shared.light().bundle, prefix).code == 0)
        #expect(try bundle("plan", "-p", prefix, "--no-compile").output.contains("nothing to do"))
        let other = try run(["sh", Shared.lighter().bundle, "plan", "-p", prefix])
        #expect(other.code == 6 && other.errors.contains("-u"), "\(other.words)")
        #expect(try run(["sh", Shared.lighter().bundle, "plan", "-u", "-p", prefix]).code == 0)
    }

    @Test func everyChangeOfAnInstallationIsFound() throws {
        #expect(try Shared.install(Shared.light().bundle, prefix).code == 0)
        let site = "p/lib/python\(Shared.minorVersion)/site-packages"
        let module = "\(site)/shouter/__init__.py"
        let original = try Tree.bytes(scratch.path + "/" + module)
        func verify() throws -> Outcome { try run([Product.installer, "verify-install", prefix]) }
        #expect(try verify().output.contains("unchanged"))

        try scratch.write(module, "__version__ = '6.6'\n")
        var ran = try verify()
        #expect(
            ran.code == 1 && ran.output.contains("changed: ") && ran.output.contains("shouter/__init__.py"))
        #expect(ran.errors == "", "\(ran.words)")
        unlink(scratch.path + "/" + module)
        ran = try verify()
        #expect(ran.code == 1 && ran.output.contains("missing: "), "\(ran.words)")
        try scratch.write(module, original)
        #expect(try verify().code == 0)
        chmod(scratch.path + "/" + module, 0o755)
        ran = try verify()
        #expect(ran.code == 1 && ran.output.contains("permissions"), "\(ran.words)")
        chmod(scratch.path + "/" + module, 0o644)
        try scratch.write(site + "/sitecustomize.py", "")
        ran = try verify()
        #expect(ran.code == 1 && ran.output.contains("added: "), "\(ran.words)")
        unlink(scratch.path + "/" + site + "/sitecustomize.py")
        // State may change, and Python may compile.
        try scratch.write("p/var/queue", "1")
        #expect(try run([prefix + "/bin/greet"]).code == 0)
        #expect(try verify().code == 0)
        rename(prefix, scratch.path + "/moved")
        ran = try run([Product.installer, "verify-install", scratch.path + "/moved"])
        #expect(ran.code == 1 && ran.output.contains("moved"), "\(ran.words)")
        let none = try run([Product.installer, "verify-install", scratch.path])
        #expect(none.code == 3 && none.errors.contains("no Airlift record"), "\(none.words)")
    }

    @Test func uninstallTakesAwayWhatWasInstalled() throws {
        #expect(try Shared.install(Shared.light().bundle, prefix).code == 0)
        #expect(try run([prefix + "/bin/greet"]).code == 0)
        try scratch.write("p/notes.txt", "mine")
        let refused = try bundle("uninstall", "-p", prefix)
        #expect(refused.code == 6 && refused.errors.contains("notes.txt"), "\(refused.words)")
        unlink(prefix + "/notes.txt")
        let gone = try bundle("uninstall", "-p", prefix)
        #expect(gone.code == 0, "\(gone.words)")
        #expect(try Tree.names(scratch.path) == [])
        let again = try bundle("uninstall", "-p", prefix)
        #expect(again.code == 6 && again.errors.contains("nothing was removed"), "\(again.words)")
    }

    @Test func extractGivesWhatUpstreamPublished() throws {
        let wheel = WheelBuilder("shouter", "2.0")
        let all = try bundle("extract", "--to", "parts")
        #expect(all.code == 0, "\(all.words)")
        #expect(try Tree.bytes(scratch.path + "/parts/archives/wheels/\(wheel.filename)") == wheel.bytes)
        #expect(Tree.exists(scratch.path + "/parts/airlift/manifest.json"))
        let one = try bundle("extract", "--to", "one", wheel.filename)
        #expect(one.code == 0, "\(one.words)")
        #expect(try Tree.listing(scratch.path + "/one").filter { !$0.contains(" directory ") }.count == 1)
        let none = try bundle("extract", "--to", "none", "nothing.whl")
        #expect(none.code == 2 && none.errors.contains("nothing.whl"), "\(none.words)")
        #expect(!Tree.exists(scratch.path + "/none"))
    }

    @Test func infoAndListSayWhatIsInside() throws {
        let info = try bundle("info")
        #expect(info.code == 0 && info.errors == "", "\(info.words)")
        for words in ["payroll", "2026.11.21 (serial", "linux-64", "bundle digest", "2 (2 wheels)"] {
            #expect(info.output.contains(words), "\(info.output)")
        }
        let list = try bundle("list")
        #expect(list.code == 0, "\(list.words)")
        #expect(list.output.contains("greeter") && list.output.contains("shouter"), "\(list.output)")
        let verified = try bundle("verify")
        #expect(verified.code == 0 && verified.output.contains("undamaged"), "\(verified.words)")
        #expect(try bundle("--version").output.hasSuffix("\n"))
    }
}

/// `host = "3.11"`: nothing is carried, the target's own interpreter serves.
@Suite struct HostInterpreterTests {
    @Test func standsOverTheHostsInterpreter() throws {
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        let landed = try Shared.install(Shared.light().bundle, prefix)
        #expect(landed.code == 0, "\(landed.words)")
        #expect(!Tree.exists(prefix + "/base"))
        let greeted = try run([prefix + "/bin/greet"])
        #expect(greeted.output.contains("\"base_prefix\": \"/usr\""), "\(greeted.words)")
        #expect(greeted.output.contains("\"prefix\": \"\(prefix)\""))
        #expect(try Tree.text(prefix + "/pyvenv.cfg").contains("home = /usr/bin"))
    }

    @Test func saysWhatItFoundWhereThereIsNone() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.spec(index: index.url, python: "host = \"3.99\"")
        let bundle = try workshop.cut()
        let prefix = workshop.path + "/p"
        let ran = try Shared.install(bundle, prefix)
        #expect(ran.code == 5, "\(ran.words)")
        #expect(
            ran.errors.contains("3.99") && ran.errors.contains("cpython \(Shared.minorVersion)")
                && ran.errors.contains("--python"), "\(ran.words)")
        #expect(ran.errors.split(separator: "\n").count == 1)
        #expect(!Tree.exists(prefix) && !Tree.exists(prefix + ".airlift-new"))
        let plan = try run(["sh", bundle, "plan", "-p", prefix])
        #expect(plan.code == 5 && plan.errors.contains("3.99"), "\(plan.words)")
    }

    @Test func theNamedOneIsTakenOrRefused() throws {
        let bundle = try Shared.light().bundle
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        for (python, words) in [("/usr/bin/true", "does not run"), (scratch.path + "/none", "does not run")] {
            let ran = try Shared.install(bundle, prefix, ["--python", python])
            #expect(
                ran.code == 5 && ran.errors.contains(python) && ran.errors.contains(words), "\(ran.words)")
            #expect(try Tree.names(scratch.path) == [])
        }
        // A version manager's shell script stands before the interpreter.
        let shim = try scratch.write(
            "shim", "#!/bin/sh\nexec /usr/bin/python3 \"$@\"\n", permissions: 0o755)
        let ran = try Shared.install(bundle, prefix, ["--no-compile", "--python", shim])
        #expect(ran.code == 0, "\(ran.words)")
        #expect(try run([prefix + "/bin/greet"]).code == 0)
    }
}
