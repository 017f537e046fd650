import TestSupport
import Testing

/// A host without Airlift can still open a bundle.
@Suite struct FormatTests {
    @Test(arguments: [["unzip", "-tq"], ["python3", "-m", "zipfile", "-t"], ["bsdtar", "-tf"]])
    func otherReadersTakeItWithoutAWarning(reader: [String]) throws {
        guard Program.exists(reader[0]) else { return }
        let bundle = try Shared.whole().bundle
        let ran = try run(reader + [bundle])
        #expect(ran.code == 0, "\(ran.words)")
        #expect(ran.errors == "")
        #expect(!ran.output.lowercased().contains("warning"), "\(ran.output)")
    }

    /// The blocks of docs/bundle-format.md as they stand there.
    @Test(.enabled(if: Program.exists("unzip"), "unzip is not here"))
    func theDocumentedStepsByHandWork() throws {
        let blocks = try Document.shellBlocks(Product.root + "/docs/bundle-format.md")
        #expect(blocks.count >= 3)
        let scratch = TemporaryDirectory()
        let flown = try Shared.whole()
        let manifest = try run(["unzip", "-p", flown.bundle, "airlift/manifest.json"])
        let digest = try run(["unzip", "-p", flown.bundle, "airlift/manifest.json"]).bytes
        let stub = try #require(Self.number(after: "\"stub\":{", "\"size\":", in: manifest.output))
        let script =
            "set -eu\ncp '\(flown.bundle)' B.sh\nSIZE=\(stub)\nless() { cat; }\n"
            + blocks.map { block in
                // The second block goes on in the directory that the first made; the third is of the file itself.
                block.contains("head -c") ? "cd ..\n" + block : block
            }.joined()
        try scratch.write("steps.sh", script)
        let ran = try run(["sh", "steps.sh"], in: scratch.path)
        #expect(ran.code == 0, "\(ran.words)")
        #expect(ran.errors == "", "\(ran.errors)")
        #expect(ran.output.contains("ok  archives/wheels/greeter-1.0-py3-none-any.whl"))
        #expect(!ran.output.contains("BAD"))
        #expect(ran.output.contains(SHA256Text.of(digest)))
        #expect(ran.output.contains(SHA256Text.of(Array(try Tree.bytes(flown.bundle).prefix(stub)))))
    }

    private static func number(after start: String, _ key: String, in text: String) -> Int? {
        guard let object = text.firstRange(of: start),
            let field = text[object.upperBound...].firstRange(of: key)
        else { return nil }
        return Int(text[field.upperBound...].prefix { $0.isNumber })
    }
}
