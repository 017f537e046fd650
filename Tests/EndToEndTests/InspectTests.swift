import Digests
import Files
import Glibc
import TestSupport
import Testing

/// `airlift inspect` of real cuts, locks, environments and roots.
@Suite struct InspectTests {
    private func inspect(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try run([Product.airlift, "inspect"] + arguments, environment: environment)
    }

    @Test func theHeadSaysWhatItIsAndWhatItNeeds() throws {
        let whole = try Shared.whole()
        let ran = try inspect(whole.bundle)
        #expect(ran.code == 0 && ran.errors == "", "\(ran.words)")
        let size = try Tree.bytes(whole.bundle).count
        for words in [
            "payroll", "2026.11.21 (serial 2026112100000)", "linux-64", "bundle digest", "signed by",
            "nobody",
            "x86_64, glibc 2.", "a prefix of at most", "3 (2 wheels, 1 interpreter), 2 of them requested",
            "1 of the application's own", "greeter", "requested", "cpython",
        ] { #expect(ran.output.contains(words), "\(words): \(ran.output)") }
        let json = try inspect("--json", whole.bundle)
        #expect(json.output.hasPrefix("{\"airlift_summary\":1"), "\(json.words)")
        #expect(
            json.output.contains("\"bundle_bytes\":\(size),") && json.output.contains("\"signatures\":[]"))
    }

