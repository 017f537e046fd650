import Testing
import Trust

/// What `ssh-keygen -Y sign` made is read and holds, for its own message and namespace only.
@Suite struct SignatureVectorTests {
    @Test(arguments: Vector.all)
    func holds(_ vector: Vector) throws {
        let signature = try SSHSignature.read(Array(vector.signature.utf8), name: "1.sig")
        try signature.verify(Vector.message, namespace: Trust.namespace)
        #expect(signature.namespace == "airlift-bundle@v1")
        #expect(signature.publicKey == (try SSHPublicKey.of(vector.publicKey)))
        #expect(signature.publicKey.fingerprint == vector.fingerprint)
    }

    @Test(arguments: Vector.all)
    func isNoneOfOtherBytes(_ vector: Vector) throws {
        let signature = try SSHSignature.read(Array(vector.signature.utf8), name: "1.sig")
        for other in [Vector.message + [0], Array(Vector.message.dropLast()), []] {
            #expect(throws: TrustError.self) { try signature.verify(other, namespace: Trust.namespace) }
        }
    }

    @Test func isNoneForAnotherNamespace() throws {
        let signature = try SSHSignature.read(Array(Vector.ed25519.signature.utf8), name: "1.sig")
        let fault = #expect(throws: TrustError.self) {
            try signature.verify(Vector.message, namespace: "file")
        }
        #expect(
            fault?.description
                == "'1.sig': the signature was made for 'airlift-bundle@v1' and not for 'file'")
    }

    @Test func tellsTheHashOfTheMessage() throws {
        #expect(try read(.ed25519).hashAlgorithm == .sha512)
        #expect(try read(.ed25519OverSHA256).hashAlgorithm == .sha256)
    }

    @Test func tellsHowAHardwareKeyWasUsed() throws {
        #expect(try read(.ed25519).securityKey == nil)
        let touched = try read(.securityECDSATouched).securityKey
        #expect(touched?.isUserPresent == true)
        #expect(touched?.isUserVerified == false)
        #expect(touched?.counter == 7)
        #expect(try read(.securityEd25519Untouched).securityKey?.isUserPresent == false)
        #expect(try read(.securityEd25519Verified).securityKey?.isUserVerified == true)
    }

    @Test func anEntryIsNamedByTheFingerprint() throws {
        let key = try SSHPublicKey.of(Vector.ecdsa256.publicKey)
        #expect(key.fingerprint == "SHA256:uF1CMe1g1atfUH3iOi7zVNkWV3QKjcYKp39OSaX+7Gk")
        #expect(key.entryName == "SHA256-uF1CMe1g1atfUH3iOi7zVNkWV3QKjcYKp39OSaX-7Gk.sig")
    }

    @Test func rsaWithSHA1IsRefused() throws {
        let fault = #expect(throws: TrustError.self) { try read(.rsaWithSHA1) }
        #expect(
            fault?.description
                == "'1.sig': the signature cannot be read: its kind is 'ssh-rsa', and an RSA key must sign as rsa-sha2-256 or rsa-sha2-512"
        )
    }

    @Test func describesWithoutTrustingAnybody() throws {
        let signatures = [
            DetachedSignature(name: "good.sig", bytes: Array(Vector.ed25519.signature.utf8)),
            DetachedSignature(
                name: "other.sig", bytes: SignatureBuilder { $0.namespace = "file" }.armored([])),
            DetachedSignature(name: "noise.sig", bytes: Array("noise".utf8)),
        ]
        let described = SSHSignature.describe(signatures, of: Vector.message)
        #expect(described.map(\.name) == ["good.sig", "other.sig", "noise.sig"])
        #expect(described.map(\.isCorrect) == [true, false, false])
        #expect(described[0].fingerprint == Vector.ed25519.fingerprint)
        #expect(described[0].fault == nil)
        #expect(described[1].namespace == "file")
        #expect(described[1].algorithm == "ssh-ed25519")
        #expect(described[2].fingerprint == nil)
        #expect(described[2].fault == "it does not start with the line '-----BEGIN SSH SIGNATURE-----'")
    }

    private func read(_ vector: Vector) throws -> SSHSignature {
        try SSHSignature.read(Array(vector.signature.utf8), name: "1.sig")
    }
}
