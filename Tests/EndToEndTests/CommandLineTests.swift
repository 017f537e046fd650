import Glibc
import TestSupport
import Testing

/// What every command has in common.
@Suite struct CommandLineTests {
    @Test func helpShowsAnExample() throws {
        var all: [[String]] = []
        for program in try [Product.airlift, Product.installer] {
            let commands = try Commands.of(program)
            all += ([[]] + commands.groups + commands.leaves.map(\.path)).map { [program] + $0 }
        }
        for command in all {
            let ran = try run(command + ["--help"])
            #expect(ran.code == 0, "\(command): \(ran.words)")
            #expect(ran.errors == "")
            #expect(
                ran.output.contains("\n  airlift") || ran.output.contains("\n  sh payroll")
                    || ran.output.contains("\n  /opt/payroll"), "\(command)")
            #expect(ran.output.hasSuffix("\n"))
            let long = ran.output.split(separator: "\n").filter { $0.count > 80 && !$0.hasPrefix("USAGE:") }
            #expect(long.isEmpty, "\(long)")
            let short = try run(command + ["-h"])
            #expect(short.code == 0 && short.bytes == ran.bytes)
        }
    }

    @Test func anUnknownOptionIsWrongUsage() throws {
        var all = [[try Product.installer]]
        for program in try [Product.airlift, Product.installer] {
            all += try Commands.of(program).leaves.map { [program] + $0.path }
        }
        // What follows a program's name is the program's own.
        for command in all where command.last != "exec" {
            let ran = try run(command + ["--unknown-option", "x"])
            #expect(ran.code == 2, "\(command): \(ran.words)")
            #expect(ran.output == "" && ran.errors.hasSuffix("\n"), "\(ran.words)")
            let json = try run(command + ["--unknown-option", "--json"])
            #expect(json.code == 2)
            #expect(try Self.document(json).hasPrefix("{\"error\":{\"code\":2,"), "\(json.words)")
        }
        #expect(try run([Product.airlift, "no-such-command"]).code == 2)
        #expect(try run([Product.installer, "exec", "--unknown-option", "x"]).code == 2)
        #expect(try run([Product.airlift]).code == 0)
    }

    /// The standard output, if Python takes it for exactly one JSON document.
    private static func document(_ ran: Outcome) throws -> String {
        let scratch = TemporaryDirectory()
        let path = try scratch.write("document.json", ran.bytes)
        let parsed = try run(["/usr/bin/python3", "-I", "-c", "import json; json.load(open('\(path)'))"])
        return parsed.code == 0 ? ran.output : "no document: \(ran.words)"
    }

    /// Every command with `--json`, well and ill.
    @Test func jsonIsOneDocument() throws {
        let flown = try Shared.light()
        let scratch = TemporaryDirectory()
        let workshop = try Workshop()
        let (prefix, bundle) = (scratch.path + "/p", flown.bundle)
        let airlift = try Product.airlift
        let installer = try Product.installer
        let project = workshop.project
        let good: [[String]] = [
            [airlift, "init", workshop.path + "/fresh"], [airlift, "lock", project],
            [airlift, "lock", "--check", project], [airlift, "fetch", project], [airlift, "cut", project],
            [airlift, "inspect", bundle], [airlift, "inspect", project], [airlift, "diff", bundle, bundle],
            [airlift, "verify", bundle],
            [airlift, "python", "capture", "/usr/bin/python3", "-o", scratch.path + "/python.tar.zst"],
            [installer, "plan", bundle, "-p", prefix], [installer, "install", bundle, "-b", "-p", prefix],
            ["sh", bundle, "-b", "-p", prefix], [airlift, "inspect", prefix],
            [airlift, "diff", prefix, bundle],
            [installer, "info", bundle], [installer, "list", bundle], [installer, "verify", bundle],
            [installer, "verify-install", prefix],
            [installer, "extract", "--bundle", bundle, "--to", scratch.path + "/parts"],
            [installer, "uninstall", "-p", prefix],
        ]
        try workshop.spec(index: flown.index.url)
        for command in good {
            let ran = try run(command + ["--json"], environment: workshop.environment)
            #expect(ran.code == 0, "\(command): \(ran.words)")
            let document = try Self.document(ran)
            #expect(document.hasPrefix("{") || document.hasPrefix("["), "\(command): \(document)")
            #expect(!document.hasPrefix("{\"error\""))
        }
        let nothing = scratch.path + "/nothing"
        let bad: [[String]] = [
            [airlift, "init", project], [airlift, "lock", nothing], [airlift, "fetch", nothing],
            [airlift, "cut", nothing], [airlift, "inspect", nothing], [airlift, "diff", nothing, bundle],
            [airlift, "verify", nothing], [airlift, "python", "capture", nothing, "-o", nothing],
            [installer, "plan", nothing, "-p", prefix], [installer, "install", nothing, "-b", "-p", prefix],
            ["sh", bundle, "-b"], [installer, "info", nothing], [installer, "list", nothing],
            [installer, "verify", nothing], [installer, "verify-install", nothing],
            [installer, "extract", "--bundle", nothing, "--to", nothing],
            [installer, "uninstall", "-p", nothing], [installer, "info"],
            [airlift, "fetch", "--jobs", "0", project],
        ]
        for command in bad {
            let ran = try run(command + ["--json"], environment: workshop.environment)
            #expect(ran.code != 0 && ran.code != 70 && ran.signal == nil, "\(command): \(ran.words)")
            let document = try Self.document(ran)
            #expect(document.hasPrefix("{\"error\":{\"code\":\(ran.code),"), "\(command): \(document)")
            #expect(!ran.errors.isEmpty)
            #expect(!Tree.exists(nothing), "\(command)")
        }
    }

    @Test func quietIsQuiet() throws {
        let flown = try Shared.light()
        let workshop = try Workshop()
        try workshop.spec(index: flown.index.url)
        let prefix = workshop.path + "/p"
        for command in [
            [try Product.airlift, "lock", workshop.project],
            [try Product.airlift, "fetch", workshop.project],
            [try Product.airlift, "cut", workshop.project], [try Product.airlift, "verify", flown.bundle],
            ["sh", flown.bundle, "-b", "-p", prefix], ["sh", flown.bundle, "verify"],
            ["sh", flown.bundle, "verify-install", prefix], ["sh", flown.bundle, "uninstall", "-p", prefix],
        ] {
            let ran = try run(command + ["--quiet"], environment: workshop.environment)
            #expect(ran.code == 0 && ran.output == "" && ran.errors == "", "\(command): \(ran.words)")
        }
        let failed = try workshop.airlift("verify", "--quiet", workshop.path + "/nothing")
        #expect(failed.code != 0 && failed.errors.contains("nothing"))
    }

    @Test func pipesGetNeitherColoursNorProgress() throws {
        let flown = try Shared.whole()
        let scratch = TemporaryDirectory()
        for command in [
            ["sh", flown.bundle, "plan", "-p", scratch.path + "/p"],
            ["sh", flown.bundle, "-b", "--no-sync", "-p", scratch.path + "/p"],
            ["sh", flown.bundle, "verify"],
            [try Product.airlift, "verify", flown.bundle],
        ] {
            let ran = try run(command, environment: ["TERM": "xterm-256color"])
            #expect(ran.code == 0, "\(ran.words)")
            #expect(!ran.words.contains("\u{1b}") && !ran.words.contains("\r"), "\(ran.words)")
            #expect(ran.errors == "")
            #expect(ran.output.hasSuffix("\n"))
        }
    }

    @Test(.enabled(if: Program.exists("script"), "script is not here"))
    func terminalsGetColoursUnlessToldNotTo() throws {
        let bundle = try Shared.light().bundle
        let command = ["script", "-qec", "sh '\(bundle)' plan -p /opt/nothing-there", "/dev/null"]
        let colored = try run(command, environment: ["TERM": "xterm"])
        #expect(colored.code == 0 && colored.output.contains("\u{1b}[1mpayroll"), "\(colored.words)")
        for variables in [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]] {
            let plain = try run(command, environment: variables)
            #expect(plain.code == 0 && !plain.output.contains("\u{1b}"), "\(plain.words)")
            #expect(plain.output.contains("payroll"))
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionsComeOut(shell: String) throws {
        for program in [try Product.airlift, try Product.installer] {
            let ran = try run([program, "--generate-completion-script", shell])
            #expect(ran.code == 0 && ran.errors == "", "\(ran.words)")
            #expect(ran.output.contains("verify"))
            let scratch = TemporaryDirectory()
            let path = try scratch.write("completions", ran.bytes)
            guard Program.exists(shell) else { continue }
            #expect(try run([shell, "-n", path]).words == "exit code 0\n")
        }
    }

    @Test func aMistypedCommandIsUnderstood() throws {
        let bundle = try Shared.light().bundle
        for (command, meant) in try [
            ([Product.airlift, "verfy", bundle], "verify"), ([Product.airlift, "wheel", "chek"], "check"),
            ([Product.installer, "verfy-install", "/opt/x"], "verify-install"),
            (["sh", bundle, "uninstal", "-p", "/opt/x"], "uninstall"),
            (["sh", bundle, "rolback"], "rollback"),
        ] {
            let ran = try run(command)
            #expect(ran.code == 2 && ran.output == "", "\(ran.words)")
            #expect(ran.errors.contains("did you mean '\(meant)'?"), "\(ran.words)")
            let json = try run(command + ["--json"])
            #expect(json.code == 2 && json.output.contains("did you mean '\(meant)'?"), "\(json.words)")
        }
    }

    @Test func verboseIsSaidBesideTheResult() throws {
        let flown = try Shared.light()
        for command in [[try Product.airlift, "verify", flown.bundle], ["sh", flown.bundle, "verify"]] {
            let plain = try run(command)
            let verbose = try run(command + ["-v"])
            #expect(verbose.code == 0 && verbose.bytes == plain.bytes, "\(verbose.words)")
            #expect(plain.errors == "")
            #expect(verbose.errors.contains("Verifying: ") && verbose.errors.contains("exit code 0"))
            #expect(try run(command + ["-v", "-q"]).code == 2)
        }
    }

    @Test func theLogTellsWhatWasSaidAndMore() throws {
        let flown = try Shared.light()
        let scratch = TemporaryDirectory()
        let log = scratch.path + "/log"
        let prefix = scratch.path + "/p"
        func lines() throws -> [String] { try Tree.text(log).split(separator: "\n").map(String.init) }
        let installed = try run(
            ["sh", flown.bundle, "-b", "--no-sync", "-q", "-p", prefix, "--log-file", log])
        #expect(installed.words == "exit code 0\n")
        let first = try lines()
        #expect(first.first?.contains(" info: airlift-installer ") == true)
        #expect(
            first.contains { $0.contains(" info: Installed payroll 2026.11.21 at \(prefix)") }, "\(first)")
        #expect(first.contains { $0.contains(" detail: Unpacking: ") })
        #expect(first.last?.contains(" detail: ended with exit code 0 ") == true)
        #expect(first.allSatisfy { $0.dropFirst(19).hasPrefix("Z airlift-installer[") }, "\(first)")

        let failed = try run([Product.airlift, "verify", scratch.path + "/nothing", "--log-file", log])
        #expect(failed.code == 7)
        let mistyped = try run([Product.airlift, "verfy", "--json", "--log-file=\(log)"])
        #expect(mistyped.code == 2)
        let all = try lines()
        #expect(Array(all.prefix(first.count)) == first)
        let errors = all.filter { $0.contains(" error: ") }
        #expect(errors.count == 2 && errors[0].contains("cannot open"), "\(errors)")
        #expect(errors.last?.contains("did you mean") == true)
    }

    @Test func aLogHoldsNoPasswords() throws {
        let flown = try Shared.light()
        let scratch = TemporaryDirectory()
        let log = scratch.path + "/log"
        let ran = try run([
            Product.airlift, "index", "--url", "https://ada:secret@files.example.org/t/token/x", flown.bundle,
            scratch.path + "/index", "--log-file", log,
        ])
        #expect(ran.code == 0, "\(ran.words)")
        let program = try run([
            Product.installer, "exec", "--root", scratch.path + "/nothing", "--log-file", log, "payroll",
            "secret",
        ])
        #expect(program.code == 7, "\(program.words)")
        let text = try Tree.text(log)
        #expect(text.contains("--url https://… "), "\(text)")
        #expect(text.contains(" -- payroll …"), "\(text)")
        #expect(!text.contains("secret") && !text.contains("token"), "\(text)")
    }

    @Test func aLogThatCannotBeOpenedIsSaidBeforeAnythingIsDone() throws {
        let flown = try Shared.light()
        let scratch = TemporaryDirectory()
        for log in ["/proc/nothing", scratch.path, scratch.path + "/missing/log"] {
            let ran = try run([
                "sh", flown.bundle, "-b", "-p", scratch.path + "/p", "--json", "--log-file", log,
            ])
            #expect(ran.code == 7 && ran.output.contains("--log-file"), "\(ran.words)")
            #expect(!Tree.exists(scratch.path + "/p"))
        }
        let full = try run([
            "sh", flown.bundle, "-b", "--no-sync", "-p", scratch.path + "/p", "--log-file", "/dev/full",
        ])
        #expect(full.code == 0, "\(full.words)")
        #expect(full.errors.split(separator: "\n").count == 1 && full.errors.contains("lacks a line"))
    }

    @Test func aClosedPipeIsNoCrash() throws {
        let bundle = try Shared.whole().bundle
        let ran = try run(["sh", "-c", "'\(Product.airlift)' inspect --json '\(bundle)' | head -c 1"])
        #expect(ran.code == 0 && ran.errors == "", "\(ran.words)")
        let closed = try run(["sh", "-c", "'\(Product.airlift)' verify '\(bundle)' >&- 2>&- <&-"])
        #expect(closed.code == 0, "\(closed.words)")
    }
}

