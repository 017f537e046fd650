import Testing
import Trust

/// A signature that is changed in any way does not hold.
@Suite struct SignatureAttackTests {
    private static func holds(_ armored: [UInt8], for message: [UInt8] = Vector.message) -> Bool {
        do {
            try SSHSignature.read(armored, name: "1.sig").verify(message, namespace: Trust.namespace)
            return true
        } catch {
            return false
        }
    }

    private static func blob(_ vector: Vector) throws -> [UInt8] {
        let lines = vector.signature.split(separator: "\n").dropFirst().dropLast()
        guard let blob = Base64.decode(lines.joined()) else { throw TestFault("no base 64") }
        return blob
    }

    @Test(arguments: Vector.all)
    func everyBitCounts(_ vector: Vector) throws {
        let blob = try Self.blob(vector)
        #expect(Self.holds(SignatureBuilder.armored(blob)))
        let taken = (0..<(8 * blob.count)).filter { bit in
            var changed = blob
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            return Self.holds(SignatureBuilder.armored(changed))
        }
        #expect(taken == [])
    }

    @Test func everyBitOfTheTextCounts() {
        let text = Array(Vector.ed25519.signature.utf8)
        #expect(Self.holds(text))
        let taken = (0..<(8 * text.count)).filter { bit in
            var changed = text
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            return Self.holds(changed)
        }
        #expect(taken == [])
    }

    @Test(arguments: Vector.all)
    func everyByteIsNeeded(_ vector: Vector) throws {
        let text = Array(vector.signature.utf8)
        // The last line feed may be missing.
        #expect(Self.holds(Array(text.dropLast())))
        let texts = (0..<(text.count - 1)).filter { Self.holds(Array(text.prefix($0))) }
        #expect(texts == [])
        let blob = try Self.blob(vector)
        let blobs = (0..<blob.count).filter {
            Self.holds(SignatureBuilder.armored(Array(blob.prefix($0))))
        }
        #expect(blobs == [])
    }

    /// One thing that is wrong, and what is said of it.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout SignatureBuilder) -> Void

        init(_ description: String, _ change: @escaping @Sendable (inout SignatureBuilder) -> Void) {
            testDescription = description
            self.change = change
        }
    }

    @Test func theBuilderMakesRightOnes() throws {
        #expect(Self.holds(SignatureBuilder().armored(Vector.message)))
        #expect(Self.holds(SignatureBuilder { $0.application = "ssh:" }.armored(Vector.message)))
        #expect(Self.holds(SignatureBuilder { $0.hash = "sha256" }.armored(Vector.message)))
    }

    @Test(arguments: [
        Wrong("it does not start with 'SSHSIG'") { $0.magic = "SSHSIF" },
        Wrong("its version is 0, and only version 1 is known") { $0.version = 0 },
        Wrong("its version is 2, and only version 1 is known") { $0.version = 2 },
        Wrong("its namespace is no name of visible ASCII characters") { $0.namespace = "" },
        Wrong("its namespace is no name of visible ASCII characters") {
            $0.namespace = "airlift-bundle@v1\0"
        },
        Wrong("its reserved part is not empty") { $0.reserved = [0] },
        Wrong("its hash is 'sha1', and only sha256 and sha512 are allowed") { $0.hash = "sha1" },
        Wrong("its hash is 'sha384', and only sha256 and sha512 are allowed") { $0.hash = "sha384" },
        Wrong("its hash is 'SHA512', and only sha256 and sha512 are allowed") { $0.hash = "SHA512" },
        Wrong("its kind is 'sk-ssh-ed25519@openssh.com', and the key in it is 'ssh-ed25519'") {
            $0.kind = "sk-ssh-ed25519@openssh.com"
        },
        Wrong("1 bytes follow after the end of the key") { $0.afterKey = [0] },
        Wrong("1 bytes follow after the end of the signature itself") { $0.afterNumbers = [0] },
        Wrong("2 bytes follow after the end of the signature") { $0.afterSignature = [0, 0] },
        Wrong("its version is cut off: it has 4 bytes, and 3 are there") { $0.cut = 9 },
    ])
    func aStrangePartIsNamed(_ wrong: Wrong) {
        let armored = SignatureBuilder(wrong.change).armored(Vector.message)
        let fault = #expect(throws: TrustError.self) { try SSHSignature.read(armored, name: "1.sig") }
        #expect(fault?.reason == "the signature cannot be read: \(wrong.testDescription)")
    }

    @Test func anothersKeyDoesNotMakeItTheirs() throws {
        let other = SignatureBuilder { $0.seed[0] = 2 }
        let claimed = SignatureBuilder { $0.shownKey = other.key }.armored(Vector.message)
        #expect(!Self.holds(claimed))
        #expect(Self.holds(SignatureBuilder { $0.shownKey = SignatureBuilder().key }.armored(Vector.message)))
    }

    @Test func whatAHardwareKeySaysIsSigned() throws {
        let blob = SignatureBuilder {
            $0.application = "ssh:"
            $0.flags = 0
        }.blob(Vector.message)
        #expect(Self.holds(SignatureBuilder.armored(blob)))
        var touched = blob
        touched[blob.count - 5] = 1
        #expect(!Self.holds(SignatureBuilder.armored(touched)))
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("\n", "it does not start with the line '-----BEGIN SSH SIGNATURE-----'"),
        (
            "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n",
            "it does not end with the line '-----END SSH SIGNATURE-----'"
        ),
        ("-----BEGIN SSH SIGNATURE-----\n\n-----END SSH SIGNATURE-----\n", "there is an empty line in it"),
        (
            "-----BEGIN SSH SIGNATURE-----\nAAAA!\n-----END SSH SIGNATURE-----\n",
            "what is between its first and last line is not base 64"
        ),
        (
            "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n",
            "its magic is cut off: it has 6 bytes, and 3 are there"
        ),
    ])
    func armorIsStrict(_ text: String, _ reason: String) {
        let fault = #expect(throws: TrustError.self) {
            try SSHSignature.read(Array(text.utf8), name: "1.sig")
        }
        #expect(fault?.reason == "the signature cannot be read: \(reason)")
    }

    /// ssh-keygen takes some of these; each would let one signature have many texts.
    @Test func nothingIsAroundTheArmor() {
        let text = Vector.ed25519.signature
        let crlf = text.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
        for changed in [" " + text, "\n" + text, text + "\n", text + "x", text + text, crlf, text + "\0"] {
            #expect(!Self.holds(Array(changed.utf8)))
        }
        let wrapped = SignatureBuilder.armored(SignatureBuilder().blob(Vector.message))
        #expect(Self.holds(wrapped))
    }

    @Test func aHugeOneIsRefusedUnread() {
        let huge = [UInt8](repeating: 0x41, count: 64 << 20)
        let fault = #expect(throws: TrustError.self) { try SSHSignature.read(huge, name: "1.sig") }
        #expect(fault?.reason.contains("it has 67108864 bytes, and a signature has at most 32768") == true)
    }
}
