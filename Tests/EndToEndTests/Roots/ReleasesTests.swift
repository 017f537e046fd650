import Files
import Glibc
import TestSupport
import Testing

/// Installing into a root, as it is done by hand and by machines.
@Suite struct ReleasesTests {
    private let versions = ThreeBundles.versions

    private func install(_ bundle: String, _ root: String, _ options: [String] = []) throws -> Outcome {
        try run(
            [Product.installer, "install", bundle, "-b", "--no-sync", "--no-compile", "--root", root]
                + options)
    }

    @Test func `it says what it did, and what it did not have to do`() throws {
        let scratch = TemporaryDirectory()
        let root = scratch.path + "/payroll"
        let bundle = try ThreeBundles.cut()[0]
        let first = try install(bundle, root)
        #expect(first.code == 0, "\(first.words)")
        #expect(
            first.output.contains("Installed payroll \(versions[0]) at \(root)/releases/\(versions[0]): "))
        #expect(first.output.contains("\(versions[0]) is the current release now."))
        #expect(first.output.contains("Activate it with: . \(root)/current/bin/activate"))
        let before = try Tree.listing(root)
        let again = try install(bundle, root)
        #expect(
            again.code == 0
                && again.output.contains(
                    "payroll \(versions[0]) is in place at \(root)/releases/\(versions[0]) already.")
        )
        #expect(again.output.contains("is the current release already; nothing was changed."))
        #expect(try Tree.listing(root) == before)
        let sourced = try run(["sh", "-c", ". \(root)/current/bin/activate && greet && command -v greet"])
        #expect(sourced.output == "release 1\n\(root)/releases/\(versions[0])/bin/greet\n")
    }

    @Test func `the document says where the release is and what became of current`() throws {
        let scene = try RootScene(1)
        let document = try JSONValue(scene.install(1, ["--json"]).bytes)
        #expect(document["root"] == .text(scene.root) && document["changed"] == true)
        #expect(document["prefix"] == .text("\(scene.root)/releases/\(versions[1])"))
        #expect(document["switched"]?["from"] == .text(versions[0]))
        #expect(document["switched"]?["version"] == .text(versions[1]))
        let staged = try JSONValue(scene.install(2, ["--json", "--no-activate"]).bytes)
        #expect(staged["switched"] == nil && staged["changed"] == true)
        #expect(try scene.current == "releases/\(versions[1])")
    }

    @Test func `what does not go together is wrong usage`() throws {
        let scratch = TemporaryDirectory()
        let root = scratch.path + "/payroll"
        let bundle = try ThreeBundles.cut()[0]
        for (options, word) in [
            (["-f"], "repair"), (["-u"], "remove"), (["--replace-foreign"], "never rewritten"),
            (["-p", "/opt/x"], "one of them"), (["--destdir", scratch.path], "one prefix"),
            (["--wait", "-1"], "seconds"),
        ] {
            let ran = try install(bundle, root, options)
            #expect(ran.code == 2 && ran.errors.contains(word), "\(ran.words)")
        }
        for option in ["--no-activate", "--allow-downgrade"] {
            let ran = try run([Product.installer, "install", bundle, "-b", "-p", root, option])
            #expect(ran.code == 2 && ran.errors.contains("goes with --root"), "\(ran.words)")
        }
        #expect(try Tree.names(scratch.path) == [])
    }

    @Test func `an older bundle is refused, and going back is not`() throws {
        let scene = try RootScene(0)
        try scene.install(1)
        let old = try install(ThreeBundles.cut()[0], scene.root)
        #expect(old.code == 6 && old.errors.contains("--allow-downgrade"), "\(old.words)")
        #expect(try install(ThreeBundles.cut()[0], scene.root, ["--allow-downgrade"]).code == 0)
        #expect(try scene.current == "releases/\(versions[0])")
        // Both are there: to install one again is to go to it.
        #expect(try install(ThreeBundles.cut()[1], scene.root).code == 0)
        let back = try install(ThreeBundles.cut()[0], scene.root)
        #expect(back.code == 0, "\(back.words)")
        #expect(try scene.current == "releases/\(versions[0])")
    }

    @Test func `whatever the umask is, others may read and nobody may write`() throws {
        let scratch = TemporaryDirectory()
        let root = scratch.path + "/payroll"
        for (place, mask) in ["000", "077"].enumerated() {
            let bundle = try ThreeBundles.cut()[place]
            let ran = try run(
                ["sh", "-c", "umask \(mask); sh \(bundle) -b --no-sync --root \(root)"])
            #expect(ran.code == 0, "\(ran.words)")
            let directory = try Directory.open("\(root)/releases/\(versions[place])")
            try directory.walk { path, status in
                switch status.kind {
                case .file: #expect([0o444, 0o555].contains(status.permissions), "\(path)")
                case .directory: #expect(status.permissions == 0o755, "\(path)")
                case .symbolicLink, .other: break
                }
            }
        }
        let found = try run(["find", root, "-perm", "/022", "-not", "-type", "l"])
        #expect(found.output == "", "\(found.output)")
    }

    /// At many moments, one after the other: what is current is whole, and the next run converges.
    @Test func `a killed upgrade is completed by the next`() throws {
        let scene = try RootScene(1)
        let bundle = try ThreeBundles.cut()[1]
        for moment in [1_000, 5_000, 20_000, 50_000, 80_000, 120_000, 180_000, 300_000] as [UInt32] {
            let upgrade = try Program(
                ["sh", bundle, "-b", "--root", scene.root, "--no-activate"])
            usleep(moment)
            upgrade.destroy()
            _ = try upgrade.wait()
            #expect(try scene.current == "releases/\(versions[0])")
            #expect(try run([scene.kept, "exec", "greet"]).output == "release 1\n")
        }
        let ran = try install(bundle, scene.root)
        #expect(ran.code == 0, "\(ran.words)")
        #expect(try run([scene.kept, "exec", "greet"]).output == "release 2\n")
        #expect(try scene.releases == [versions[0], versions[1]])
        let verified = try run([
            Product.installer, "verify-install", "\(scene.root)/releases/\(versions[1])",
        ])
        #expect(verified.code == 0, "\(verified.words)")
    }

    @Test func `several upgrades at once wait for each other`() throws {
        let scene = try RootScene(1)
        let bundles = try ThreeBundles.cut()
        let commands = [bundles[1], bundles[2], bundles[2]].map {
            [
                "sh", $0, "-b", "--no-sync", "--no-compile", "--allow-downgrade", "--root", scene.root,
                "--wait", "200",
            ]
        }
        let programs = try commands.map { try Program($0) }
        for outcome in try programs.map({ try $0.wait() }) { #expect(outcome.code == 0, "\(outcome.words)") }
        #expect(try scene.releases == versions)
        let current = try scene.current
        #expect(current == "releases/\(versions[1])" || current == "releases/\(versions[2])")
        #expect(try run([scene.kept, "exec", "greet"]).output.hasPrefix("release "))
    }
}

