import Conda
import Testing

/// Values are passed over in blocks of 64 bytes: what matters may stand at any place of a block.
@Suite struct SkippingTests {
    /// How many bytes `skip` takes; nil where it refuses.
    private func skipped(_ text: String) -> Int? {
        Array(text.utf8).withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            return try? scanner.skip().count
        }
    }

    @Test(arguments: 0..<140)
    func bracketsInStringsAreText(_ padding: Int) {
        let space = String(repeating: " ", count: padding)
        for value in [
            #"["]}"]"#, #"["\"]"]"#, #"["\\"]"#, #"["\\\"]"]"#, #"[["\\\\"],{"a\"}":"\\\\\"{"}]"#,
        ] {
            let padded = "[\(space)\(value)]"
            #expect(skipped(padded + "]]") == padded.utf8.count, "\(padded)")
            let inside = #"["\#(space)\\", \#(value), "\#(space)"]"#
            #expect(skipped(inside + "}") == inside.utf8.count, "\(inside)")
        }
    }

    @Test(arguments: 0..<140)
    func whatDoesNotCloseIsRefused(_ padding: Int) {
        let space = String(repeating: " ", count: padding)
        for value in [#"["\"]"#, #"["\\\"]"#, "[{]}", "[}", #"{"a":[}"#, "[[]"] {
            #expect(skipped("[\(space)\(value)") == nil)
        }
    }

    @Test func depthIsLimited() {
        let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(skipped(deep) == 256)
        #expect(skipped("[\(deep)]") == nil)
        let mixed = String(repeating: #"{"a":["#, count: 64) + String(repeating: "]}", count: 64)
        #expect(skipped(mixed) == mixed.utf8.count)
    }
}
