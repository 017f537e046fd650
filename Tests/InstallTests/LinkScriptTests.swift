import Bundle
import Failures
import Files
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Install

/// Scripts that conda packages want run: only where somebody said so, and then all or nothing.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct LinkScriptTests {
    let landing = Landing()

    private func package(
        _ name: String = "demo", _ version: String = "1.0", scripts: [String: String],
        _ change: (inout CondaPackageBuilder) -> Void = { _ in }
    ) -> CondaPackageBuilder {
        CondaPackageBuilder(name, version, "h0_3") {
            $0.buildNumber = 3
            $0.linkScripts = scripts
            change(&$0)
        }
    }

    private func install(
        _ packages: [CondaPackageBuilder], linkScripts: [String]? = nil, version: String = "2026.11.21",
        _ change: (inout InstallRequest) -> Void = { _ in }
    ) throws -> InstallOutcome {
        try landing.install(
            landing.bundle(conda: packages, version: version, linkScripts: linkScripts), change)
    }

    @Test func `nothing runs that nobody allowed`() throws {
        let scripts = [
            "post-link": "touch $PREFIX/ran", "pre-link": "touch $PREFIX/ran", "pre-unlink": "exit 1",
        ]
        let bundle = try landing.bundle(conda: [package(scripts: scripts)])
        let plan = try InstallPlan.make(bundle, landing.request())
        #expect(plan.linkScripts.map(\.fate) == [.skipped, .never, .skipped])
        #expect(try plan.apply().linkScripts == [])
        #expect(try landing.status("ran") == nil && landing.faults() == [])
        #expect(try landing.record()?.options.linkScripts == nil)
        _ = try Uninstallation.run(landing.prefix, force: false)
        #expect(try landing.neighbours == [])
    }

    @Test func `an allowed script runs with conda's environment, and what it makes is recorded`() throws {
        let script = """
            printf '%s\\n' "$PREFIX" "$ROOT_PREFIX" "$CONDA_PREFIX" "$PKG_NAME" "$PKG_VERSION" "$PKG_BUILDNUM" > "$PREFIX/share/said"
            echo "${PATH%%:*}" >> "$PREFIX/share/said"
            pwd >> "$PREFIX/share/said"
            echo "$TEST_VAR ${PYTHONPATH-none} $MINE $#" >> "$PREFIX/share/said"
            read line || echo "nothing to read" >> "$PREFIX/share/said"
            echo to the log
            echo and errors >&2
            ln -s said "$PREFIX/share/link"
            echo changed > "$PREFIX/share/demo.txt"
            chmod 600 "$PREFIX/share/mode"
            rm "$PREFIX/share/gone"
            [[ -n x ]] && echo "hello from $PKG_NAME" > "$PREFIX/.messages.txt"
            return 0
            """
        let demo = package(scripts: ["post-link": script]) {
            for name in ["mode", "gone", "same"] { $0.files.append(.file("share/\(name)", name)) }
            $0.files.append(.file("etc/conda/activate.d/x.sh", "export TEST_VAR=set\n"))
        }
        let outcome = try install([demo], linkScripts: ["demo"]) {
            $0.environment = [
                "PATH": "/usr/bin:/bin", "PYTHONPATH": "/nowhere", "MINE": "inherited", "CONDA_SHLVL": "4",
                "BASH_ENV": "/nowhere/evil",
            ]
        }
        let prefix = landing.prefix
        #expect(
            try landing.text("share/said") == """
                \(prefix)
                \(prefix)
                \(prefix)
                demo
                1.0
                3
                \(prefix)/bin
                \(prefix)/bin
                set none inherited 0
                nothing to read

                """)
        #expect(outcome.linkScripts.map(\.messages) == ["hello from demo"])
        #expect(try landing.status(".messages.txt") == nil)
        #expect(try landing.text(outcome.linkScripts[0].log) == "to the log\nand errors\n")
        #expect(try landing.faults() == [])
        let recorded = try landing.recorded()
        #expect(recorded["share/link"]?.content == .link(target: "said"))
        #expect(recorded["share/mode"]?.permissions == 0o600)
        #expect(recorded["share/gone"] == nil && recorded["share/same"] != nil)
        #expect(recorded.count == outcome.files)
        #expect(outcome.record == (try landing.record()))
        #expect(outcome.record.options.linkScripts == ["demo"])
        #expect(try landing.neighbours == ["env"])
        _ = try Uninstallation.run(prefix, force: false)
        #expect(try landing.neighbours == [])
    }

    @Test func `scripts run in the order of the packages, each once`() throws {
        let packages = ["one", "two", "three"].map {
            package($0, scripts: ["post-link": "echo $PKG_NAME >> $PREFIX/order"])
        }
        let told = Told()
        let bundle = try landing.bundle(conda: packages, linkScripts: ["one", "two", "three"])
        let outcome = try InstallPlan.make(bundle, landing.request()).apply { progress in
            if case .linkScript(let name) = progress { told.add(name) }
        }
        #expect(try landing.text("order") == "one\ntwo\nthree\n")
        #expect(told.words == ["one", "two", "three"] && outcome.linkScripts.map(\.package) == told.words)
    }

    @Test(arguments: [
        Case("as the manifest says", (LinkScriptChoice.manifest, ["a"])), Case("none of them", (.none, [])),
        Case("all", (.all, ["a", "b"])), Case("another one too", (.also(["b"]), ["a", "b"])),
    ])
    func `whoever installs has the last word`(choice: Case<(LinkScriptChoice, [String])>) throws {
        let packages = ["a", "b"].map { package($0, scripts: ["post-link": "touch $PREFIX/ran-$PKG_NAME"]) }
        let outcome = try install(packages, linkScripts: ["a"]) { $0.linkScripts = choice.value.0 }
        #expect(outcome.linkScripts.map(\.package) == choice.value.1)
        for name in ["a", "b"] {
            #expect(try (landing.status("ran-\(name)") != nil) == choice.value.1.contains(name))
        }
        let again = try install(packages, linkScripts: ["a"]) { $0.linkScripts = choice.value.0 }
        #expect(!again.changed)
    }

    @Test func `a package without scripts cannot be named`() throws {
        let bundle = try landing.bundle(conda: [
            package(scripts: ["post-link": ":"]), CondaPackageBuilder("plain"),
        ])
        let error = failure {
            try landing.install(bundle) { $0.linkScripts = .also(["plain", "demo", "nothing"]) }
        }
        #expect(error?.kind == .usage)
        #expect(
            error?.description.contains("'plain'") == true && error?.description.contains("'nothing'") == true
        )
        #expect(try landing.neighbours == [])
    }

    @Test func `with other scripts it is another installation`() throws {
        let bundle = try landing.bundle(conda: [package(scripts: ["post-link": "touch $PREFIX/ran"])])
        try landing.install(bundle)
        #expect(failure { try landing.install(bundle) { $0.linkScripts = .all } }?.kind == .targetInTheWay)
        #expect(
            try landing.install(bundle) {
                $0.linkScripts = .all
                $0.update = true
            }.changed)
        #expect(try landing.status("ran") != nil)
    }

    @Test func `a script that fails leaves nothing where nothing was`() throws {
        let script =
            "echo first; echo \"$(printf 'a\\033[2Jb')\" >&2; echo because > $PREFIX/.messages.txt; exit 3"
        let packages = [
            package("good", scripts: ["post-link": "touch $PREFIX/good"]),
            package("bad", scripts: ["post-link": script]),
        ]
        let error = failure { _ = try install(packages, linkScripts: ["good", "bad"]) }
        #expect(error?.kind == .hostRequirements)
        for word in [
            "bad-1.0-h0_3", "post-link", "bin/.bad-post-link.sh", "exit status 3",
            "first / a\\u{1B}[2Jb / because",
        ] {
            #expect(error?.description.contains(word) == true, "\(word) in \(error?.description ?? "")")
        }
        #expect(try landing.neighbours == [])
    }

    @Test func `a script that fails leaves what was there before, and what was kept`() throws {
        _ = try install([package("demo", "1.0", scripts: [:])], version: "2026.1.0")
        _ = try install([package("demo", "2.0", scripts: [:])], version: "2026.2.0") { $0.update = true }
        let before = try landing.snapshot()
        let bad = try landing.bundle(
            conda: [package("demo", "3.0", scripts: ["post-link": "rm -r $PREFIX/share; false"])],
            version: "2026.3.0",
            linkScripts: ["demo"])
        #expect(failure { try landing.install(bad) { $0.update = true } }?.kind == .hostRequirements)
        #expect(try landing.snapshot() == before)
        let good = try landing.bundle(
            conda: [package("demo", "3.0", scripts: ["post-link": "touch $PREFIX/ran"])], version: "2026.3.0",
            linkScripts: ["demo"])
        let outcome = try landing.install(good) { $0.update = true }
        #expect(outcome.replaced == "\(landing.prefix).airlift-old")
        #expect(try landing.neighbours == ["env", "env.airlift-old"])
        #expect(try InstallRecord.read(.open("\(landing.prefix).airlift-old"))?.version == "2026.2.0")
        #expect(try landing.faults() == [])
    }

    @Test func `a script that does not end is ended with all it started`() throws {
        let mark = "4\(UInt32.random(in: 10_000 ... 99_999))"
        let bundle = try landing.bundle(
            conda: [
                package(scripts: ["post-link": "trap '' TERM; sleep \(mark) & echo waiting; sleep \(mark)"])
            ],
            linkScripts: ["demo"])
        let error = failure { try landing.install(bundle) { $0.linkScriptLimit = 1 } }
        #expect(error?.description.contains("did not end within 1 seconds") == true)
        #expect(error?.description.contains("waiting") == true)
        #expect(try landing.neighbours == [])
        #expect(try run(["pgrep", "-f", "sleep \(mark)"], in: "/").output == "")
    }

    @Test func `what a script left running is ended too`() throws {
        let mark = "5\(UInt32.random(in: 10_000 ... 99_999))"
        let outcome = try install([package(scripts: ["post-link": "sleep \(mark) &"])], linkScripts: ["demo"])
        #expect(outcome.linkScripts.count == 1)
        #expect(try run(["pgrep", "-f", "sleep \(mark)"], in: "/").output == "")
    }

    @Test func `output without end is not kept without end`() throws {
        let outcome = try install(
            [package(scripts: ["post-link": "head -c 20000000 /dev/zero"])], linkScripts: ["demo"])
        #expect(try landing.status(outcome.linkScripts[0].log)?.size == 16 << 20)
    }

    @Test func `what no record can describe is refused`() throws {
        let error = failure {
            _ = try install(
                [package(scripts: ["post-link": "mkfifo $PREFIX/share/pipe"])], linkScripts: ["demo"])
        }
        #expect(error?.description.contains("share/pipe") == true)
        #expect(try landing.neighbours == [])
    }

    @Test func `state that a script makes is nobody's`() throws {
        let bundle = try landing.bundle(
            conda: [package(scripts: ["post-link": "mkdir -p $PREFIX/var; echo x > $PREFIX/var/new"])],
            linkScripts: ["demo"])
        try landing.install(bundle)
        #expect(try landing.recorded()["var/new"] == nil && landing.faults() == [])
        #expect(try landing.text("var/new") == "x\n")
    }

    @Test func `a script whose file is not there is an error`() throws {
        let bundle = try landing.bundle(conda: [CondaPackageBuilder("demo")], linkScripts: ["demo"]) {
            $0.archives[$0.archives.count - 1].hooks = ["link script post-link"]
        }
        #expect(failure { try landing.install(bundle) }?.kind == .damaged)
        #expect(try landing.neighbours == [])
    }

    @Test func `on another system they are refused`() throws {
        let bundle = try landing.bundle(
            conda: [package(scripts: ["post-link": "touch $PREFIX/ran"])], linkScripts: ["demo"]
        ) { $0.platform = "osx-64" }
        let error = failure { try landing.install(bundle) }
        #expect(error?.kind == .hostRequirements && error?.description.contains("osx-64") == true)
        #expect(try landing.neighbours == [])
    }

    @Test(arguments: ["bin/activate", "bin/activate.fish"])
    func `conda's own script keeps its place, and ours stands beside and activates for link scripts`(
        path: String
    )
        throws
    {
        let demo = package(scripts: ["post-link": "echo $CONDA_PREFIX > $PREFIX/said"]) {
            $0.files.append(.file(path, "exit 9\n"))
        }
        let outcome = try install([demo], linkScripts: ["demo"])
        #expect(outcome.activation == "bin/airlift-activate")
        #expect(try landing.text(path) == "exit 9\n")
        #expect(try landing.text("said") == "\(landing.prefix)\n")
        let other = path == "bin/activate" ? "bin/activate.fish" : "bin/activate"
        #expect(try landing.status(other) == nil && landing.status("bin/airlift-activate.fish") != nil)
        #expect(try landing.faults() == [])
    }

    @Test func `a script that the manifest does not tell of never runs`() throws {
        let bundle = try landing.bundle(
            conda: [package(scripts: ["post-link": "touch $PREFIX/ran"])], linkScripts: ["demo"]
        ) { $0.archives[$0.archives.count - 1].hooks = [] }
        try landing.install(bundle) { $0.linkScripts = .all }
        #expect(try landing.status("ran") == nil)
    }
}

