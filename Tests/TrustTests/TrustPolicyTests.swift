import Failures
import TestSupport
import Testing
import Trust

/// Whose signatures count, and when they are enough.
@Suite struct TrustPolicyTests {
    private let alice = SignatureBuilder { $0.seed[0] = 0xa1 }
    private let bob = SignatureBuilder { $0.seed[0] = 0xb0 }
    private let mallory = SignatureBuilder { $0.seed[0] = 0x66 }

    private func both(_ threshold: Int = 1) throws -> TrustPolicy {
        try TrustPolicy(
            allowed: .of(
                "alice@example.org \(alice.publicKey) at her desk", "bob@example.org,ops \(bob.publicKey)"),
            threshold: threshold)
    }

    @Test func aListedSignerCounts() throws {
        let verdict = try both().judge([bob.armored(Vector.message)])
        #expect(verdict.isSatisfied)
        #expect(verdict.accepted.map(\.principals) == [["bob@example.org", "ops"]])
        #expect(verdict.accepted.first?.fingerprint == (try SSHPublicKey.of(bob.publicKey)).fingerprint)
        #expect(verdict.accepted.first?.algorithm == "ssh-ed25519")
        #expect(verdict.accepted.first?.comment == "")
        #expect(try both().judge([alice.armored(Vector.message)]).accepted.first?.comment == "at her desk")
    }

    @Test(arguments: Vector.all.filter { !$0.name.hasSuffix("Untouched") })
    func everyKindOfSignatureCounts(_ vector: Vector) throws {
        let policy = try TrustPolicy(allowed: .of("ops@example.org \(vector.publicKey)"))
        #expect(policy.judge([Array(vector.signature.utf8)]).isSatisfied)
    }

    @Test func aStrangerDoesNotCount() throws {
        let verdict = try both().judge([mallory.armored(Vector.message)])
        #expect(!verdict.isSatisfied)
        #expect(verdict.rejected.first?.reason.contains("is not listed in 'signers'") == true)
    }

    @Test func anothersSignatureDoesNoHarm() throws {
        let verdict = try both().judge([
            mallory.armored(Vector.message), Array("noise".utf8), alice.armored(Vector.message),
        ])
        #expect(verdict.isSatisfied)
        #expect(verdict.rejected.map(\.name) == ["1.sig", "2.sig"])
    }

    @Test func theThresholdCountsKeys() throws {
        let (first, second) = (alice.armored(Vector.message), bob.armored(Vector.message))
        #expect(try both(2).judge([first, second]).isSatisfied)
        #expect(try !both(2).judge([first]).isSatisfied)
        #expect(try !both(2).judge([first, first]).isSatisfied)
        let again = SignatureBuilder {
            $0.seed[0] = 0xa1
            $0.hash = "sha256"
        }.armored(Vector.message)
        #expect(try !both(2).judge([first, again]).isSatisfied)
        #expect(try both(1).judge([first, again]).accepted.count == 1)
    }

    /// One secret is one signer, also where it is listed as a plain key and as a key in hardware.
    @Test func oneSecretCountsOnce() throws {
        let hard = SignatureBuilder {
            $0.seed = alice.seed
            $0.application = "ssh:"
        }
        let list = try AllowedSigners.of(
            "alice \(alice.publicKey)", "alice \(hard.publicKey)", "bob \(bob.publicKey)")
        let policy = try TrustPolicy(allowed: list, threshold: 2)
        let signatures = [alice.armored(Vector.message), hard.armored(Vector.message)]
        #expect(!policy.judge(signatures).isSatisfied)
        #expect(policy.judge(signatures + [bob.armored(Vector.message)]).isSatisfied)
        #expect(throws: TrustError.self) { try TrustPolicy(allowed: list, threshold: 3) }
    }

    @Test func aThresholdMustBePossible() throws {
        for threshold in [0, -1, 3] {
            let fault = failure { _ = try both(threshold) }
            #expect(fault?.kind == .usage)
        }
        #expect(try both(2).threshold == 2)
    }

    @Test func aSignatureOfOtherBytesDoesNotCount() throws {
        let verdict = try both().judge([alice.armored(Array("the bytes of another manifest\n".utf8))])
        #expect(verdict.rejected.first?.reason.contains("not one of these bytes") == true)
        #expect(try both().judge([alice.armored([])], of: []).isSatisfied)
    }

