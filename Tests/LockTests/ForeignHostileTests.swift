import Failures
import Testing

@testable import Lock

@Suite("A hostile lock")
struct ForeignHostileTests {
    private func outcome(_ text: String) -> String { Foreign.problems(text, platform: "linux-64") }

    @Test("with aliases that grow by powers of ten is refused at once, wherever they stand")
    func bomb() {
        let names = "abcdefghijkl".map(String.init)
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for (last, next) in zip(names, names.dropFirst()) {
            text +=
                "\(next): &\(next) [" + Array(repeating: "*\(last)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        for use in ["package: *l\nmetadata: {}", "? *l\n: 1\npackage: []", "? *l\n: 1\n? *k\n: 2"] {
            let start = ContinuousClock.now
            #expect(outcome(text + use).contains("line 2: it has an alias of an anchor"))
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test("is not suspected for the stars and ampersands of match specs and licences")
    func noAliases() {
        let text = ForeignPixiTests.version6.replacing("- b >=2,<3.0a0", with: "- python_abi 3.10.* *_cp310")
            .replacing(
                "  size: 123", with: "  license: '*_cp310 &b'\n  purls2: BSD &c or &cp310\n  size: 123")
        #expect(outcome(text) == "none")
    }

    @Test("that nests a hundred thousand levels is refused, and one that nests a few is not")
    func nesting() {
        for open in ["[", "{a: ", "- "] {
            #expect(outcome("package: " + String(repeating: open, count: 100_000)) != "none")
        }
        let deep = String(repeating: "[", count: 50) + String(repeating: "]", count: 50)
        #expect(outcome(ForeignPixiTests.version6 + "unknown: \(deep)\n") == "none")
    }

    @Test("with a key twice is refused with its line")
    func duplicateKeys() {
        #expect(
            outcome(ForeignPixiTests.version6.replacing("  size: 123", with: "  size: 123\n  size: 124"))
                .contains(
                    "the key 'size' more than once"))
        #expect(
            outcome(ForeignPixiTests.version6 + "version: 7\n").contains("the key 'version' more than once"))
    }

    @Test("with a megabyte in one value is refused in a short sentence")
    func huge() {
        let huge = String(repeating: "x", count: 1_000_000)
        for text in [
            ForeignPixiTests.version6.replacing("a-1.0-h1_7.conda", with: "\(huge).conda"),
            ForeignPixiTests.version6.replacing("version: 6", with: "version: \(huge)"),
            ForeignPixiTests.version6.replacing("- conda: ", with: "- \(huge): "),
            ForeignPixiTests.version6.replacing("size: 123", with: "size: \(huge)"),
            ForeignPixiTests.version6.replacing("sha256: ", with: "sha256: \(huge)"),
            "@EXPLICIT\n\(huge)", "@EXPLICIT\nhttps://h/\(huge).conda",
            "@EXPLICIT\nhttps://h/a-1-0.conda#\(huge)",
            "@EXPLICIT\nhttps://h/\(huge)-1-0.conda", "@EXPLICIT\n\(huge)/a",
        ] {
            let found = outcome(text)
            #expect(found != "none")
            #expect(found.split(separator: "\n").allSatisfy { $0.utf8.count < 1000 }, "\(found.prefix(300))")
        }
    }

    @Test("that is cut off anywhere, or has a byte changed, is read or refused, never a fault")
    func damaged() {
        let list = "# platform: linux-64\n@EXPLICIT\nhttps://ann:pw@h/t/x/c/noarch/a-1%21-0.conda#sha256:00\n"
        for text in [ForeignPixiTests.version5, ForeignPixiTests.version7, list] {
            let bytes = Array(text.utf8)
            for end in stride(from: 0, to: bytes.count, by: 13) {
                check(Array(bytes[..<end]))
                var changed = bytes
                changed[end] = [0, 0x26, 0x2A, 0x3A, 0x5B, 0xFF, 0x0A][end / 13 % 7]
                check(changed)
            }
        }
    }

    private func check(_ bytes: [UInt8]) {
        do throws(FailureList) {
            _ = try ForeignLock.read(bytes, file: "f.lock").packages(platform: "linux-64")
        } catch {
            #expect(error.failures.allSatisfy { $0.description.hasPrefix("cannot use 'f.lock'") })
            #expect(error.failures.allSatisfy { ($0 as? LockError)?.line != 0 })
        }
    }

    @Test("cannot write to a terminal through its errors")
    func controls() {
        for text in [
            "@EXPLICIT\n\u{1B}[2Jx\n", "version: \"\\e[2J\"\npackage: []\n",
            "version: 1\npackage: \"\\e[2J\"\n",
        ] {
            #expect(outcome(text) != "none" && !outcome(text).contains("\u{1B}"))
        }
    }
}
