import Failures
import TestSupport
import Testing
import Trust

/// Whole files of signers.
@Suite struct AllowedSignersTests {
    private let key = SignatureBuilder().publicKey
    private let other = SignatureBuilder { $0.seed[0] = 2 }.publicKey

    private func read(_ text: String) throws -> AllowedSigners {
        try AllowedSigners.read(Array(text.utf8), file: "signers")
    }

    @Test func commentsAndBlankLinesAreLeftOut() throws {
        let list = try read("# Ops\n\n   \n\t# Prüfung \u{1F511}\na@example.org \(key)\n\n#\(other)\n")
        #expect(list.keys.map(\.fingerprint) == [try SSHPublicKey.of(key).fingerprint])
    }

    @Test(arguments: [
        "a@example.org KEY", "a@example.org KEY\n", "a@example.org KEY\r\n", "\r\n# x\r\na KEY\r\n",
    ])
    func anyLineEndIsRead(_ text: String) throws {
        #expect(
            try read(text.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: key))
                .keys.count == 1)
    }

    @Test func theBytesAreKept() throws {
        let text = "# x\r\na@example.org \(key)"
        #expect(try read(text).bytes == Array(text.utf8))
    }

    @Test func aKeyOnTwoLinesIsOneKey() throws {
        #expect(try read("a \(key)\nb \(other)\nc \(key)\n").keys.count == 2)
    }

    @Test(arguments: ["", "\n", "# nobody yet\n", "\r\n\r\n"])
    func aFileThatListsNobodyIsRefused(_ text: String) {
        #expect(
            failure { _ = try read(text) }?.description
                == "'signers': the file lists nobody; each signer has a line such as 'ops@example.com ssh-ed25519 AAAA…'"
        )
    }

    @Test func allFaultsAreToldTogether() {
        let fault = failure {
            _ = try read(
                """
                a@example.org \(key)
                b@example.org
                # fine
                c@example.org cert-authority \(key)
                d@example.org valid-after="soon" \(key)

                e@example.org \(Vector.shortRSAKey)
                f@example.org \(Vector.dsaKey)
                """)
        }
        let lines = (fault?.description ?? "").split(separator: "\n").map(String.init)
        #expect(lines.map { $0.prefix(12) } == [2, 4, 5, 7, 8].map { "'signers:\($0)':" })
        #expect(lines.last?.contains("'ssh-dss'") == true)
        #expect(lines[3].contains("an RSA key of 1024 bits is refused"))
    }

    @Test(arguments: Vector.all)
    func everyKindOfKeyIsRead(_ vector: Vector) throws {
        let list = try AllowedSigners.of("ops@example.org namespaces=\"airlift-*\" \(vector.publicKey)")
        #expect(list.keys.map(\.fingerprint) == [vector.fingerprint])
    }

    @Test(arguments: [
        "\u{FEFF}a@example.org KEY": "byte order mark",
        "a@exa\0mple.org KEY": "zero byte",
    ])
    func whatOnlyLooksLikeAListIsRefused(_ text: String, _ words: String) {
        let whole = text.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: key)
        #expect(failure { _ = try read(whole) }?.description.contains(words) == true)
    }

    @Test func hugeLinesAreRead() throws {
        let comment = String(repeating: "x", count: 1 << 20)
        #expect(try read("a@example.org \(key) \(comment)\n").keys.count == 1)
        let principals = Array(repeating: "someone@example.org", count: 20_000).joined(separator: ",")
        #expect(try read("\(principals) \(key)\n#\(comment)\n").keys.count == 1)
    }

    @Test func hugeFilesAreNot() {
        let text = "a@example.org \(key)\n" + String(repeating: "#\n", count: 2 << 20)
        #expect(failure { _ = try read(text) }?.description.contains("at most 4194304 bytes") == true)
    }

    @Test func badKeysAreRefused() throws {
        let blob = SignatureBuilder().key
        let point = Wire.string("ecdsa-sha2-nistp256") + Wire.string("nistp256")
        let off = point + Wire.string([4] + [UInt8](repeating: 1, count: 64))
        let (e, n) = ([1, 0, 1] as [UInt8], [0, 0x80] + [UInt8](repeating: 0x77, count: 255))
        let rsa: ([UInt8], [UInt8]) -> [UInt8] = {
            Wire.string("ssh-rsa") + Wire.string($0) + Wire.string($1)
        }
        for (name, bytes, words) in [
            ("ssh-ed25519", blob + [0], "1 bytes follow"),
            ("ssh-ed25519", Array(blob.dropLast()), "cut off"),
            ("ssh-ed25519", Wire.string("ssh-ed25519") + Wire.string([1, 2, 3]), "3 bytes instead of 32"),
            ("ecdsa-sha2-nistp256", off, "no point of nistp256"),
            (
                "ecdsa-sha2-nistp256", point + Wire.string([2] + [UInt8](repeating: 1, count: 32)),
                "uncompressed"
            ),
            (
                "ecdsa-sha2-nistp256",
                Wire.string("ecdsa-sha2-nistp256") + Wire.string("nistp384") + Wire.string([4]),
                "curve is 'nistp384'"
            ),
            ("ssh-rsa", rsa([1], n), "no key generator"),
            ("ssh-rsa", rsa([2], n), "no key generator"),
            ("ssh-rsa", rsa(e, n.dropLast() + [0x76]), "no key generator"),
            ("ssh-rsa", rsa([0x7f] + [UInt8](repeating: 1, count: 8), n), "no key generator"),
            ("ssh-rsa", rsa(e, [0, 0] + n.dropFirst()), "zero byte in front"),
            ("ssh-rsa", rsa(e, Array(n.dropFirst())), "negative"),
            ("ssh-rsa", rsa([], n), "zero"),
            ("ssh-rsa", rsa(e, [0, 0x80] + [UInt8](repeating: 1, count: 2_048)), "16392 bits"),
        ] {
            let fault = failure { _ = try read("a@example.org \(name) \(Base64.encode(bytes))\n") }
            #expect(fault?.description.contains(words) == true, "\(words): \(fault?.description ?? "read")")
        }
        #expect(try read("a@example.org ssh-rsa \(Base64.encode(rsa(e, n)))\n").keys.count == 1)
    }

    @Test func foreignTextCannotMoveTheCursor() {
        let fault = failure { _ = try read("a@example.org \u{1B}[2J \(key)\n") }
        #expect(fault?.description.contains("\u{1B}") == false)
    }
}