/// Stopping an activation, and who may put a release in place.
@Suite struct ReleaseHooksTests {
    /// A root with one release, and a bundle whose hook takes long.
    private func scene(hook: String) throws -> (RootScene, bundle: String, workshop: Workshop) {
        let scene = try RootScene(1)
        let workshop = try Workshop()
        let index = ToyIndex([WheelBuilder("greeter", "9.0")])
        try workshop.spec(
            index: index.url, requirements: ["greeter==9.0"],
            more: "[state]\npaths = [\"var\"]\n\n[hooks]\n\(hook)")
        return (scene, try workshop.cut(calver: "2026.12.24"), workshop)
    }

    @Test(
        arguments: [SIGINT, SIGTERM, SIGHUP],
        ["pre-activate = [\"sleep 300\"]\ntimeout = 400", "post-activate = [\"sleep 300\"]\ntimeout = 400"])
    func `a stopped activation leaves what was current`(signal: Int32, hook: String) throws {
        let (scene, bundle, workshop) = try scene(hook: hook)
        defer { withExtendedLifetime(workshop) {} }
        let upgrade = try Program(["sh", bundle, "-b", "--no-sync", "--no-compile", "--root", scene.root])
        let isAfter = hook.hasPrefix("post")
        #expect(
            try upgrade.waitUntil {
                try isAfter
                    ? scene.current == "releases/2026.12.24" : scene.releases.contains("2026.12.24")
            })
        usleep(200_000)
        upgrade.send(signal)
        let ran = try upgrade.wait(seconds: 30)
        #expect(ran.signal == nil && ran.code == 128 + signal, "\(ran.words)")
        #expect(try scene.current == "releases/\(ThreeBundles.versions[0])")
        #expect(try !Tree.names(scene.root + "/.airlift").contains("journal"))
        #expect(try Tree.text(scene.root + "/.airlift/log").contains("activation-failed"))
        #expect(try run([scene.kept, "exec", "greet"]).output == "release 1\n")
        let staged = try run([scene.kept, "activate", "2026.12.24", "--no-hooks"])
        #expect(staged.code == 0, "\(staged.words)")
    }

    @Test func `a killed activation is taken back by the next command that changes something`() throws {
        let seconds = "300.\(UInt32.random(in: 1...999_999))"
        let (scene, bundle, workshop) = try scene(
            hook: "post-activate = [\"sleep \(seconds)\"]\ntimeout = 400")
        defer { withExtendedLifetime(workshop) {} }
        func isAsleep() throws -> Bool { try run(["pgrep", "-f", "sleep \(seconds)"]).code == 0 }
        let upgrade = try Program(["sh", bundle, "-b", "--no-sync", "--no-compile", "--root", scene.root])
        #expect(try upgrade.waitUntil { try scene.current == "releases/2026.12.24" })
        #expect(try upgrade.waitUntil { try isAsleep() })
        usleep(200_000)
        upgrade.destroy()
        #expect(try upgrade.wait().signal == SIGKILL)
        let next = try run([scene.kept, "prune", "--keep", "5"])
        #expect(next.code == 0, "\(next.words)")
        #expect(try scene.current == "releases/\(ThreeBundles.versions[0])")
        #expect(try Tree.text(scene.root + "/.airlift/log").contains("cut off before its hooks had ended"))
        #expect(try !isAsleep(), "what the hook left behind was ended")
    }
}

