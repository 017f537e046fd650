import Files
import Glibc
import TestSupport
import Testing

/// What ops ask of a bundle's signatures before they use it.
@Suite(.enabled(if: Signers.areThere, "ssh-keygen or unzip is not here")) struct TrustFlightTests {
    private let signers = Signers()
    private var prefix: String { signers.path + "/p" }

    private func installer(_ arguments: String...) throws -> Outcome {
        try run([Product.installer] + arguments, in: signers.path)
    }

    /// A copy of the light bundle, signed by these.
    private func signed(_ names: String...) throws -> String {
        let bundle = try signers.copy(Shared.light().bundle)
        for name in names {
            let ran = try run([Product.airlift, "sign", bundle, "--key", signers.key(name)])
            guard ran.code == 0 else { throw Unexpected(ran) }
        }
        return bundle
    }

    @Test func everyCommandRefusesWhatNobodySigned() throws {
        let bundle = try signed()
        let list = try signers.trusting("alice")
        let before = try Tree.names(signers.path)
        let commands = [
            ["install", bundle, "-b", "-p", prefix], ["plan", bundle, "-p", prefix], ["info", bundle],
            ["list", bundle], ["verify", bundle], ["extract", "--bundle", bundle, "--to", prefix],
        ]
        for command in commands {
            let ran = try run([Product.installer] + command + ["--trust", list])
            #expect(ran.code == 4 && ran.output == "", "\(command): \(ran.words)")
            #expect(ran.errors.contains("it has no signature"), "\(ran.words)")
            #expect(
                try run(
                    ["sh", bundle] + command.filter { $0 != bundle && $0 != "--bundle" } + ["--trust", list]
                ).code == 4)
        }
        #expect(try Tree.names(signers.path) == before)
        #expect(try run([Product.airlift, "sign", bundle, "--key", signers.key("alice")]).code == 0)
        for command in commands {
            let ran = try run([Product.installer] + command + ["--trust", list, "--quiet"])
            #expect(ran.code == 0, "\(command): \(ran.words)")
            if command[0] == "install" { rename(prefix, prefix + "-installed") }
        }
    }

    /// Each of these is refused with exit code 4 by a program that is not out of the bundle, and says why.
    @Test func whatIsNoSignatureOfThisBundleDoesNotCount() throws {
        let bundle = try signed()
        let manifest = try Signers.manifest(of: bundle)
        let alice = try signers.trusting("alice")
        let right = try signers.sign(manifest, with: "alice")
        let other = try Signers.manifest(of: Shared.lighter().bundle)
        func tail(_ bytes: [UInt8]) throws -> String {
            try signers.scratch.write("tail\(bytes.count).sig", Tree.bytes(right) + bytes)
        }
        // The name of the hash stands in the signature's bytes; any other, of the same length.
        let armor = try Tree.text(right).split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        var blob = Base64.decode(armor)
        let place = try #require(Bytes.place(of: Array("sha512".utf8), in: blob))
        blob.replaceSubrange(place..<place + 6, with: Array("sha384".utf8))
        let unknownHash = try signers.scratch.write("hash.sig", Base64.armored(blob))
        let cases: [(signature: String, list: String, says: String)] = [
            (try signers.sign(manifest, with: "alice", namespace: "git"), alice, "made for 'git'"),
            (try signers.sign(manifest.dropLast(), with: "alice"), alice, "not one of these bytes"),
            (try signers.sign(other, with: "alice"), alice, "not one of these bytes"),
            (try signers.sign(manifest, with: "mallory"), alice, "is not listed"),
            (try tail([0]), alice, "does not end with"),
            (try tail(Array("more\n".utf8)), alice, "does not end with"),
            (unknownHash, alice, "sha384"),
            (right, try signers.list(signers.line("alice", "valid-before=\"20200101Z\"")), "2020"),
            (right, try signers.list(signers.line("alice", "valid-after=\"21000101Z\"")), "2100"),
            (right, try signers.list(signers.line("alice", "namespaces=\"git,file\"")), "may not sign for"),
        ]
        for (signature, list, says) in cases {
            for program in [try Product.installer, try Product.airlift] {
                let ran = try run([program, "verify", bundle, "--trust", list, "--signature", signature])
                #expect(ran.code == 4, "\(says): \(ran.words)")
                #expect(ran.errors.contains(says), "\(says): \(ran.words)")
                #expect(ran.errors.contains(signature), "the signature is named: \(ran.words)")
            }
        }
        let taken = try installer("verify", bundle, "--trust", alice, "--signature", right)
        #expect(taken.code == 0, "\(taken.words)")
        let valid = try signers.list(
            signers.line("alice", "namespaces=\"git,airlift-*\",valid-before=\"21000101Z\""))
        #expect(try installer("verify", bundle, "--trust", valid, "--signature", right).code == 0)
    }

    @Test func theThresholdCountsKeysAndNotSignatures() throws {
        let bundle = try signed("alice", "mallory")
        let list = try signers.trusting("alice", "bob", "carol")
        let again = try signers.sign(Signers.manifest(of: bundle), with: "alice", hash: "sha256")
        #expect(try installer("verify", bundle, "--trust", list).code == 0)
        let two = ["verify", bundle, "--trust", list, "--threshold", "2", "--signature", again]
        let short = try run([Product.installer] + two)
        #expect(short.code == 4, "\(short.words)")
        #expect(short.errors.contains("2 distinct keys") && short.errors.contains("1 counts"))
        #expect(try short.errors.contains(signers.fingerprint("mallory")), "each one is named")
        #expect(short.errors.contains("counted already") && short.errors.contains(again))
        let bob = try signers.sign(Signers.manifest(of: bundle), with: "bob")
        let enough = try run([Product.installer] + two + ["--signature", bob])
        #expect(enough.code == 0, "\(enough.words)")
        for number in ["0", "-1", "4", "x"] {
            let ran = try installer("verify", bundle, "--trust", list, "--threshold=\(number)")
            #expect(ran.code == 2, "\(number): \(ran.words)")
        }
        #expect(try installer("verify", bundle, "--threshold", "1").code == 2)
    }

    /// Everything in the file is consistent, and signed: by somebody else.
    @Test func aChangedManifestSignedByAStrangerIsRefused() throws {
        var rewriter = try BundleRewriter(signed("alice"))
        let text = String(decoding: rewriter.entries[0].bytes, as: UTF8.self)
        let parts = text.split(separator: "Payroll services", omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        rewriter.entries[0].bytes = Array("\(parts[0])Payroll servants\(parts[1])".utf8)
        let list = try signers.trusting("alice")
        let altered = try signers.scratch.write("altered.sh", rewriter.bytes)
        // Undamaged as far as its own hashes tell; the old signature is of other bytes.
        #expect(try installer("verify", altered).code == 0)
        #expect(try installer("verify", altered).output.contains("does not hold"))
        let stale = try installer("install", altered, "-b", "-p", prefix, "--trust", list)
        #expect(stale.code == 4 && stale.errors.contains("not one of these bytes"), "\(stale.words)")
        #expect(try run([Product.airlift, "sign", altered, "--key", signers.key("mallory")]).code == 0)
        let resigned = try installer("install", altered, "-b", "-p", prefix, "--trust", list)
        #expect(resigned.code == 4 && !Tree.exists(prefix), "\(resigned.words)")
        let theirs = try signers.trusting("mallory")
        #expect(try installer("verify", altered, "--trust", theirs).code == 0)
    }

    @Test func withoutTrustItIsSaidThatNobodyWasChecked() throws {
        let bundle = try signed("alice")
        let fingerprint = try signers.fingerprint("alice")
        for command in [[try Product.installer], [try Product.airlift], ["sh"]] {
            let ran = try run(command + (command == ["sh"] ? [bundle, "verify"] : ["verify", bundle]))
            #expect(ran.code == 0 && ran.output.contains(fingerprint), "\(ran.words)")
            #expect(ran.output.contains("was not checked") && !ran.output.contains("alice"), "\(ran.words)")
        }
        let json = try installer("verify", bundle, "--json").output
        #expect(json.contains("\"correct\":true") && !json.contains("\"trust\""), "\(json)")
        let trusted = try installer("verify", bundle, "--json", "--trust", signers.trusting("alice")).output
        #expect(trusted.contains("\"trust\":{\"signers\":1,\"threshold\":1}"), "\(trusted)")
        #expect(trusted.contains("\"principals\":[\"alice@example.org\"]"), "\(trusted)")
        let unsigned = try installer("verify", Shared.light().bundle)
        #expect(unsigned.output.contains("It is not signed."), "\(unsigned.output)")
    }

    /// Names and no values: each stands in quotes in front of a colon.
    @Test func everyKeyOfTheDocumentsIsDescribed() throws {
        let bundle = try signed("alice", "mallory")
        let page = try ["audit-json", "installer-json"].map { try Tree.text(Product.root + "/docs/\($0).md") }
            .joined()
        let documents = [
            try installer("verify", bundle, "--json", "--trust", signers.trusting("alice")).output,
            try run([Product.airlift, "verify", bundle, "--json"]).output,
            try run([Product.airlift, "sign", bundle, "--json", "--detached", "--key", signers.key("bob")])
                .output,
        ]
        var keys: Set<Substring> = []
        for document in documents {
            let parts = document.split(separator: "\"", omittingEmptySubsequences: false)
            for (part, next) in zip(parts, parts.dropFirst()) where next.hasPrefix(":") { keys.insert(part) }
        }
        #expect(
            keys.isSuperset(of: ["airlift_sign", "files", "principals", "fault", "threshold"]), "\(keys)")
        for key in keys { #expect(page.contains("`\(key)`"), "\(key)") }
    }

    @Test func aListThatIsWrongIsRefusedWholeWithItsLines() throws {
        let bundle = try signed("alice")
        let alice = try signers.line("alice")
        for (lines, code, says) in [
            (
                alice
                    + "bob@example.org cert-authority \(try signers.line("bob").split(separator: " ").dropFirst().joined(separator: " "))",
                Int32(4), ":2"
            ),
            (alice + "nonsense\n", 4, ":2"), ("# nobody\n", 4, "lists nobody"),
        ] {
            let list = try signers.list(lines)
            let ran = try installer("verify", bundle, "--trust", list)
            #expect(ran.code == code && ran.errors.contains(says), "\(ran.words)")
            #expect(ran.errors.contains(list), "\(ran.words)")
        }
        #expect(try installer("verify", bundle, "--trust", "/nonexistent/list").code == 7)
        let lonely = try signers.sign(Signers.manifest(of: bundle), with: "alice")
        #expect(try installer("info", bundle, "--signature", lonely).code == 2)
    }

    /// Once, on standard error, and only where the installer came out of the file itself.
    @Test func aBundlesOwnInstallerSaysWhatItsCheckIsWorth() throws {
        let bundle = try signed("alice")
        let list = try signers.trusting("alice")
        let words = "not against a hostile file"
        let own = try run(["sh", bundle, "verify", "--trust", list])
        #expect(own.code == 0 && own.errors.contains(words), "\(own.words)")
        #expect(own.errors.split(separator: "\n").count == 1 && !own.output.contains(words))
        #expect(try run(["sh", bundle, "verify", "--trust", list, "--quiet"]).errors == "")
        #expect(try run(["sh", bundle, "verify"]).errors == "")
        #expect(try installer("verify", bundle, "--trust", list).errors == "")
    }
}

/// RFC 4648 for tests.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func decode(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var bits = 0
        var count = 0
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { continue }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
                bits &= (1 << count) - 1
            }
        }
        return bytes
    }

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let padded = group + [UInt8](repeating: 0, count: 3 - group.count)
            let bits = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
            for position in 0..<4 {
                text.append(
                    position <= group.count
                        ? alphabet[bits >> (18 - 6 * position) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A signature as ssh-keygen writes it.
    static func armored(_ bytes: [UInt8]) -> String {
        var lines = ["-----BEGIN SSH SIGNATURE-----"]
        var rest = encode(bytes)[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(70)))
            rest = rest.dropFirst(70)
        }
        return (lines + ["-----END SSH SIGNATURE-----", ""]).joined(separator: "\n")
    }
}
