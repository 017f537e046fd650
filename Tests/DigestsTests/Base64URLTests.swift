import Digests
import Testing

@Suite("URL-safe base 64")
struct Base64URLTests {
    /// RFC 4648 section 10, and characters of the URL-safe alphabet.
    @Test(
        "pairs",
        arguments: [
            ([], ""), ([0x66], "Zg"), ([0x66, 0x6f], "Zm8"), ([0x66, 0x6f, 0x6f], "Zm9v"),
            ([0x66, 0x6f, 0x6f, 0x62], "Zm9vYg"),
            ([0xfb, 0xff, 0xbf], "-_-_"), ([0x00, 0x10, 0x83], "ABCD"),
        ] as [([UInt8], String)])
    func pairs(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
        #expect(Base64URL.decode(text + "==") == bytes)
    }

    @Test(
        "is refused",
        arguments: ["A", "AAAAA", "Zh", "Zm9", "+A", "/A", "Z g", "=Zg", "Zg=Zg", "ZgÄ", "Zg\n"])
    func refuses(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
