import Files
import Glibc
import TestSupport
import Testing

/// init → lock → fetch → cut → carry → install with no network → run.
@Suite struct FlightTests {
    @Test func fliesFromAFirstSpecToARunningScript() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        let began = try workshop.airlift(
            "init", workshop.project, "--python", "host", "--python-version", Shared.minorVersion,
            "--requirement", "greeter==1.0", "--requirement", "shouter==2.0")
        #expect(began.code == 0 && began.output.contains("Next: airlift lock"), "\(began.words)")
        // What a person edits: the index, and the interpreter to carry.
        let first = try Tree.text(workshop.project + "/bundle.toml")
        let edited =
            first
            .replacing("host = \"\(Shared.minorVersion)\"", with: try Shared.carried(in: workshop))
            .replacing("[wheels]", with: "[wheels]\nindex = [\"\(index.url)\"]")
        try workshop.scratch.write("payroll/bundle.toml", edited)

        let locked = try workshop.airlift("lock", workshop.project)
        #expect(locked.code == 0 && locked.output.contains("archives for linux-64"), "\(locked.words)")
        let fetched = try workshop.airlift("fetch", workshop.project)
        #expect(fetched.code == 0 && fetched.output.contains("are in the store"), "\(fetched.words)")
        let cut = try workshop.airlift(
            "cut", "--locked", "--offline", workshop.project, "--calver", "2026.11.21")
        #expect(cut.code == 0 && cut.output.contains("Bundle digest"), "\(cut.words)")
        let bundle = workshop.project + "/dist/payroll-2026.11.21-linux-64.sh"
        #expect(
            try Tree.names(workshop.project + "/dist") == [
                "airlift-installer-linux-64", "payroll-2026.11.21-linux-64.sh",
            ])
        #expect(
            try Tree.bytes(workshop.project + "/dist/airlift-installer-linux-64")
                == Tree.bytes(Product.installer))

        let prefix = workshop.path + "/landing/payroll"
        let landed = try isolated(["sh", bundle, "-b", "-p", prefix], home: workshop.path)
        #expect(landed.code == 0, "\(landed.words)")
        #expect(landed.output.contains("Installed payroll 2026.11.21 at \(prefix)"))
        let ran = try isolated([prefix + "/bin/greet"], home: workshop.path)
        #expect(ran.code == 0, "\(ran.words)")
        #expect(ran.output.contains("\"base_prefix\": \"\(prefix)/base\""), "\(ran.output)")
        #expect(ran.output.contains("\"prefix\": \"\(prefix)\""))
        // Nothing is left beside the environment.
        #expect(try Tree.names(workshop.path + "/landing") == ["payroll"])
    }

    /// With no network and the host's Pythons hidden, where this user may do that.
    private func isolated(_ command: [String], home: String) throws -> Outcome {
        let wrapped = Machine.mayMount ? ["sh", Product.root + "/installers/isolated.sh"] + command : command
        return try run(wrapped, environment: ["HOME": home])
    }

    @Test func landsEverythingThatWasCarried() throws {
        let flown = try Shared.whole()
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        let landed = try Shared.install(flown.bundle, prefix, ["-t"])
        #expect(landed.code == 0, "\(landed.words)")
        #expect(try Tree.text(prefix + "/etc/payroll.toml") == "rate = 3\n")
        let site = "\(prefix)/lib/python\(Shared.minorVersion)/site-packages"
        #expect(try Tree.text(site + "/greeter/data/größe.txt") == "groß\n")
        #expect(try Tree.text(site + "/greeter-1.0.dist-info/INSTALLER").hasPrefix("airlift"))
        let pip = try run([
            prefix + "/bin/python", "-I", "-c",
            "import importlib.metadata as m; print(sorted(d.name for d in m.distributions()))",
        ])
        #expect(pip.output == "['greeter', 'shouter']\n", "\(pip.words)")
        let activated = try run([
            "sh", "-c", ". '\(prefix)/bin/activate' && command -v greet && greet",
        ])
        #expect(activated.output.hasPrefix(prefix + "/bin/greet\n"), "\(activated.words)")
    }

    @Test func lockingAgainWritesTheSameBytes() throws {
        let workshop = try Workshop()
        let index = ToyIndex(form: .html)
        try workshop.spec(index: index.url)
        #expect(try workshop.airlift("lock", workshop.project).code == 0)
        let first = try Tree.bytes(workshop.project + "/conda-lock.yml")
        let again = try workshop.airlift("lock", workshop.project)
        #expect(again.output.contains("(unchanged)"), "\(again.words)")
        #expect(try Tree.bytes(workshop.project + "/conda-lock.yml") == first)
        #expect(try workshop.airlift("lock", "--check", workshop.project).code == 0)
        try workshop.spec(index: index.url, requirements: ["shouter==2.0"])
        let check = try workshop.airlift("lock", "--check", workshop.project)
        #expect(check.code == 1 && check.output.contains("run: airlift lock"), "\(check.words)")
        #expect(try Tree.bytes(workshop.project + "/conda-lock.yml") == first)
        let cut = try workshop.airlift("cut", "--locked", workshop.project)
        #expect(cut.code == 1 && cut.errors.contains("run: airlift lock"), "\(cut.words)")
        #expect(!Tree.exists(workshop.project + "/dist"))
    }

    /// Same lock, same CalVer, same installer → the same bytes on any build host.
    @Test func theSameLockGivesTheSameBytesOnAnyMachine() throws {
        let index = ToyIndex()
        let here = try Workshop()
        try here.spec(index: index.url, python: Shared.carried(in: here))
        let first = try here.cut()
        #expect(try Tree.digest(here.cut(to: here.path + "/again")) == Tree.digest(first))

        let there = try Workshop()
        try there.spec(index: index.url, python: Shared.carried(in: there))
        let lock = try Tree.text(here.project + "/conda-lock.yml")
        try there.scratch.write("payroll/conda-lock.yml", lock)
        var command = [
            "sh", "-c", "umask 077 && exec \"$0\" \"$@\"", try Product.airlift, "cut", "--locked",
            there.project, "--output", there.path + "/elsewhere", "--calver", "2026.11.21",
        ]
        if Machine.mayMount {
            command =
                ["unshare", "-u", "sh", "-c", "hostname unheard-of-host && exec \"$0\" \"$@\""] + command
        }
        let variables = [
            "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8",
            "USER": "unheard-of-user",
            "HOME": there.path + "/home/unheard-of-home", "AIRLIFT_CACHE": there.path + "/another cache",
        ]
        let ran = try run(command, in: there.project, environment: variables)
        #expect(ran.code == 0, "\(ran.words)")
        let second = there.path + "/elsewhere/payroll-2026.11.21-linux-64.sh"
        let bytes = try Tree.bytes(second)
        #expect(try Tree.bytes(first) == bytes)
        #expect(try Tree.text(there.project + "/conda-lock.yml") == lock)

        for secret in ["unheard-of", here.path, there.path, Product.root + "/"] {
            #expect(!contains(bytes, secret), "'\(secret)' is in the bundle")
        }
        #expect(contains(bytes, "greeter-1.0-py3-none-any.whl"))
    }

    private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        Bytes.place(of: Array(text.utf8), in: bytes) != nil
    }

    @Test func oneDayOneVersionUnlessThePatternCounts() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.spec(index: index.url, version: "YY.0M.MICRO")
        let day = ["SOURCE_DATE_EPOCH": "1795219200"]  // 2026-11-21
        for expected in ["26.11.0", "26.11.1"] {
            let cut = try workshop.airlift("cut", workshop.project, environment: day)
            #expect(cut.output.contains("payroll-\(expected)-linux-64.sh"), "\(cut.words)")
        }
        try workshop.spec(index: index.url)
        #expect(try workshop.airlift("cut", workshop.project, environment: day).output.contains("2026.11.21"))
        let again = try workshop.airlift("cut", workshop.project, environment: day)
        #expect(again.code == 0 && again.output.contains("Unchanged"), "\(again.words)")
        try workshop.spec(index: index.url, requirements: ["shouter==2.0"])
        let other = try workshop.airlift("cut", workshop.project, environment: day)
        #expect(other.code == 6 && other.errors.contains("--replace"), "\(other.words)")
        #expect(try workshop.airlift("cut", workshop.project, "--replace", environment: day).code == 0)
    }

    @Test(.enabled(if: Machine.mayTrace, "strace is not here"))
    func opensNoSocketWhereItPromisesNone() throws {
        let flown = try Shared.light()
        let workshop = flown.workshop
        let prefix = TemporaryDirectory()
        let out = TemporaryDirectory()
        let commands = [
            [
                try Product.airlift, "cut", "--offline", workshop.project, "--output", out.path, "--calver",
                "2026.11.21",
            ],
            ["sh", flown.bundle, "-b", "-p", prefix.path + "/p"],
        ]
        for command in commands {
            let log = out.path + "/trace"
            let ran = try run(
                ["strace", "-f", "-qq", "-e", "trace=network", "-o", log] + command,
                environment: workshop.environment)
            #expect(ran.code == 0, "\(ran.words)")
            let calls = try Tree.text(log).split(separator: "\n").filter { $0.contains("AF_INET") }
            #expect(calls.isEmpty, "\(calls)")
        }
        // The twin: a lock asks the index, and the trace shows it.
        let asking = try Workshop()
        try asking.spec(index: flown.index.url)
        let log = out.path + "/trace"
        let ran = try run(
            [
                "strace", "-f", "-qq", "-e", "trace=network", "-o", log, Product.airlift, "lock",
                asking.project,
            ],
            environment: asking.environment)
        #expect(ran.code == 0, "\(ran.words)")
        #expect(try Tree.text(log).contains("AF_INET"))
    }

    @Test func aPlatformThatTheSpecLacksIsWrongUsage() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.spec(index: index.url)
        let cut = try workshop.airlift("cut", workshop.project, "--platform", "osx-arm64")
        #expect(cut.code == 2, "\(cut.words)")
        #expect(cut.errors == "airlift: the spec has no platform 'osx-arm64'; it has linux-64\n")
    }

    @Test func offlineSaysWhatIsMissing() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.spec(index: index.url)
        let lock = try workshop.airlift("lock", "--offline", workshop.project)
        #expect(lock.code == 9 && lock.errors.contains("offline"), "\(lock.words)")
        #expect(try workshop.airlift("lock", workshop.project).code == 0)
        let fetch = try workshop.airlift("fetch", "--offline", workshop.project)
        #expect(fetch.code == 9 && fetch.errors.contains("fetch it once while connected"), "\(fetch.words)")
        #expect(index.server.count("/files/greeter-1.0-py3-none-any.whl") == 0)
    }
}