/// Packages of conda's and pixi's own test suites.
@Suite(
    .enabled(
        if: HostPython.isThere && SharedData.directory("packages") != nil,
        "there is no /usr/bin/python3, or no data to test with")
)
struct UpstreamLinkScriptTests {
    let landing = Landing()

    private func bundle(_ path: String) throws -> BundleReader {
        try landing.bundle(condaFile: "\(SharedData.directory("packages") ?? "")/\(path)") {
            $0.install.linkScripts = $0.archives.map(\.name)
        }
    }

    @Test(arguments: [
        "conda/post_link_run_in_env_package-1.0-0.conda", "conda/post_link_run_in_env_package-1.0.0-0.conda",
        "pixi/post-link-script-package-0.1.0-hb0f4dca_0.conda", "conda/e_post_link_package-1.0.0-0.conda",
    ])
    func `scripts that should run do`(path: String) throws {
        let outcome = try landing.install(bundle(path))
        #expect(outcome.linkScripts.count == 1)
        #expect(try landing.faults() == [])
        if path.contains("run_in_env") {
            #expect(outcome.linkScripts[0].messages.contains("Success: TEST_VAR is set correctly"))
        }
        if path.hasPrefix("pixi") {
            #expect(try landing.text(".messages.bak.txt") == "Testing post link scripts\n")
        }
        _ = try Uninstallation.run(landing.prefix, force: false)
        #expect(try landing.neighbours == [])
    }

    @Test(arguments: [
        "conda/failing_post_link-1.0-0.conda", "conda/failing_post_link-1.0.0-0.tar.bz2",
        "conda/failing_post_link_package-1.0.0-0.tar.bz2",
        // It looks for a file of another package.
        "conda/c_post_link_package-1.0.0-0.conda",
    ])
    func `scripts that should fail leave nothing`(path: String) throws {
        let bundle = try bundle(path)
        let error = failure { try landing.install(bundle) }
        #expect(error?.kind == .hostRequirements && error?.description.contains("exit status 1") == true)
        #expect(try landing.neighbours == [])
        #expect(try landing.install(bundle) { $0.linkScripts = .none }.changed)
    }
}

/// Words that several threads tell.
final class Told: Sendable {
    private let told = Mutex<[String]>([])
    func add(_ word: String) { told.withLock { $0.append(word) } }
    var words: [String] { told.withLock { $0 } }
}