    @Test func needsAreToldAsATreeAndAsReasons() throws {
        let light = try Shared.light()
        for subject in [light.bundle, light.workshop.project] {
            let inverted = try inspect(subject, "--tree", "--invert", "--name", "shouter")
            #expect(
                inverted.output == "shouter 2.0\n`-- greeter 1.0\n", "\(inverted.words)")
            let why = try inspect(subject, "--why", "Shouter")
            #expect(why.code == 0 && why.output.contains("it was asked for"), "\(why.words)")
        }
        let tree = try inspect(light.bundle, "--tree", environment: ["LANG": "C.UTF-8"])
        #expect(tree.output == "greeter 1.0\n└── shouter 2.0\n", "\(tree.words)")
        #expect(try inspect(light.bundle, "--tree", "--depth", "0").output == "greeter 1.0\n")
        let json = try inspect(light.bundle, "--tree", "--json")
        #expect(json.output.hasPrefix("{\"airlift_tree\":1,"), "\(json.words)")
        let stranger = try inspect(light.bundle, "--why", "nobody")
        #expect(stranger.code == 2 && stranger.errors.contains("'nobody'"), "\(stranger.words)")
    }

    @Test func filesAreTheSameInTheBundleAndOnDisk() throws {
        let scratch = TemporaryDirectory()
        let whole = try Shared.whole()
        let prefix = scratch.path + "/p"
        let landed = try Shared.install(whole.bundle, prefix)
        #expect(landed.code == 0, "\(landed.words)")
        let carried = try inspect(whole.bundle, "--files", "greeter")
        let installed = try inspect(prefix, "--files", "greeter")
        #expect(carried.code == 0 && installed.code == 0, "\(carried.words) \(installed.words)")
        let name = "site-packages/greeter/__init__.py"
        let row = try #require(carried.output.split(separator: "\n").first { $0.hasSuffix(name) })
        #expect(installed.output.contains(row), "\(installed.output)")
        let file = try #require(
            Tree.listing(prefix).first { $0.contains(name) }, "the listing of the directory")
        #expect(file.contains(try #require(row.split(separator: " ").first { $0.count == 64 })))
        #expect(carried.output.contains("größe.txt") && carried.output.contains("greet = greeter:main"))
        let csv = try inspect(whole.bundle, "--files", "greeter", "--csv")
        #expect(csv.output.hasPrefix("kind,name,version,path,mode,size,sha256,link,rewritten\r\n"))
        #expect(try inspect(whole.bundle, "--files", "cpython").output.contains("base/bin/python3"))
        for (subject, name) in [(whole.bundle, "nobody"), (whole.workshop.project, "greeter")] {
            #expect(try inspect(subject, "--files", name).code == 2)
        }
    }

    @Test func filtersOrdersAndTables() throws {
        let bundle = try Shared.whole().bundle
        let csv = try inspect(bundle, "--csv", "--kind", "wheel", "--sort", "name")
        let rows = csv.output.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(rows.count == 4 && rows[0].hasPrefix("platform,kind,name,version,"), "\(csv.words)")
        #expect(rows[1].hasPrefix("linux-64,wheel,greeter,1.0,,,yes,"), "\(csv.words)")
        let one = try inspect(bundle, "--name", "shout*", "--long")
        #expect(one.output.contains("1 of 3 archives") && one.output.contains("http://127.0.0.1"))
        #expect(!one.output.contains("\ngreeter"), "\(one.output)")
        #expect(try inspect(bundle, "--kind", "conda").output.contains("0 of 3 archives"))
        for wrong in [
            ["--tree", "--why", "x"], ["--depth", "1"], ["--csv", "--json"], ["--csv", "--tree"],
            ["--kind", "egg"], ["--sort", "luck"], ["--threshold", "2"], ["--tree", "--depth", "-1"],
        ] { #expect(try run([Product.airlift, "inspect", bundle] + wrong).code == 2, "\(wrong)") }
    }

    @Test func anEnvironmentSaysWhenAndHowItWasInstalled() throws {
        let scratch = TemporaryDirectory()
        let prefix = scratch.path + "/p"
        let landed = try Shared.install(Shared.light().bundle, prefix)
        #expect(landed.code == 0, "\(landed.words)")
        let ran = try inspect(prefix)
        for words in [
            "prefix         \(prefix)", "Z by airlift ", "no byte code compiled", "over /usr/",
        ] {
            #expect(ran.output.contains(words), "\(words): \(ran.words)")
        }
        let json = try inspect("--json", prefix).output
        #expect(json.contains("\"installation\":{\"generator\":\"airlift ") && json.contains("Z\""))
        // What lies there is believed only as far as its record goes.
        try scratch.write("p/.airlift/manifest.json", "{}")
        let changed = try inspect(prefix)
        #expect(changed.code == 3 && changed.errors.contains("manifest.json"), "\(changed.words)")
    }

    /// Laid out by hand as the design has it: `releases/`, `current`.
    @Test func aRootTellsItsReleases() throws {
        let scratch = TemporaryDirectory()
        let root = scratch.path + "/payroll"
        for (cut, release) in [(try Shared.light(), "2026.11.21"), (try Shared.lighter(), "2026.12.01")] {
            _ = try Directory.create(root + "/releases")
            let landed = try Shared.install(cut.bundle, "\(root)/releases/\(release)")
            #expect(landed.code == 0, "\(landed.words)")
        }
        try scratch.write("payroll/releases/2026.01.01/broken", "")
        let none = try inspect(root)
        #expect(none.code == 2, "\(none.words)")
        #expect(symlink("releases/2026.11.21", root + "/current") == 0)
        let ran = try inspect(root)
        #expect(ran.code == 0, "\(ran.words)")
        let lines = ran.output.split(separator: "\n").map(String.init)
        #expect(lines[1].hasPrefix("2026.12.01           2026120100000"), "\(ran.output)")
        #expect(lines[2].hasPrefix("2026.11.21  current  2026112100000"), "\(ran.output)")
        #expect(lines[3].hasPrefix("2026.01.01") && lines[3].hasSuffix("it has no record"), "\(ran.output)")
        #expect(
            ran.output.contains("version        2026.11.21 (serial"), "the rest is about the current one")
        let json = try inspect("--json", root).output
        #expect(
            json.contains("\"root\":{\"current\":\"2026.11.21\",")
                && json.contains("\"version\":\"2026.12.01\""))
        #expect(try inspect(root, "--why", "shouter").code == 0)
        #expect(try run([Product.airlift, "diff", root, Shared.light().bundle]).code == 0)
        for (target, code) in [
            ("releases/2026.01.01", 3), ("releases/gone", 3), ("../elsewhere", 3), ("/etc", 3),
        ] {
            unlink(root + "/current")
            #expect(symlink(target, root + "/current") == 0)
            let ran = try inspect(root)
            #expect(ran.code == code && ran.errors.contains(root), "\(target): \(ran.words)")
        }
    }

    /// Nothing of a hostile manifest moves a cursor, turns text around or passes for another name.
    @Test(.enabled(if: Program.exists("unzip"), "unzip is not here"))
    func aHostileManifestIsOnlyText() throws {
        let manifest = try run(["unzip", "-p", Shared.light().bundle, "airlift/manifest.json"]).output
        let evil = #"gre\u001b[2J\u009b31m\u202e\r\nflask"#
        let scratch = TemporaryDirectory()
        let file = try scratch.write(
            "manifest.json",
            manifest.replacing("\"name\":\"greeter\"", with: "\"name\":\"\(evil)\\u0430\"")
                .replacing("\"summary\":\"Payroll services\"", with: "\"summary\":\"=Löhne \(evil)\"")
                .replacing("\"license\":\"MIT\"", with: "\"license\":\"=1+1\(evil)\""))
        for arguments in [
            [], ["--json"], ["--csv"], ["--tree"], ["--tree", "--json"], ["--why", "shouter"], ["--long"],
        ] {
            let ran = try run([Product.airlift, "inspect", file] + arguments)
            #expect(ran.code == 0, "\(arguments): \(ran.words)")
            let bad = ran.output.unicodeScalars.filter {
                ![0x0a, 0x0d].contains($0.value)
                    && [.control, .format].contains($0.properties.generalCategory)
            }
            #expect(bad.isEmpty, "\(arguments): \(bad)")
            #expect(!ran.output.contains("\u{430}") || arguments.contains("--json"), "\(arguments)")
        }
        #expect(try inspect(file).output.contains("=Löhne"), "letters of free text stay")
        // What is refused is quoted, too.
        let refused = try scratch.write(
            "refused.json", manifest.replacing("\"name\":\"payroll\"", with: #""name":"\u001b[2J\u009b""#))
        for arguments in [[], ["--json"]] {
            let ran = try run([Product.airlift, "inspect", refused] + arguments)
            #expect(ran.code == 3 && ran.errors.contains(#"\u{1B}[2J\u{9B}"#), "\(ran.words)")
            #expect(
                ran.words.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9b || $0 == "\n" })
        }
    }
}

