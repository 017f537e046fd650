import Files
import Glibc
import TestSupport
import Testing

/// An environment that was installed with trusted signers asks for them again.
@Suite(.enabled(if: Signers.areThere, "ssh-keygen or unzip is not here")) struct RememberedTrustTests {
    private let signers = Signers()
    private var prefix: String { signers.path + "/p" }

    private func install(_ bundle: String, _ options: [String] = []) throws -> Outcome {
        try run(
            [Product.installer, "install", bundle, "-b", "--no-sync", "--no-compile", "-p", prefix] + options)
    }

    private func signed(_ bundle: String, _ name: String, by people: String...) throws -> String {
        let copy = try signers.copy(bundle, name)
        for person in people {
            let ran = try run([Product.airlift, "sign", copy, "--key", signers.key(person)])
            guard ran.code == 0 else { throw Unexpected(ran) }
        }
        return copy
    }

    private func record() throws -> String { try Tree.text(prefix + "/.airlift/record.json") }

    @Test func anUpdateNeedsTheSameSigners() throws {
        let old = try signed(Shared.light().bundle, "old.sh", by: "alice")
        let list = try signers.trusting("alice", "bob")
        let first = try install(old, ["--trust", list])
        #expect(first.code == 0, "\(first.words)")
        #expect(first.output.contains("Signed by alice@example.org"), "\(first.output)")
        #expect(first.output.contains("a signature by one of the 2 keys"), "\(first.output)")
        #expect(try Tree.text(prefix + "/.airlift/allowed_signers") == Tree.text(list))
        #expect(try record().contains("\"trust\":{\"threshold\":1}"))
        #expect(try record().contains(signers.fingerprint("alice")) && record().contains("alice@example.org"))
        let intact = try run([Product.installer, "verify-install", prefix])
        #expect(intact.code == 0, "\(intact.words)")

        let before = try Tree.listing(prefix)
        let new = try Shared.lighter().bundle
        let strange = try signed(new, "strange.sh", by: "mallory")
        for bundle in [new, strange] {
            for flag in ["-u", "-f"] {
                let refused = try install(bundle, [flag])
                #expect(refused.code == 4, "\(refused.words)")
                #expect(refused.errors.contains(prefix + "/.airlift/allowed_signers"), "\(refused.words)")
            }
            #expect(try run([Product.installer, "plan", bundle, "-p", prefix, "-u"]).code == 4)
        }
        // Through the bundle's own stub it is the same, and said.
        let stub = try run(["sh", new, "-b", "-u", "-p", prefix])
        #expect(stub.code == 4 && stub.errors.contains("not against a hostile file"), "\(stub.words)")
        #expect(try Tree.listing(prefix) == before)

        let right = try signed(new, "right.sh", by: "bob")
        let updated = try install(right, ["-u"])
        #expect(updated.code == 0, "\(updated.words)")
        #expect(try Tree.text(prefix + "/.airlift/allowed_signers") == Tree.text(list), "remembered on")
        #expect(try record().contains(signers.fingerprint("bob")))
        #expect(try !record().contains(signers.fingerprint("alice")))
    }

    @Test func aSignatureBesideTheBundleDoesForAnUpdateToo() throws {
        let old = try signed(Shared.light().bundle, "old.sh", by: "alice")
        #expect(try install(old, ["--trust", signers.trusting("alice")]).code == 0)
        let new = try Shared.lighter().bundle
        let signature = try signers.sign(Signers.manifest(of: new), with: "alice")
        #expect(try install(new, ["-u"]).code == 4)
        let updated = try install(new, ["-u", "--signature", signature])
        #expect(updated.code == 0, "\(updated.words)")
    }

    @Test func trustIsReplacedByAnotherOrForgotten() throws {
        let old = try signed(Shared.light().bundle, "old.sh", by: "alice")
        let new = try signed(Shared.lighter().bundle, "new.sh", by: "bob", "carol")
        #expect(try install(old, ["--trust", signers.trusting("alice")]).code == 0)
        let both = try signers.trusting("bob", "carol")
        let replaced = try install(new, ["-u", "--trust", both, "--threshold", "2"])
        #expect(replaced.code == 0, "\(replaced.words)")
        #expect(try Tree.text(prefix + "/.airlift/allowed_signers") == Tree.text(both))
        #expect(try record().contains("\"trust\":{\"threshold\":2}"))
        #expect(try install(old, ["-f"]).code == 4, "alice is no longer trusted")

        #expect(try install(old, ["-f", "--forget-trust", "--trust", both]).code == 2)
        let forgotten = try install(old, ["-f", "--forget-trust"])
        #expect(forgotten.code == 0, "\(forgotten.words)")
        #expect(forgotten.output.contains("no longer remembers whom it trusted"), "\(forgotten.output)")
        #expect(!Tree.exists(prefix + "/.airlift/allowed_signers"))
        #expect(try !record().contains("\"trust\"") && !record().contains("\"signers\""))
        #expect(try install(Shared.lighter().bundle, ["-u"]).code == 0)
    }

    /// The environment itself stays untouched; only whom it trusts is new.
    @Test func trustIsGivenToAndTakenFromWhatIsThereAlready() throws {
        let bundle = try signed(Shared.light().bundle, "old.sh", by: "alice")
        #expect(try install(bundle).code == 0)
        func files() throws -> [String] {
            try Tree.listing(prefix).filter { !$0.contains(".airlift/record") && !$0.contains("allowed") }
        }
        let before = try files()
        let given = try install(bundle, ["--trust", signers.trusting("alice")])
        #expect(given.code == 0 && given.output.contains("only whom it trusts was changed"), "\(given.words)")
        #expect(try record().contains(signers.fingerprint("alice")))
        let same = try Tree.listing(prefix)
        let again = try install(bundle)
        #expect(again.output.contains("nothing was changed"), "\(again.words)")
        #expect(try Tree.listing(prefix) == same)
        #expect(try install(Shared.lighter().bundle, ["-u"]).code == 4)
        #expect(try run([Product.installer, "verify-install", prefix]).code == 0)
        let taken = try install(bundle, ["--forget-trust"])
        #expect(taken.code == 0 && taken.output.contains("no longer remembers"), "\(taken.words)")
        #expect(
            try files() == before && Tree.names(prefix + "/.airlift").contains("allowed_signers") == false)
    }

    @Test func aRememberedListThatIsGoneOrBrokenIsNoWayAround() throws {
        let bundle = try signed(Shared.light().bundle, "old.sh", by: "alice")
        let list = try signers.trusting("alice")
        let new = try signed(Shared.lighter().bundle, "new.sh", by: "alice")
        for harm in ["rm", "truncate -s 0"] {
            #expect(try install(bundle, ["-f", "--trust", list]).code == 0)
            #expect(try run(["sh", "-c", "\(harm) '\(prefix)/.airlift/allowed_signers'"]).code == 0)
            let refused = try install(new, ["-u"])
            #expect(refused.code == 4, "\(harm): \(refused.words)")
            #expect(refused.errors.contains("allowed_signers"), "\(refused.words)")
            let named = try install(new, ["-u", "--trust", list])
            #expect(named.code == 0, "\(named.words)")
        }
    }

    @Test func signaturesWithoutAnybodyToTrustAreWrongUsage() throws {
        let bundle = try Shared.light().bundle
        let signature = try signers.sign(Signers.manifest(of: bundle), with: "alice")
        let ran = try install(bundle, ["--signature", signature])
        #expect(ran.code == 2 && ran.errors.contains("--trust FILE"), "\(ran.words)")
        #expect(!Tree.exists(prefix))
    }

    @Test func anUninstalledEnvironmentTakesItsTrustWithIt() throws {
        let bundle = try signed(Shared.light().bundle, "old.sh", by: "alice")
        #expect(try install(bundle, ["--trust", signers.trusting("alice")]).code == 0)
        let removed = try run([Product.installer, "uninstall", "-p", prefix])
        #expect(removed.code == 0 && !Tree.exists(prefix), "\(removed.words)")
        #expect(try install(Shared.lighter().bundle).code == 0)
    }
}
