import Digests
import Testing

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func `the examples of FIPS 180-4`(message: String, digest: String) {
        #expect(SHA256.hash(message).hex == digest)
    }

    @Test func `a million times a`() {
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000)
        var hasher = SHA256()
        for _ in 0..<1_000 { hasher.update(piece) }
        #expect(hasher.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        #expect(hasher.finalize() == SHA256.hash(""), "it starts anew")
    }

    @Test func `however the bytes are cut, the digest is one`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for cut in bytes.indices {
            var hasher = SHA256()
            hasher.update(Array(bytes[..<cut]))
            hasher.update(Array(bytes[cut...]))
            #expect(hasher.finalize() == SHA256.hash(bytes))
        }
    }

    @Test(arguments: [
        "", "ba78", String(repeating: "g", count: 64), String(repeating: "a", count: 65),
        "é" + String(repeating: "a", count: 62),
    ])
    func `what is no digest in hexadecimal is refused`(text: String) {
        #expect(SHA256Digest(hex: text) == nil)
    }

    @Test func `either case is read, lower case is written, order is that of the bytes`() throws {
        let low = try #require(SHA256Digest(hex: String(repeating: "0F", count: 32)))
        let high = try #require(SHA256Digest(hex: String(repeating: "f0", count: 32)))
        #expect(low.hex == String(repeating: "0f", count: 32))
        #expect(low < high && !(high < low))
    }

    @Test func `a digest is its text in JSON`() throws {
        let digest = SHA256.hash("abc")
        let bytes = try CanonicalJSON.encode([digest])
        #expect(String(decoding: bytes, as: UTF8.self) == "[\"\(digest.hex)\"]\n")
        #expect(try CanonicalJSON.decode([SHA256Digest].self, from: bytes) == [digest])
        #expect(throws: DecodingError.self) {
            _ = try CanonicalJSON.decode([SHA256Digest].self, from: Array(#"["abc"]"#.utf8))
        }
    }
}

@Suite struct MD5Tests {
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
    ])
    func `the examples of RFC 1321`(message: String, digest: String) {
        var hasher = MD5()
        Array(message.utf8).withUnsafeBytes { hasher.update($0) }
        #expect(hasher.finalizeHex() == digest)
    }
}

@Suite struct TextTests {
    @Test func `hexadecimal is read as it was written`() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        #expect(Hex.encode([0, 10, 255]) == "000aff" && Hex.decode("000AfF") == [0, 10, 255])
        for text in ["0", "0g", "0x", " 00", "00 ", "é", "０0"] { #expect(Hex.decode(text) == nil, "\(text)") }
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the examples of RFC 4648, without padding`(plain: String, text: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == text)
        #expect(Base64URL.decode(text) == Array(plain.utf8))
        #expect(Base64URL.decode(text + "==") == Array(plain.utf8), "padding is allowed")
    }

    @Test func `all lengths and bytes come back`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 250) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
        #expect(Base64URL.encode([0xfb, 0xff]) == "-_8")
    }

    @Test(arguments: [
        ("Zh", "Zg"), ("Zm9", "Zm8"), ("Z", "Zg"), ("Zm9vY", "Zm9vYg"), ("+/8", "-_8"), ("Zg=a", "Zg=="),
        ("Z g", "Zg"), ("Zgé", "Zg"),
    ])
    func `two texts never mean one value`(text: String, twin: String) {
        #expect(Base64URL.decode(text) == nil)
        #expect(Base64URL.decode(twin) != nil)
    }
}

@Suite struct CanonicalJSONTests {
    @Test func `text is UTF-8, slashes stay, control characters are escaped`() throws {
        #expect(
            String(decoding: try CanonicalJSON.encode(["a/b": "é\u{1}\"\\\n日本😀"]), as: UTF8.self)
                == "{\"a/b\":\"é\\u0001\\\"\\\\\\n日本😀\"}\n")
    }

    @Test func `large integers keep every digit`() throws {
        let numbers: [UInt64] = [.max, 0, (1 << 53) + 1]
        let bytes = try CanonicalJSON.encode(numbers)
        #expect(String(decoding: bytes, as: UTF8.self) == "[18446744073709551615,0,9007199254740993]\n")
        #expect(try CanonicalJSON.decode([UInt64].self, from: bytes) == numbers)
    }

    @Test func `the readable form says the same`() throws {
        let value = ["b": [1, 2], "a": []]
        let text = String(decoding: try CanonicalJSON.encodeReadable(value), as: UTF8.self)
        #expect(text.split(separator: "\n").count > 3)
        #expect(try CanonicalJSON.decode([String: [Int]].self, from: Array(text.utf8)) == value)
    }
}
