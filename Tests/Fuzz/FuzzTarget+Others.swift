import ELF
import TestSupport
import Trust

extension FuzzTarget {
    static let others = [
        FuzzTarget(
            name: "elf", run: readELF, seeds: elfSeeds,
            words: ["\u{7f}ELF\u{2}\u{1}\u{1}", "GLIBC_2.28", "libc.so.6"]),
        FuzzTarget(name: "signature", run: readSignature, seeds: signatureSeeds, words: signatureWords),
        FuzzTarget(name: "signers", run: readSigners, seeds: signerSeeds, words: signerWords),
    ]

    static func readELF(_ bytes: [UInt8]) throws { _ = try ELFFile.parse(bytes, name: "input") }

    static func readSignature(_ bytes: [UInt8]) throws {
        let signature = try SSHSignature.read(bytes, name: "input")
        try signature.verify("message".bytes, namespace: Trust.namespace)
    }

    static func readSigners(_ bytes: [UInt8]) throws {
        let signers = try AllowedSigners.read(bytes, file: "input")
        let policy = try TrustPolicy(allowed: signers)
        let verdict = policy.judge(
            "message".bytes, [.init(name: "a", bytes: signature.bytes)], at: 1_700_000_000)
        law(!verdict.isSatisfied, "a signature of something else counts for nobody")
    }

    static let signatureWords = [
        "-----BEGIN SSH SIGNATURE-----\n", "\n-----END SSH SIGNATURE-----", "U1NIU0lH", "AAAA",
    ]
    static let signerWords = [
        "ssh-ed25519 ", "ecdsa-sha2-nistp256 ", "ssh-rsa ", "namespaces=\"", "valid-after=\"",
        "valid-before=\"",
        "cert-authority ", "20260101", "no-touch-required ", "*", "!", ",",
    ]

    /// Made once with ssh-keygen, of another message.
    private static let signature = """
        -----BEGIN SSH SIGNATURE-----
        U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgKB/flLwPhhCwlHma4pwR0y0HzB
        c4LGQ2gd9aqIIn7ccAAAARYWlybGlmdC1idW5kbGVAdjEAAAAAAAAABnNoYTUxMgAAAFMA
        AAALc3NoLWVkMjU1MTkAAABAAOT3m4hlU0s9m/Hh5F4tQjb1sZy7DicxIcgWIj5LwKck49
        uDTxZY/mlthfcRkFLsA0ov9X3ld3Or0xLC0lvzCw==
        -----END SSH SIGNATURE-----

        """
    private static let ecdsaSignature = """
        -----BEGIN SSH SIGNATURE-----
        U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE
        EEfch16Q5nBMeRykzY/g+ywLAfBeE4Kiy74baVxkGEjAAb7zK6IwuaSOtduy02H6pVc11W
        KzQHxbNyFJ4DX3Ut5gAAABFhaXJsaWZ0LWJ1bmRsZUB2MQAAAAAAAAAGc2hhNTEyAAAAYw
        AAABNlY2RzYS1zaGEyLW5pc3RwMjU2AAAASAAAACBdtfRoiDAVcG7Hd18CVaXExUZ2tuBS
        h4we/a+vZJt+rQAAACA8k35xH9G9C/bv4GowdwEr498cqipuOxbKQJG8LA+nGw==
        -----END SSH SIGNATURE-----

        """
    private static let key = """
        ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICgf35S8D4YQsJR5muKcEdMtB8wXOCxkNoHfWqiCJ+3H
        """

    @Sendable static func signatureSeeds() -> [[UInt8]] { [signature.bytes, ecdsaSignature.bytes] }

    @Sendable static func signerSeeds() -> [[UInt8]] {
        [
            "release@example.org \(key)\n".bytes,
            "# comment\na,b namespaces=\"airlift\",valid-after=\"20200101\",valid-before=\"20300101Z\" \(key) me\n"
                .bytes,
        ]
    }

    @Sendable static func elfSeeds() -> [[UInt8]] {
        [ToyLibrary().bytes(), ToyLibrary { $0.wide = false }.bytes()]
    }
}
