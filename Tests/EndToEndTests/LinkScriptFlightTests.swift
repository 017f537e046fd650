import Digests
import Files
import Glibc
import TestSupport
import Testing

/// Link scripts from the spec to the host, through the executables.
@Suite struct LinkScriptFlightTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    private var prefix: String { workshop.path + "/landing/p" }
    private var ready: String { workshop.path + "/ready" }

    /// `demo`, whose script waits for ever where `WAIT` is set.
    private func bundle(allowing names: [String], calver: String = "2026.11.21") throws -> String {
        let demo = CondaPackageBuilder("demo", "1.0", "h0_7") {
            $0.buildNumber = 7
            $0.linkScripts = [
                "post-link": """
                if [ -n "${WAIT-}" ]; then touch \(ready); sleep "$WAIT"; fi
                echo "$PKG_NAME $PKG_VERSION $PKG_BUILDNUM" > "$PREFIX/share/ran"
                echo "good to know" >> "$PREFIX/.messages.txt"
                """,
                "pre-unlink": "rm -f \(ready)",
            ]
            $0.menus = ["demo.json": "{}"]
            $0.files.append(.file("etc/conda/activate.d/demo.sh", "export DEMO=active\n"))
        }
        let channel = try CondaChannelBuilder([demo]).write(to: workshop.scratch)
        try workshop.scratch.write(
            "payroll/bundle.toml",
            """
            name = "payroll"
            platforms = ["linux-64"]

            [python]
            host = "\(Shared.minorVersion)"

            [conda]
            channels = ["\(channel)"]
            dependencies = ["demo =1.0=h0_7"]
            link_scripts = [\(names.map { "\"\($0)\"" }.joined(separator: ", "))]

            """)
        return try workshop.cut(calver: calver)
    }

    private func install(_ bundle: String, _ arguments: [String] = []) throws -> Outcome {
        try run(["sh", bundle, "-b", "-p", prefix, "--no-sync"] + arguments)
    }

    @Test func theSpecAllowsAndTheInstallerShows() throws {
        let bundle = try bundle(allowing: ["demo"])
        let info = try run(["sh", bundle, "info"])
        #expect(info.output.contains("post-link of demo-1.0-h0_7"), "\(info.words)")
        #expect(info.output.contains("runs when the environment is in place"), "\(info.words)")
        #expect(info.output.contains("Menu/demo.json"), "\(info.words)")
        let list = try run(["sh", bundle, "list"])
        #expect(list.output.contains("h0_7") && list.output.contains("linux-64"), "\(list.words)")
        let plan = try run(["sh", bundle, "plan", "-p", prefix, "--json"])
        #expect(plan.output.contains("\"fate\":\"runs\""), "\(plan.words)")
        #expect(plan.output.contains("\"menus\":[\"Menu/demo.json\"]"), "\(plan.words)")
        let without = try run(["sh", bundle, "plan", "-p", prefix, "-s"])
        #expect(without.output.contains("does not run"), "\(without.words)")

        let landed = try install(bundle)
        #expect(landed.code == 0 && landed.output.contains("good to know"), "\(landed.words)")
        #expect(try Tree.text(prefix + "/share/ran") == "demo 1.0 7\n")
        let verified = try run([Product.installer, "verify-install", prefix])
        #expect(verified.code == 0, "\(verified.words)")
        let active = try run([
            "sh", "-euc", ". '\(prefix)/bin/activate'; echo $DEMO; deactivate; echo ${CONDA_PREFIX-none}",
        ])
        #expect(active.output == "active\nnone\n", "\(active.words)")

        try workshop.scratch.write("ready", "")
        let removed = try run([Product.installer, "uninstall", "-p", prefix])
        #expect(removed.code == 0 && !Tree.exists(prefix) && !Tree.exists(ready), "\(removed.words)")
    }

    @Test func nothingRunsUnlessItIsAskedFor() throws {
        let bundle = try bundle(allowing: [])
        let landed = try install(bundle)
        #expect(landed.code == 0 && !Tree.exists(prefix + "/share/ran"), "\(landed.words)")
        let both = try install(bundle, ["-s", "--link-scripts", "demo"])
        #expect(both.code == 2, "\(both.words)")
        let unknown = try install(bundle, ["-u", "--link-scripts", "nothing"])
        #expect(unknown.code == 2 && unknown.errors.contains("'nothing'"), "\(unknown.words)")
        let asked = try install(bundle, ["-u", "--link-scripts", "demo", "--json"])
        #expect(asked.code == 0 && Tree.exists(prefix + "/share/ran"), "\(asked.words)")
        #expect(asked.output.contains("\"messages\":\"good to know\""), "\(asked.words)")
    }

    @Test func aLimitEndsAScript() throws {
        let bundle = try bundle(allowing: ["demo"])
        let ran = try run(
            ["sh", bundle, "-b", "-p", prefix, "--link-script-timeout", "1"], environment: ["WAIT": "1001"])
        #expect(ran.code == 5 && ran.errors.contains("did not end within 1 seconds"), "\(ran.words)")
        #expect(try Tree.names(workshop.path + "/landing").isEmpty)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aStoppedScriptLeavesNothing(signal: Int32) throws {
        let bundle = try bundle(allowing: ["demo"])
        let install = try Program(
            ["sh", bundle, "-b", "-p", prefix, "--no-sync"], environment: ["WAIT": "1002\(signal)"])
        #expect(install.waitUntil { Tree.exists(ready) })
        install.send(signal)
        let ran = try install.wait(seconds: 30)
        #expect(ran.code == 128 + signal, "\(ran.words)")
        #expect(try Tree.names(workshop.path + "/landing").isEmpty)
        #expect(try run(["pgrep", "-f", "sleep 1002\(signal)$"]).output == "")
    }

    @Test(arguments: [false, true]) func aKilledInstallerIsTakenBackByTheNext(replacing: Bool) throws {
        let first = try bundle(allowing: [])
        if replacing { #expect(try self.install(first).code == 0) }
        let bundle = try bundle(allowing: ["demo"], calver: "2026.12.1")
        let seconds = replacing ? "10031" : "10030"
        let install = try Program(
            ["sh", bundle, "-b", "-u", "-p", prefix, "--no-sync"], environment: ["WAIT": seconds])
        #expect(install.waitUntil { Tree.exists(ready) })
        install.destroy()
        _ = try install.wait()
        #expect(try run(["pgrep", "-f", "sleep \(seconds)$"]).output != "", "the script is on its own now")
        let report = try run([Product.installer, "verify-install", prefix])
        #expect(report.code == 1 && report.output.contains("unfinished"), "\(report.words)")
        let plan = try run(["sh", bundle, "plan", "-u", "-p", prefix])
        #expect(
            plan.output.contains(replacing ? "2026.11.21 is there" : "nothing is there yet"), "\(plan.words)")

        let again = try self.install(replacing ? first : bundle)
        #expect(
            again.code == 0 && again.output.contains(replacing ? "already" : "Installed"), "\(again.words)")
        #expect(try run(["pgrep", "-f", "sleep \(seconds)$"]).output == "", "the next run ended it")
        #expect(try Tree.names(workshop.path + "/landing") == ["p"])
        #expect(try run([Product.installer, "verify-install", prefix]).code == 0)
    }
}