/// A root asks for the signers that it was told of.
@Suite(.enabled(if: Signers.areThere, "ssh-keygen or unzip is not here")) struct SignedReleasesTests {
    private let signers = Signers()
    private var root: String { signers.path + "/payroll" }

    private func install(_ bundle: String, _ options: [String] = []) throws -> Outcome {
        try run(
            [Product.installer, "install", bundle, "-b", "--no-sync", "--no-compile", "--root", root]
                + options)
    }

    private func signed(_ place: Int, by person: String) throws -> String {
        let copy = try signers.copy(ThreeBundles.cut()[place], "\(place).\(person).sh")
        let ran = try run([Product.airlift, "sign", copy, "--key", signers.key(person)])
        guard ran.code == 0 else { throw Unexpected(ran) }
        return copy
    }

    @Test func `the next release needs the same signers`() throws {
        let list = try signers.trusting("alice", "bob")
        let first = try install(signed(0, by: "alice"), ["--trust", list])
        #expect(first.code == 0 && first.output.contains("Signed by alice@example.org"), "\(first.words)")
        #expect(try Tree.text(root + "/.airlift/allowed_signers") == Tree.text(list))
        #expect(!Tree.exists("\(root)/releases/\(ThreeBundles.versions[0])/.airlift/allowed_signers"))
        let before = try Tree.listing(root)
        for bundle in [try ThreeBundles.cut()[1], try signed(1, by: "mallory")] {
            let refused = try install(bundle)
            #expect(refused.code == 4, "\(refused.words)")
            #expect(refused.errors.contains(root + "/.airlift/allowed_signers"), "\(refused.words)")
        }
        #expect(try Tree.listing(root) == before)
        let second = try install(signed(1, by: "bob"))
        #expect(second.code == 0, "\(second.words)")
        // An old bundle is well signed too, and still not taken.
        #expect(try run(["rm", "-rf", "\(root)/releases/\(ThreeBundles.versions[0])"]).code == 0)
        let replay = try install(signed(0, by: "alice"))
        #expect(replay.code == 6, "\(replay.words)")
        let forgotten = try install(ThreeBundles.cut()[2], ["--forget-trust"])
        #expect(forgotten.code == 0 && forgotten.output.contains("no longer remembers"), "\(forgotten.words)")
        #expect(!Tree.exists(root + "/.airlift/allowed_signers"))
    }
}
