import Files
import Glibc
import TestSupport
import Testing

/// What release engineers do with `airlift sign`.
@Suite(.enabled(if: Signers.areThere, "ssh-keygen or unzip is not here")) struct SigningTests {
    private let signers = Signers()

    private func airlift(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
        try run([Product.airlift] + arguments, in: signers.path, environment: environment)
    }

    @Test(arguments: [
        ["ed25519"], ["ecdsa"], ["ecdsa", "-b", "384"], ["ecdsa", "-b", "521"], ["rsa"],
    ])
    func eachKindOfKeySigns(kind: [String]) throws {
        let bundle = try signers.copy(Shared.light().bundle)
        let manifest = try Signers.manifest(of: bundle)
        let key = try signers.key("alice", kind)
        let signed = try airlift("sign", bundle, "--key", key)
        #expect(signed.code == 0, "\(signed.words)")
        let fingerprint = try signers.fingerprint("alice")
        #expect(signed.output.contains(fingerprint), "\(signed.output)")
        #expect(try Signers.manifest(of: bundle) == manifest)
        let verified = try airlift("verify", bundle, "--trust", signers.trusting("alice"))
        #expect(verified.code == 0, "\(verified.words)")
        #expect(verified.output.contains("Signed by alice@example.org (\(fingerprint))."))

        // OpenSSH itself takes what lies in the bundle.
        let name = fingerprint.dropFirst("SHA256:".count).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        let entry = try run(["unzip", "-p", bundle, "airlift/signatures/SHA256-\(String(name)).sig"])
        let file = try signers.scratch.write("taken.sig", entry.bytes)
        let judged = try run(
            [
                "ssh-keygen", "-Y", "verify", "-f", signers.trusting("alice"), "-I", "alice@example.org",
                "-n", Signers.namespace, "-s", file,
            ], input: signers.scratch.write("manifest.json", manifest))
        #expect(judged.code == 0, "\(judged.words)")
    }

    @Test(arguments: [["unzip", "-tq"], ["python3", "-m", "zipfile", "-t"], ["bsdtar", "-tf"]])
    func otherReadersTakeASignedBundleWithoutAWarning(reader: [String]) throws {
        guard Program.exists(reader[0]) else { return }
        let bundle = try signers.copy(Shared.whole().bundle)
        #expect(try airlift("sign", bundle, "--key", signers.key("a"), "--key", signers.key("b")).code == 0)
        let ran = try run(reader + [bundle])
        #expect(ran.code == 0 && ran.errors == "", "\(ran.words)")
        #expect(!ran.output.lowercased().contains("warning"), "\(ran.output)")
        #expect(try run(["sh", bundle, "verify"]).code == 0)
    }

    @Test func signaturesAreAddedReplacedAndTakenOut() throws {
        let bundle = try signers.copy(Shared.light().bundle)
        let unsigned = try Tree.bytes(bundle)
        #expect(try airlift("sign", bundle, "--list").output.contains("no signature"))
        for name in ["alice", "bob", "alice"] {
            #expect(try airlift("sign", bundle, "--key", signers.key(name)).code == 0)
        }
        let signed = try Tree.bytes(bundle)
        // Ed25519 signs one message in one way.
        let again = try airlift("sign", bundle, "--key", signers.key("bob"))
        #expect(again.output.hasPrefix("Unchanged "), "\(again.output)")
        #expect(try Tree.bytes(bundle) == signed)
        let listed = try airlift("sign", bundle, "--list")
        let alice = try signers.fingerprint("alice")
        let bob = try signers.fingerprint("bob")
        #expect(listed.output.contains(alice) && listed.output.contains(bob), "\(listed.output)")
        #expect(listed.output.split(separator: "\n").count == 3)

        let stranger = try signers.fingerprint("stranger")
        let missing = try airlift("sign", bundle, "--remove", stranger)
        #expect(missing.code == 2 && missing.errors.contains(alice), "\(missing.words)")
        #expect(try Tree.bytes(bundle) == signed)
        let removed = try airlift("sign", bundle, "--remove", alice, "--json")
        #expect(removed.code == 0 && removed.output.contains("\"airlift_sign\":1"), "\(removed.words)")
        #expect(!removed.output.contains(alice) && removed.output.contains(bob))
        #expect(try airlift("sign", bundle, "--remove", bob).code == 0)
        #expect(try Tree.bytes(bundle) == unsigned)
    }

    @Test func signaturesTravelBesideTheBundleAndGetIntoIt() throws {
        let bundle = try signers.copy(Shared.light().bundle)
        let unsigned = try Tree.bytes(bundle)
        let detached = try airlift(
            "sign", bundle, "--detached", "--key", signers.key("alice"), "--key", signers.key("bob"))
        #expect(detached.code == 0, "\(detached.words)")
        #expect(try Tree.bytes(bundle) == unsigned)
        let files = try Tree.names(signers.path).filter { $0.hasPrefix("B.sh.SHA256-") }
        #expect(files.count == 2, "two signers do not collide")
        let list = try signers.trusting("alice", "bob")
        let without = try airlift("verify", bundle, "--trust", list)
        #expect(without.code == 4 && without.errors.contains("it has no signature"), "\(without.words)")
        let with = try airlift(
            "verify", bundle, "--trust", list, "--threshold", "2", "--signature", files[0], "--signature",
            files[1])
        #expect(with.code == 0, "\(with.words)")
        // The same key twice, in the bundle and beside it, is one signer.
        let signed = try airlift("sign", bundle, "--add", files[0], "--output", "signed.sh")
        #expect(signed.code == 0, "\(signed.words)")
        #expect(try Tree.bytes(bundle) == unsigned)
        let twice = try airlift(
            "verify", "signed.sh", "--trust", list, "--threshold", "2", "--signature", files[0])
        #expect(twice.code == 4 && twice.errors.contains("counted already"), "\(twice.words)")
        let taken = try airlift("sign", bundle, "--add", files[1], "--output", "signed.sh")
        #expect(taken.code == 6, "\(taken.words)")

        let foreign = try signers.sign(Signers.manifest(of: bundle), with: "carol")
        #expect(try airlift("sign", bundle, "--add", foreign).code == 0)
        let listed = try airlift("sign", bundle, "--list")
        #expect(try listed.output.contains(signers.fingerprint("carol")), "\(listed.output)")
    }

    @Test func onlySignaturesThatHoldGetIn() throws {
        let bundle = try signers.copy(Shared.light().bundle)
        let before = try Tree.bytes(bundle)
        let manifest = try Signers.manifest(of: bundle)
        let right = try Tree.text(signers.sign(manifest, with: "alice"))
        for (file, says) in [
            (try signers.sign(manifest, with: "alice", namespace: "file"), "'file'"),
            (try signers.sign(manifest + [0x0a], with: "alice"), "not one of these bytes"),
            (try signers.scratch.write("tail.sig", right + "x"), "cannot be read"),
            (try signers.scratch.write("empty.sig", ""), "cannot be read"),
            (
                try signers.scratch.write("long.sig", [UInt8](repeating: 65, count: 20_000)),
                "no signature has"
            ),
        ] {
            let ran = try airlift("sign", bundle, "--add", file)
            #expect(ran.code == 4 && ran.errors.contains(says), "\(ran.words)")
        }
        #expect(try Tree.bytes(bundle) == before)
        #expect(try airlift("sign", bundle, "--add", signers.scratch.write("right.sig", right)).code == 0)
    }

    @Test func aDamagedBundleIsNotSigned() throws {
        var bytes = try Tree.bytes(Shared.light().bundle)
        bytes[bytes.count / 2] ^= 1
        let bundle = try signers.scratch.write("B.sh", bytes)
        let ran = try airlift("sign", bundle, "--key", signers.key("alice"))
        #expect(ran.code == 3 && ran.errors.contains("damaged"), "\(ran.words)")
        #expect(try Tree.bytes(bundle) == bytes)
        // The others on the command line are signed all the same.
        let other = try signers.copy(Shared.light().bundle, "other.sh")
        let both = try airlift("sign", bundle, other, "--key", signers.key("alice"), "--json")
        #expect(both.code == 3 && both.output.contains("other.sh"), "\(both.words)")
        #expect(try airlift("verify", other, "--trust", signers.trusting("alice")).code == 0)
    }

    @Test func whatKeepsFromSigningIsSaid() throws {
        let bundle = try signers.copy(Shared.light().bundle)
        let before = try Tree.bytes(bundle)
        let key = try signers.key("alice")
        let none = try airlift("sign", bundle, "--key", key, environment: ["PATH": "/nonexistent"])
        #expect(none.code == 4 && none.errors.contains("install OpenSSH"), "\(none.words)")
        let noKey = try airlift("sign", bundle, "--key", signers.scratch.write("notes", "no key"))
        #expect(noKey.code == 4 && noKey.errors.contains("exit code"), "\(noKey.words)")
        let lonely = try airlift("sign", bundle, "--key", lonelyPublicKey())
        #expect(lonely.code == 4 && lonely.errors.contains("ssh-add"), "\(lonely.words)")
        #expect(try airlift("sign", bundle, "--key", "nowhere").code == 7)
        for usage in [[], ["--list", "--key", key], ["--detached"], ["--remove", "x", "--key", key]] {
            #expect(try run([Product.airlift, "sign", bundle] + usage).code == 2, "\(usage)")
        }
        #expect(try Tree.bytes(bundle) == before)
    }

    /// A public key whose private half nobody has.
    private func lonelyPublicKey() throws -> String {
        let key = try signers.key("lonely")
        unlink(key)
        return key + ".pub"
    }

    @Test(.enabled(if: Program.exists("ssh-agent"), "ssh-agent is not here")) func theAgentSigns() throws {
        let bundle = try signers.copy(Shared.light().bundle)
        let key = try signers.key("alice")
        let list = try signers.trusting("alice")
        let ran = try run([
            "ssh-agent", "sh", "-c", "ssh-add -q \"$1\" && rm \"$1\" && \"$2\" sign \"$3\" --key \"$1.pub\"",
            "sh", key, Product.airlift, bundle,
        ])
        #expect(ran.code == 0, "\(ran.words)")
        #expect(!Tree.exists(key))
        #expect(try airlift("verify", bundle, "--trust", list).code == 0)
    }

    @Test(.enabled(if: Program.exists("script"), "script is not here"))
    func theQuestionForAPassphraseReachesTheTerminal() throws {
        let bundle = try signers.copy(Shared.light().bundle)
        let key = try signers.key("alice", passphrase: "open sesame")
        for (answer, code) in [("open sesame", Int32(0)), ("wrong", 4)] {
            // What is typed before the question is thrown away.
            let ran = try run([
                "sh", "-c",
                "(sleep 2; echo \"$1\"; sleep 1) | script -qec \"'$2' sign '$3' --key '$4'\" /dev/null", "sh",
                answer, Product.airlift, bundle, key,
            ])
            #expect(ran.code == code, "\(ran.words)")
            #expect(ran.output.contains("passphrase"), "\(ran.words)")
        }
        #expect(try airlift("verify", bundle, "--trust", signers.trusting("alice")).code == 0)
    }

    @Test func cutSignsAndCutAgainKeepsSignatures() throws {
        let workshop = try Workshop()
        let index = ToyIndex()
        try workshop.spec(index: index.url)
        let output = workshop.path + "/dist"
        let cut = ["cut", workshop.project, "--output", output, "--calver", "2026.11.21"]
        func cutting(_ more: String...) throws -> Outcome {
            try run([Product.airlift] + cut + more, in: workshop.path, environment: workshop.environment)
        }
        let early = try cutting("--sign", "nowhere")
        #expect(early.code == 7 && Tree.exists(output) == false, "\(early.words)")
        let key = try signers.key("alice")
        let first = try cutting("--sign", key, "--sign", signers.key("bob"))
        #expect(first.code == 0 && first.output.contains("2 signatures"), "\(first.words)")
        let bundle = output + "/payroll-2026.11.21-linux-64.sh"
        let signed = try Tree.bytes(bundle)
        for more in [try cutting(), try cutting("--sign", key)] {
            #expect(more.code == 0 && more.output.hasPrefix("Unchanged "), "\(more.words)")
            #expect(try Tree.bytes(bundle) == signed)
        }
        let list = try signers.trusting("alice", "bob")
        #expect(try airlift("verify", bundle, "--trust", list, "--threshold", "2").code == 0)
    }
}
