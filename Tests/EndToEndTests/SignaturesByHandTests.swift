import Files
import TestSupport
import Testing

/// The blocks of docs/signatures.md, run as they stand there.
@Suite(.enabled(if: Signers.areThere, "ssh-keygen or unzip is not here")) struct SignaturesByHandTests {
    private let signers = Signers()

    private func bundle() throws -> String {
        let bundle = try signers.copy(Shared.whole().bundle)
        let signed = try run([
            Product.airlift, "sign", bundle, "--key", signers.key("alice"), "--key", signers.key("bob"),
        ])
        guard signed.code == 0 else { throw Unexpected(signed) }
        return bundle
    }

    /// Runs the steps in a new directory.
    private func byHand(_ bundle: String, trusting list: String, threshold: Int = 1) throws -> Outcome {
        let scratch = TemporaryDirectory()
        let blocks = try Document.shellBlocks(Product.root + "/docs/signatures.md")
        #expect(blocks.count == 2)
        try scratch.write("allowed_signers", Tree.bytes(list))
        let steps = blocks.joined().split(separator: "threshold=1\n", maxSplits: 1)
        #expect(steps.count == 2)
        try scratch.write("steps.sh", "B='\(bundle)'\n\(steps[0])threshold=\(threshold)\n\(steps[1])")
        return try run(["sh", "steps.sh"], in: scratch.path)
    }

    @Test func theDocumentedStepsTakeWhatWasSigned() throws {
        let ran = try byHand(bundle(), trusting: signers.trusting("alice", "bob"), threshold: 2)
        #expect(ran.code == 0, "\(ran.words)")
        for name in ["alice", "bob"] {
            #expect(
                ran.output.contains("Good \"\(Signers.namespace)\" signature for \(name)@example.org"))
            #expect(try ran.output.contains(signers.fingerprint(name)))
        }
        #expect(ran.output.contains("is what they signed\n") && ran.output.contains("is undamaged"))
    }

    @Test func theDocumentedStepsRefuseTooFewAndStrangeSigners() throws {
        let bundle = try bundle()
        let few = try byHand(bundle, trusting: signers.trusting("alice", "carol"), threshold: 2)
        #expect(few.code == 4 && few.errors.contains("only 1 of 2"), "\(few.words)")
        let strange = try byHand(bundle, trusting: signers.trusting("carol"))
        #expect(strange.code == 4 && strange.errors.contains("only 0 of 1"), "\(strange.words)")
        let unsigned = try byHand(Shared.whole().bundle, trusting: signers.trusting("alice"))
        #expect(unsigned.code == 4, "\(unsigned.words)")
    }

    /// Well-formed ZIP archives with checksums that are right, and not what was signed.
    @Test(arguments: ["an archive", "the installer", "the stub", "one entry more", "one entry less"])
    func theDocumentedStepsFindEveryChange(what: String) throws {
        var rewriter = try BundleRewriter(bundle())
        let wheel = try #require(rewriter.entries.firstIndex { $0.name.hasSuffix(".whl") })
        switch what {
        case "an archive": rewriter.entries[wheel].bytes[40] ^= 1
        case "the installer":
            rewriter.entries[rewriter.index("airlift/installer-linux-64")].bytes[5_000] ^= 1
        case "the stub": rewriter.stub[100] ^= 1
        case "one entry more": rewriter.entries.insert(("archives/wheels/more.whl", [1, 2, 3]), at: wheel)
        default: rewriter.entries.remove(at: wheel)
        }
        let changed = try signers.scratch.write("changed.sh", rewriter.bytes)
        let ran = try byHand(changed, trusting: signers.trusting("alice"))
        #expect(ran.code != 0 && !ran.output.contains("is what they signed"), "\(what): \(ran.words)")
    }
}