/// Who signed, with and without somebody to trust.
@Suite(.enabled(if: Signers.areThere, "ssh-keygen or unzip is not here")) struct InspectSignatureTests {
    private let signers = Signers()

    @Test func signersAreToldAndTrustedOnesNamed() throws {
        let bundle = try signers.copy(Shared.light().bundle)
        for name in ["alice", "bob"] {
            #expect(try run([Product.airlift, "sign", bundle, "--key", signers.key(name)]).code == 0)
        }
        func inspect(_ arguments: String...) throws -> Outcome {
            try run([Product.airlift, "inspect", bundle] + arguments)
        }
        let (alice, bob) = (try signers.fingerprint("alice"), try signers.fingerprint("bob"))
        let told = try inspect()
        #expect(told.output.contains("\(alice) (ssh-ed25519): correct; whose key it is, --trust tells"))
        #expect(!told.output.contains("alice@example.org"))
        let list = try signers.trusting("alice")
        let trusted = try inspect("--trust", list)
        #expect(trusted.code == 0, "\(trusted.words)")
        #expect(trusted.output.contains("\(alice) (ssh-ed25519): trusted, alice@example.org"))
        #expect(trusted.output.contains("\(bob) (ssh-ed25519): not trusted"), "\(trusted.output)")
        let json = try inspect("--trust", list, "--json").output
        #expect(json.contains("\"trusted\":true") && json.contains("\"trusted\":false"), "\(json)")
        for question in [[], ["--tree"], ["--json"], ["--csv"], ["--files", "greeter"]] {
            let refused = try run(
                [Product.airlift, "inspect", bundle, "--trust", signers.trusting("mallory")] + question)
            #expect(refused.code == 4 && !refused.output.contains("greeter"), "\(refused.words)")
        }
        #expect(try inspect("--trust", signers.trusting("alice", "carol"), "--threshold", "2").code == 4)
        #expect(try inspect("--trust", signers.trusting("alice", "bob"), "--threshold", "2").code == 0)
    }

    @Test func anInstalledEnvironmentKnowsWhoSignedIt() throws {
        let bundle = try signers.copy(Shared.light().bundle)
        #expect(try run([Product.airlift, "sign", bundle, "--key", signers.key("alice")]).code == 0)
        let prefix = signers.path + "/p"
        let list = try signers.trusting("alice")
        let landed = try Shared.install(bundle, prefix, ["--no-compile", "--trust", list])
        #expect(landed.code == 0, "\(landed.words)")
        let ran = try run([Product.airlift, "inspect", prefix])
        #expect(
            ran.output.contains("\(try signers.fingerprint("alice")) (alice@example.org), when installed"))
        #expect(ran.output.contains("the next bundle needs 1 of its trusted keys"), "\(ran.output)")
        let asked = try run([Product.airlift, "inspect", prefix, "--trust", list])
        #expect(asked.code == 2 && asked.errors.contains("is no bundle"), "\(asked.words)")
    }
}