    @Test func aSignatureForAnotherPurposeDoesNotCount() throws {
        let file = SignatureBuilder {
            $0.seed = alice.seed
            $0.namespace = "file"
        }
        let verdict = try both().judge([file.armored(Vector.message)])
        #expect(
            verdict.rejected.first?.reason
                == "the signature was made for 'file' and not for 'airlift-bundle@v1'")
        // Relabelled, it is no signature any more.
        var relabelled = file
        relabelled.shownNamespace = Trust.namespace
        #expect(try !both().judge([relabelled.armored(Vector.message)]).isSatisfied)
    }

    @Test func aKeyCountsInItsTime() throws {
        let list = try AllowedSigners.of(
            "alice valid-after=\"20261121120000Z\",valid-before=\"20261122120000Z\" \(alice.publicKey)")
        let policy = try TrustPolicy(allowed: list)
        let signature = alice.armored(Vector.message)
        #expect(policy.judge([signature], at: .noon).isSatisfied)
        #expect(policy.judge([signature], at: .noon + .day).isSatisfied)
        #expect(
            policy.judge([signature], at: .noon - 1).rejected.map(\.reason)
                == ["signers:1: the key is not valid before 2026-11-21 12:00:00 UTC"])
        #expect(
            policy.judge([signature], at: .noon + .day + 1).rejected.map(\.reason)
                == ["signers:1: the key was valid until 2026-11-22 12:00:00 UTC"])
    }

    @Test func oneLineThatAllowsItIsEnough() throws {
        let list = try AllowedSigners.of(
            "old valid-before=\"20200101Z\" \(alice.publicKey) old",
            "mail namespaces=\"email\" \(alice.publicKey)",
            "new,ops \(alice.publicKey) new", "ops \(alice.publicKey)")
        let verdict = try TrustPolicy(allowed: list).judge([alice.armored(Vector.message)])
        #expect(verdict.accepted.map(\.principals) == [["new", "ops"]])
        #expect(verdict.accepted.first?.comment == "new")
    }

    @Test func aHardwareKeyMustBeTouched() throws {
        let line = "ops no-touch-required \(Vector.securityEd25519Key)"
        let untouched = Array(Vector.securityEd25519Untouched.signature.utf8)
        let strict = try TrustPolicy(allowed: .of("ops \(Vector.securityEd25519Key)"))
        #expect(strict.judge([untouched]).rejected.first?.reason.contains("nobody touched") == true)
        #expect(strict.judge([Array(Vector.securityEd25519Touched.signature.utf8)]).isSatisfied)
        #expect(try TrustPolicy(allowed: .of(line)).judge([untouched]).isSatisfied)
    }

    @Test func aHardwareKeyMayHaveToKnowItsUser() throws {
        for list in ["ops verify-required", "ops VERIFY-REQUIRED,no-touch-required"] {
            let policy = try TrustPolicy(allowed: .of("\(list) \(Vector.securityECDSAKey)"))
            let touched = Array(Vector.securityECDSATouched.signature.utf8)
            #expect(policy.judge([touched]).rejected.first?.reason.contains("verify-required") == true)
            #expect(policy.judge([Array(Vector.securityECDSAVerified.signature.utf8)]).isSatisfied)
        }
    }

    @Test func tooFewSignersAreAnErrorWithEveryReason() throws {
        let signatures = [
            DetachedSignature(name: "a.sig", bytes: alice.armored(Vector.message)),
            DetachedSignature(name: "m.sig", bytes: mallory.armored(Vector.message)),
        ]
        let signers = try both().require(Vector.message, signatures, at: .noon, subject: "payroll.sh")
        #expect(signers.map(\.principals) == [["alice@example.org"]])
        let fault = #expect(throws: TrustError.self) {
            try both(2).require(Vector.message, signatures, at: .noon, subject: "payroll.sh")
        }
        #expect(fault?.kind == .trust)
        #expect(
            fault?.reason
                == "signatures by 2 distinct keys listed in 'signers' are needed, and 1 counts, by \(try SSHPublicKey.of(alice.publicKey).fingerprint) ('m.sig': the key \(try SSHPublicKey.of(mallory.publicKey).fingerprint) is not listed in 'signers')"
        )
    }

    @Test func nobodySigned() throws {
        let fault = #expect(throws: TrustError.self) {
            try both().require(Vector.message, [], at: .noon, subject: "payroll.sh")
        }
        #expect(
            fault?.description
                == "'payroll.sh': a signature by a key listed in 'signers' is needed, and it has no signature"
        )
    }

    @Test func manyBadSignaturesDoNotFillTheScreen() throws {
        let noise = (1...5_000).map { DetachedSignature(name: "\($0).sig", bytes: []) }
        let fault = #expect(throws: TrustError.self) {
            try both().require(Vector.message, noise, at: .noon, subject: "payroll.sh")
        }
        #expect((fault?.reason.utf8.count ?? .max) < 2_000)
        #expect(fault?.reason.contains("and 4990 more") == true)
    }
}
