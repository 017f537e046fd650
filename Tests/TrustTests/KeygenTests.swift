import Files
import Testing
import Trust

/// Signatures go both ways between Airlift and the `ssh-keygen` of this machine.
@Suite(.enabled(if: Keygen.isHere, "there is no ssh-keygen")) struct KeygenTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        var bits: Int?
        var options = ""
        var testDescription: String { "\(name) \(bits ?? 0) \(options)" }
    }

    @Test(arguments: [
        Kind(name: "ed25519"), Kind(name: "ed25519", options: "-O hashalg=sha256"),
        Kind(name: "ecdsa", bits: 256), Kind(name: "ecdsa", bits: 384), Kind(name: "ecdsa", bits: 521),
        Kind(name: "rsa", bits: 2048), Kind(name: "rsa", bits: 3072, options: "-O hashalg=sha256"),
    ])
    func whatItSignsHolds(_ kind: Kind) throws {
        let keygen = Keygen()
        let publicKey = try keygen.newKey("key", kind: kind.name, bits: kind.bits)
        let policy = try TrustPolicy(allowed: .of("ops@example.org \(publicKey)"))
        for message in [[], [0x0a], Vector.message, [UInt8](repeating: 0xa5, count: 300_000)] {
            let signature = try keygen.sign(message, key: "key", options: kind.options)
            #expect(policy.judge([signature], of: message).isSatisfied)
            #expect(!policy.judge([signature], of: message + [0]).isSatisfied)
        }
        let foreign = try keygen.sign(Vector.message, key: "key", namespace: "file")
        #expect(!policy.judge([foreign]).isSatisfied)
        let shown = try keygen.run("-lf key.pub").output.split(separator: " ")
        #expect(try SSHPublicKey.of(publicKey).fingerprint == shown[1])
    }

    @Test(arguments: Vector.all)
    func itTakesTheVectors(_ vector: Vector) throws {
        let allowed = Array("ops@example.org \(vector.publicKey)\n".utf8)
        let signature = Array(vector.signature.utf8)
        #expect(try Keygen().verifies(Vector.message, signature, allowed: allowed))
        #expect(try !Keygen().verifies(Vector.message + [0], signature, allowed: allowed))
    }

    /// What is refused here for its form is refused there too, save for what is listed: a signature that Airlift takes
    /// holds for stock OpenSSH.
    @Test func itTakesWhatIsTakenHere() throws {
        let keygen = Keygen()
        let builders = [
            SignatureBuilder(), SignatureBuilder { $0.hash = "sha256" },
            SignatureBuilder { $0.application = "ssh:" },
            SignatureBuilder {
                $0.application = "ssh:payroll"
                $0.flags = 5
            },
        ]
        for builder in builders {
            #expect(try keygen.checks(Vector.message, builder.armored(Vector.message)))
        }
        for change: (inout SignatureBuilder) -> Void in [
            { $0.magic = "SSHSIF" }, { $0.version = 2 }, { $0.hash = "sha1" }, { $0.afterKey = [0] },
            { $0.afterNumbers = [0] }, { $0.afterSignature = [0] }, { $0.kind = "ssh-rsa" },
            { $0.shownNamespace = "file" },
        ] {
            #expect(try !keygen.checks(Vector.message, SignatureBuilder(change).armored(Vector.message)))
        }
        // Looser there.
        #expect(
            try keygen.checks(Vector.message, SignatureBuilder { $0.version = 0 }.armored(Vector.message)))
        #expect(try keygen.checks(Vector.message, SignatureBuilder().armored(Vector.message) + [0x0a]))
    }

    @Test func aCertificateDoesNotCount() throws {
        let keygen = Keygen()
        let authority = try keygen.newKey("ca", kind: "ed25519")
        let key = try keygen.newKey("key", kind: "ed25519")
        #expect(try keygen.run("-q -s ca -I id -n ops@example.org key.pub").isGood)
        let signature = try keygen.sign(Vector.message, key: "key-cert.pub")
        let list = Array("ops@example.org cert-authority \(authority)\n".utf8)
        #expect(try keygen.verifies(Vector.message, signature, allowed: list, at: "20991231Z"))
        #expect(throws: TrustError.self) { try AllowedSigners.read(list, file: "signers") }
        let policy = try TrustPolicy(allowed: .of("a \(authority)", "b \(key)"))
        #expect(policy.judge([signature]).rejected.first?.reason.contains("is a certificate") == true)
    }
}
