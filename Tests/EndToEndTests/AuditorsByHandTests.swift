import TestSupport
import Testing

/// The block of docs/auditors.md for whom has no Airlift, run as it stands there.
@Suite struct AuditorsByHandTests {
    private func byHand(_ a: String, _ b: String) throws -> (Outcome, [String]) {
        let scratch = TemporaryDirectory()
        let blocks = try Document.shellBlocks(Product.root + "/docs/auditors.md")
        #expect(blocks.count == 1)
        try scratch.write("steps.sh", "A='\(a)'\nB='\(b)'\n\(blocks.joined())")
        let ran = try run(["sh", "steps.sh"], in: scratch.path)
        let listed = try Tree.text(scratch.path + "/after").split(separator: "\n").map(String.init)
        return (ran, listed)
    }

    @Test func theDocumentedStepsTellWhatChanged() throws {
        let (ran, listed) = try byHand(Shared.light().bundle, Shared.lighter().bundle)
        #expect(ran.code == 0, "\(ran.words)")
        let changed = ran.output.split(separator: "\n").filter { $0.hasPrefix("<") || $0.hasPrefix(">") }
        #expect(changed.count == 2, "\(ran.output)")
        #expect(changed.first?.hasPrefix("< wheel shouter 2.0 ") == true)
        #expect(changed.last?.hasPrefix("> wheel shouter 2.1 ") == true)
        #expect(listed.contains { $0.hasPrefix("wheel greeter 1.0 ") })
    }

    @Test func theDocumentedStepsListEveryArchive() throws {
        let cut = try Shared.whole()
        let (ran, listed) = try byHand(cut.bundle, cut.bundle)
        #expect(ran.code == 0 && ran.output.isEmpty, "\(ran.words)")
        let archives = try run(["unzip", "-Z1", cut.bundle, "archives/python/*", "archives/wheels/*"])
        #expect(listed.count == archives.output.split(separator: "\n").count, "\(listed)")
        #expect(listed.contains { $0.hasPrefix("python cpython ") })
    }
}