/// A licence is shown and asked for, on a terminal only.
@Suite(.enabled(if: Program.exists("script"), "script gives a terminal")) struct LicenseTests {
    // Unsafe for the compiler alone: made once by a lazy static, and only read after that.
    nonisolated(unsafe) private static let cut = Result {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.scratch.write("payroll/LICENSE", "Be kind.\n")
        try workshop.spec(index: index.url, more: "[install]\nlicense = \"LICENSE\"")
        return Shared.Cut(workshop: workshop, index: index, bundle: try workshop.cut())
    }

    /// Types words into a terminal on which the bundle runs.
    private func onTerminal(_ command: String, typing words: String) throws -> Outcome {
        let scratch = TemporaryDirectory()
        let input = try scratch.write("input", words)
        return try run(
            ["sh", "-c", "{ sleep 1; cat; sleep 2; } | script -qec \"$0\" /dev/null", command], input: input)
    }

    @Test func isAskedForOnATerminal() throws {
        let bundle = try Self.cut.get().bundle
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        let command = "sh '\(bundle)' --no-sync --no-compile -p '\(prefix)'"
        let refused = try onTerminal(command, typing: "no\n")
        #expect(refused.code == 8, "\(refused.words)")
        #expect(
            refused.output.contains("Be kind.") && refused.output.contains("[yes/no]"), "\(refused.words)")
        #expect(try Tree.names(scratch.path) == [])
        let accepted = try onTerminal(command, typing: "yes\n")
        #expect(accepted.code == 0 && Tree.exists(prefix + "/bin/greet"), "\(accepted.words)")
        // Nothing is to be installed, so nothing is to be accepted.
        let again = try run(["sh", bundle, "--no-compile", "-p", prefix])
        #expect(again.code == 0 && again.output.contains("already"), "\(again.words)")
    }

    @Test func isAcceptedByTheBatchFlagAndNeverBySilence() throws {
        let bundle = try Self.cut.get().bundle
        let scratch = TemporaryDirectory()
        let silent = try run(["sh", bundle, "-p", scratch.path + "/p"])
        #expect(silent.code == 2, "\(silent.words)")
        #expect(silent.errors.contains("-b") && silent.errors.contains("extract"), "\(silent.words)")
        #expect(try Tree.names(scratch.path) == [])
        #expect(try Shared.install(bundle, scratch.path + "/p").code == 0)
    }

    @Test func aPromptCanBeLeft() throws {
        let bundle = try Self.cut.get().bundle
        let scratch = TemporaryDirectory()
        let ran = try onTerminal("sh '\(bundle)' -p '\(scratch.path)/p'", typing: "\u{3}")
        #expect(ran.code == 130, "\(ran.words)")
        #expect(try Tree.names(scratch.path) == [])
    }
}
