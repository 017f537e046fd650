import Bundle
import Digests
import Failures
import Files
import TestSupport
import Testing

@Suite struct BundleAuthenticationTests {
    let scratch = TemporaryDirectory()

    private func signed(_ signatures: [(String, [UInt8])]) throws -> BundleRewriter {
        var rewriter = try BundleRewriter(BundleBuilder().write(to: scratch, replace: true).path)
        rewriter.entries += signatures.map { ("airlift/signatures/\($0.0)", $0.1) }
        return rewriter
    }

    struct NotTrusted: Failure, Equatable {
        let description = "nobody is trusted"
        let kind = FailureKind.trust
    }

    @Test func `who authenticates gets the manifest's bytes and all signatures`() throws {
        let path = try scratch.write("b.sh", signed([("a.sig", [1, 2]), ("b.sig", [3])]).bytes)
        var seen: [[UInt8]] = []
        let reader = try BundleReader.open(path) { manifest, signatures in
            seen = [manifest] + signatures.map(\.bytes)
            #expect(signatures.map(\.name) == ["a.sig", "b.sig"])
        }
        #expect(seen == [reader.manifestBytes, [1, 2], [3]])
        #expect(reader.signatures.map(\.path) == ["airlift/signatures/a.sig", "airlift/signatures/b.sig"])
    }

    /// Nothing but the ZIP directory is understood before: not even whether the manifest is JSON.
    @Test func `without trust nothing of a hostile manifest is read`() throws {
        var rewriter = try signed([])
        rewriter.entries[0].bytes = Array("{\"airlift\":99 no JSON at all".utf8)
        let path = try scratch.write("b.sh", rewriter.bytes)
        let refused = failure { _ = try BundleReader.open(path) { _, _ in throw NotTrusted() } }
        #expect(refused as? NotTrusted == NotTrusted())
        let trusted = failure { _ = try BundleReader.open(path) { _, _ in } }
        #expect(trusted?.kind == .damaged)
    }

    @Test func `more and larger signatures than anybody needs are refused before they are judged`() throws {
        let limit = BundleSignature.countLimit
        let largest = [UInt8](repeating: 1, count: BundleSignature.sizeLimit)
        for (signatures, isRight) in [
            ((0..<limit).map { ("\($0).sig", [UInt8(1)]) }, true),
            ((0...limit).map { ("\($0).sig", [UInt8(1)]) }, false),
            ([("a.sig", largest)], true), ([("a.sig", largest + [1])], false), ([("a.sig", [])], false),
            ([("a b.sig", [1])], false), ([("x/y.sig", [1])], false), ([("", [1])], false),
        ] {
            let sorted = signatures.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            let path = try scratch.write("b.sh", signed(sorted).bytes)
            var wasAsked = false
            let error = failure { _ = try BundleReader.open(path) { _, _ in wasAsked = true } }
            #expect((error == nil) == isRight, "\(error.map { "\($0)" } ?? "")")
            #expect(wasAsked == isRight)
            if !isRight { #expect(error?.kind == .damaged) }
        }
    }

    @Test func `signatures out of order are refused`() throws {
        let path = try scratch.write("b.sh", signed([("b.sig", [1]), ("a.sig", [1])]).bytes)
        #expect(failure { _ = try BundleReader.open(path) }?.kind == .damaged)
    }

    @Test func `every flipped byte of a signature's entry is found on opening`() throws {
        let path = try scratch.write("b.sh", signed([("a.sig", [1, 2, 3])]).bytes)
        let right = try bytes(path)
        let member = try #require(BundleReader.open(path).layout.members.last)
        for index in Int(member.offset)..<right.count {
            try overwrite(path, at: UInt64(index), [right[index] ^ 0x01])
            #expect(failure { _ = try BundleReader.open(path) } != nil, "byte \(index)")
            try overwrite(path, at: UInt64(index), [right[index]])
        }
        try BundleReader.judge(path)
    }
}
