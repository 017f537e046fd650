import Digests
import Files
import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// `airlift diff` as CI and reviewers use it.
@Suite struct DiffTests {
    private let scratch = TemporaryDirectory()

    private func diff(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try run([Product.airlift, "diff"] + arguments, environment: environment)
    }

    private struct Document: Decodable {
        struct Alarm: Decodable { let alarm, subject, text: String }
        struct File: Decodable { let change, path: String }
        struct Hook: Decodable { let change, kind, path: String }
        struct Files: Decodable {
            let files: [File]
            let hooks: [Hook]
        }
        struct Package: Decodable {
            let change, name: String
            let files: Files?
        }
        struct Unread: Decodable { let name: String }
        struct Failed: Decodable { let rule: String }
        let alarms: [Alarm]
        let packages: [Package]
        let unread: [Unread]?
        let failed: [Failed]?
    }

    private func document(_ outcome: Outcome) throws -> Document {
        try CanonicalJSON.decode(Document.self, from: outcome.bytes)
    }

    private func installed(_ bundle: String, _ name: String = "p") throws -> String {
        let prefix = "\(scratch.path)/\(name)"
        let landed = try Shared.install(bundle, prefix)
        guard landed.code == 0 else { throw Unexpected(landed) }
        return prefix
    }

    @Test func filesOfTwoCutsAreCompared() throws {
        let (old, new) = (try Shared.light().bundle, try Shared.lighter().bundle)
        let ran = try diff("--files", "--json", old, new)
        #expect(ran.code == 1 && ran.errors == "", "\(ran.words)")
        let found = try document(ran)
        #expect(found.packages.map(\.name) == ["shouter"] && found.unread?.isEmpty == true)
        let files = try #require(found.packages[0].files)
        #expect(files.files.contains { $0.change == "changed" && $0.path.hasSuffix("/shouter/__init__.py") })
        #expect(files.files.allSatisfy { $0.change == "changed" }, "names with versions are the same files")
        let words = try diff("--files", old, new)
        #expect(
            words.output.contains("~ lib/") && words.output.contains("shouter/__init__.py"), "\(words.output)"
        )
    }

    @Test func anEnvironmentOnDiskHasTheFilesOfItsBundle() throws {
        let (old, new) = (try Shared.light().bundle, try Shared.lighter().bundle)
        let prefix = try installed(old)
        func files(_ from: String, _ to: String) throws -> [String] {
            let found = try document(try diff("--files", "--json", from, to))
            return found.packages.flatMap { $0.files?.files.map { "\($0.change) \($0.path)" } ?? ["none"] }
        }
        #expect(try diff("--files", prefix, old).code == 0)
        #expect(try files(prefix, new) == files(old, new))
        #expect(try files(new, prefix) == files(new, old))
        let other = try installed(new, "q")
        #expect(try files(prefix, other) == files(old, new))
    }

    @Test func aListThatWasChangedSinceIsNotBelieved() throws {
        let prefix = try installed(try Shared.light().bundle)
        let record = "\(prefix)/lib/python\(Shared.minorVersion)/site-packages/shouter-2.0.dist-info/RECORD"
        try #require(Tree.exists(record))
        chmod(record, 0o644)
        let file = try #require(fopen(record, "a"))
        fputs("shouter/hidden.py,,\n", file)
        fclose(file)
        let ran = try diff("--files", prefix, try Shared.lighter().bundle)
        #expect(
            ran.code == 3 && ran.errors.contains("RECORD") && ran.errors.contains("verify-install"),
            "\(ran.words)")
    }

    @Test func aLockHasNoFilesAndSaysSo() throws {
        let (old, new) = (try Shared.light(), try Shared.lighter())
        let ran = try diff("--files", "--json", old.workshop.project, new.bundle)
        #expect(ran.code == 1, "\(ran.words)")
        #expect(try document(ran).unread?.map(\.name) == ["shouter"])
        let refused = try diff("--fail-on", "new-hook", old.workshop.project, new.bundle)
        #expect(refused.code == 2 && refused.errors.contains("shouter"), "\(refused.words)")
    }

    @Test func rulesDecideTheExitCode() throws {
        let (old, new) = (try Shared.light().bundle, try Shared.lighter().bundle)
        #expect(
            try diff("--fail-on", "downgrade,other-bytes,new-hook,new-native-library", old, new).code == 0)
        let down = try diff("--fail-on", "downgrade", "--fail-on", "other-bytes,any", "--json", new, old)
        #expect(
            down.code == 8 && down.errors.contains("downgrade: shouter goes from 2.1 to 2.0"), "\(down.words)"
        )
        #expect(try document(down).failed?.map(\.rule) == ["downgrade", "any"])
        #expect(try document(down).alarms.map(\.alarm).first == "downgrade")
        let typo = try diff("--fail-on", "downgrades", old, new)
        #expect(
            typo.code == 2 && typo.errors.contains("'downgrades'") && typo.errors.contains("new-hook"),
            "\(typo.words)")
        #expect(try diff("--fail-on", "any", old, old).code == 0)
        #expect(try diff("--fail-on", "license:NO-SUCH-LICENCE", old, new).code == 2)
    }

    @Test(.enabled(if: Signers.areThere, "ssh-keygen or unzip is not here"))
    func signaturesThatAreGoneAlarm() throws {
        let signers = Signers()
        let (old, new) = (try Shared.light().bundle, try Shared.lighter().bundle)
        let signed = try signers.copy(new)
        #expect(try diff("--fail-on", "unsigned", old, signed).code == 8)
        let ran = try run([Product.airlift, "sign", signed, "--key", signers.key("alice")])
        #expect(ran.code == 0, "\(ran.words)")
        #expect(try diff("--fail-on", "unsigned", old, signed).code == 0)
        let other = try signers.copy(old, "A.sh")
        #expect(try run([Product.airlift, "sign", other, "--key", signers.key("alice")]).code == 0)
        #expect(
            try diff("--fail-on", "unsigned", "--trust", signers.trusting("alice"), other, signed).code == 0)
        // Nothing of a bundle is told before its signatures hold, on whichever side it stands.
        for (trusted, from, to, refused) in [
            ("bob", other, signed, other), ("alice", old, signed, old), ("alice", signed, new, new),
        ] {
            let ran = try diff("--fail-on", "unsigned", "--trust", signers.trusting(trusted), from, to)
            #expect(ran.code == 4 && ran.output == "", "\(ran.words)")
            #expect(ran.errors.contains(refused), "\(ran.words)")
        }
        let lock = try Shared.light().workshop.project
        #expect(try diff("--trust", signers.trusting("alice"), lock, signed).code == 1)
        #expect(try diff("--trust", signers.trusting("alice"), lock, lock).code == 2)
        #expect(try diff(new, signed).code == 0, "a signature that came is no difference")
        let lost = try diff("--json", signed, new)
        #expect(lost.code == 1)
        #expect(try document(lost).alarms.map(\.alarm) == ["unsigned", "signer"])
    }

    @Test func markdownAndTextHoldNoColoursAndNoForeignMarkup() throws {
        let (old, new) = (try Shared.light().bundle, try Shared.lighter().bundle)
        let page = try diff("--markdown", "--files", new, old)
        #expect(page.code == 1 && page.errors == "", "\(page.words)")
        #expect(
            page.output.contains("| downgrade | <code>shouter</code> | goes from <code>2.1</code>"),
            "\(page.output)")
        #expect(page.output.contains("<details>") && !page.output.contains("\u{1B}"))
        let text = try diff(old, new)
        #expect(!text.output.contains("\u{1B}"))
        #expect(try diff("--markdown", "--json", old, new).code == 2)
    }

    @Test(.enabled(if: Program.exists("unzip"), "unzip is not here"))
    func aHostileManifestPrintsNothingButText() throws {
        let manifest = try run(["unzip", "-p", Shared.light().bundle, "airlift/manifest.json"]).output
        let honest = try scratch.write("honest.json", manifest)
        let evil = #"[x](https://evil.test)|@you\u001b[31m\n# no"#
        let changed = try scratch.write(
            "evil.json",
            manifest.replacing(
                "\"name\":\"shouter\"", with: "\"name\":\"\(evil)\""))
        let page = try diff("--markdown", honest, changed)
        #expect(page.code == 1, "\(page.words)")
        for piece in ["https:", "](", "@you", "\u{1B}", "\n# no"] {
            #expect(!page.output.contains(piece), "\(page.output)")
        }
        #expect(!(try diff(honest, changed).output.contains("\u{1B}")))
    }

    @Test func condaPackagesAreComparedDownToTheirHooks() throws {
        func cut(_ version: String, _ calver: String, _ change: (inout CondaPackageBuilder) -> Void) throws
            -> String
        {
            let workshop = try Workshop()
            let tool = CondaPackageBuilder(
                "tool", version, "h0_0",
                files: [
                    .executable("bin/tool", "#!\(CondaPackageBuilder.placeholder)/bin/sh\n").prefix(),
                    .file("share/tool.txt", "tool\n"),
                ], change)
            let channel = try CondaChannelBuilder([tool]).write(to: workshop.scratch)
            try workshop.condaSpec(
                channels: [channel], dependencies: ["tool=\(version)=h0_0"],
                python: "host = \"\(Shared.minorVersion)\"")
            return try workshop.cut(calver: calver, to: scratch.path + "/dist-\(calver)")
        }
        let old = try cut("1.0", "2026.11.21") { _ in }
        let new = try cut("1.1", "2026.12.01") {
            $0.files.append(.file("etc/conda/activate.d/tool.sh", "export TOOL=1\n"))
            $0.files.append(.file("lib/libtool.so", ToyLibrary().bytes()))
        }
        let ran = try diff("--fail-on", "new-hook,new-native-library", "--json", old, new)
        #expect(ran.code == 8, "\(ran.words)")
        let found = try document(ran)
        #expect(found.failed?.map(\.rule) == ["new-hook", "new-native-library"])
        #expect(found.packages[0].files?.hooks.map(\.kind) == ["activate"])
        let files = found.packages[0].files?.files.map(\.path)
        #expect(
            files == ["etc/conda/activate.d/tool.sh", "lib/libtool.so"],
            "what has the prefix in it is the same")
        // The prefix was written into bin/tool on disk; the record has the digest of the archive's.
        let prefix = try installed(old)
        let landed = try document(try diff("--files", "--json", prefix, new))
        #expect(landed.packages[0].files?.files.map(\.path) == files)
    }

    @Test func aDamagedArchiveIsAnErrorOnlyWhereItIsOpened() throws {
        let (old, new) = (try Shared.light().bundle, try Shared.lighter().bundle)
        var bytes = try Tree.bytes(new)
        let place = try #require(Bytes.place(of: Array("shouter/__init__.py".utf8), in: bytes))
        bytes[place + 60] ^= 0x20
        let damaged = try scratch.write("damaged.sh", bytes)
        #expect(try diff(old, damaged).code == 1, "only what the manifest says was asked for")
        let ran = try diff("--files", old, damaged)
        #expect(ran.code == 3 && ran.errors.contains("shouter"), "\(ran.words)")
    }
}
