import Digests
import Testing

@Suite("SHA-256 out of the bytes of a document") struct HexASCIITests {
    private func read(_ text: String) -> SHA256Digest? {
        Array(text.utf8).withUnsafeBytes { SHA256Digest(hexASCII: $0) }
    }

    @Test("is what reading its text gives")
    func same() {
        for text in ["", "a", "größe"] {
            let digest = SHA256.hash(text)
            #expect(read(digest.hex) == digest)
            #expect(read(digest.hex.uppercased()) == digest)
            var written: [UInt8] = []
            Hex.append(digest.bytes, to: &written)
            #expect(String(decoding: written, as: UTF8.self) == digest.hex)
        }
    }

    @Test("nothing else is one", arguments: ["", "/", ":", "@", "G", "`", "g", " ", "\u{0}", "\u{7f}"])
    func refused(_ wrong: String) {
        let rest = String(repeating: "0", count: 63)
        #expect(read(rest + wrong) == nil)
        #expect(read(wrong + rest) == nil)
        #expect(read(rest + "0" + "0") == nil)
        #expect(read(rest + "f") != nil)
    }
}
