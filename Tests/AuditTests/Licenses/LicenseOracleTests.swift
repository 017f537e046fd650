import Glibc
import TestSupport
import Testing

@testable import Audit

/// Runs only where `AIRLIFT_LICENSE_PYTHON` names a Python that has the package license-expression installed.
@Suite("license-expression", .enabled(if: getenv("AIRLIFT_LICENSE_PYTHON") != nil))
struct LicenseOracleTests {
    /// For each line: whether it is valid, and an example of choices that satisfy it (a bit for each of all
    /// subsets of its licences, up to five of them).
    private static let program = """
        import itertools, sys
        from license_expression import get_spdx_licensing
        licensing = get_spdx_licensing()
        for line in open(sys.argv[1], encoding="utf-8"):
            try:
                parsed = licensing.parse(line.strip(), validate=True, strict=True)
            except Exception:
                print("refused")
                continue
            if parsed is None:
                print("refused")
                continue
            def holds(node, chosen):
                if not getattr(node, "args", ()) or hasattr(node, "license_symbol"):
                    return str(node) in chosen
                results = [holds(x, chosen) for x in node.args]
                return all(results) if type(node).__name__ == "AND" else any(results)
            names = sorted({str(x) for x in licensing.license_symbols(parsed, decompose=False)})[:5]
            bits = ""
            for count in range(len(names) + 1):
                for chosen in itertools.combinations(names, count):
                    bits += "1" if holds(parsed, set(chosen)) else "0"
            print(",".join(names) + " " + bits)
        """

    private func ask(_ texts: [String]) throws -> [String] {
        let directory = TemporaryDirectory()
        let script = try directory.write("judge.py", Self.program)
        let input = try directory.write("texts.txt", texts.map { $0 + "\n" }.joined())
        let output = directory.path + "/answers.txt"
        let python = String(cString: getenv("AIRLIFT_LICENSE_PYTHON"))
        #expect(system("'\(python)' '\(script)' '\(input)' > '\(output)'") == 0)
        let file = try #require(fopen(output, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func combinations(_ names: [String], _ count: Int) -> [[String]] {
        guard count > 0 else { return [[]] }
        return names.indices.flatMap { index in
            combinations(Array(names[(index + 1)...]), count - 1).map { [names[index]] + $0 }
        }
    }

    @Test("accepts and refuses the same texts, and the same choices satisfy them")
    func agree() throws {
        var made = RandomExpressions(seed: 99)
        // It knows no references but its own, and `+` only behind identifiers that once were listed with it.
        let valid = (0..<1_000).map { _ in made.text() }
            .filter { !$0.contains("Ref-") && !$0.contains("MPL-2.0+") }
        #expect(valid.count > 100)
        let invalid = [
            "MIT MIT", "MIT OR", "OR MIT", "(MIT", "MIT)", "()", "MIT WITH", "MIT WITH ISC", "NoSuchLicense",
            "MIT AND OR ISC", "MIT WITH MIT",
        ]
        let answers = try ask(valid + invalid)
        #expect(answers.count == valid.count + invalid.count)
        #expect(answers.suffix(invalid.count).allSatisfy { $0 == "refused" })
        for (text, answer) in zip(valid, answers) {
            let expression = try SPDXExpression(text)
            let parts = answer.split(separator: " ", omittingEmptySubsequences: false)
            // Exceptions have a space in them: the bits are what comes last.
            let names = parts.dropLast().joined(separator: " ").split(separator: ",").map(String.init)
            guard expression.licenses.count <= 5, answer != "refused" else {
                #expect(answer != "refused", "\(text)")
                continue
            }
            let bits = (0...names.count).flatMap { combinations(names, $0) }.map { chosen -> Character in
                let licenses = Set(chosen.compactMap { try? SPDXExpression($0).current.description })
                return expression.isSatisfied {
                    licenses.contains(SPDXExpression.license($0).current.description)
                }
                    ? "1" : "0"
            }
            #expect(String(bits) == parts.last.map(String.init) ?? "", "\(text): \(answer)")
        }
    }

    @Test("knows every identifier of the list")
    func identifiers() throws {
        let texts = SPDXLicenseList.allLicenses
        let unknown = zip(texts, try ask(texts)).filter { $1 == "refused" }.map(\.0)
        // It takes these for two identifiers, or for an exception.
        #expect(unknown.allSatisfy { $0.hasSuffix("-exception") || $0 == "eCos-2.0" }, "\(unknown)")
        #expect(unknown.count < 10)
    }
}
