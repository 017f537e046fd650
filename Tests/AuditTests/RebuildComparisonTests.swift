import Bundle
import Digests
import TestSupport
import Testing

@testable import Audit

/// Two cuts of one thing, compared to the byte in the form without signatures.
@Suite struct RebuildComparisonTests {
    private let scratch = TemporaryDirectory()

    private func bundle(_ name: String, _ change: (inout BundleBuilder) -> Void = { _ in }) throws
        -> BundleReader
    {
        let written = try BundleBuilder(change).write(to: scratch, below: name)
        return try BundleReader.open(written.path)
    }

    private func differences(_ change: (inout BundleBuilder) -> Void) throws -> [RebuildDifference] {
        try RebuildComparison(bundle("original", change), bundle("rebuilt")).differences()
    }

    @Test func equalCutsAreEqual() throws {
        #expect(try differences { _ in } == [])
        #expect(try RebuildComparison(bundle("a"), bundle("b")).firstDifference() == nil)
    }

    @Test func signaturesAreSetAside() throws {
        let reader = try bundle("original")
        let signature = BundleSignature(name: "SHA256-abc.sig", bytes: Array("signature".utf8))
        _ = try BundleSigner(reader, synchronize: false).add([signature], output: scratch.path + "/signed.sh")
        let other = try BundleReader.open(scratch.path + "/signed.sh")
        #expect(other.signatures.count == 1)
        #expect(try RebuildComparison(other, bundle("rebuilt")).differences() == [])
    }

    @Test func anotherInstallerIsTheOnlyFinding() throws {
        let found = try differences { $0.installer = [UInt8](repeating: 0x7f, count: 50_000) }
        #expect(found.map(\.kind) == [.installer], "\(found)")
        #expect(found.first?.subject == "airlift/installer-linux-64")
    }

    @Test func theStubIsNamedByItself() throws {
        let found = try differences {
            $0.stubTemplate = $0.stubTemplate.replacing("echo", with: "true; echo")
        }
        #expect(found.map(\.kind) == [.stub], "\(found)")
    }

    @Test func anotherVersionComesFirst() throws {
        let found = try differences {
            $0.editManifest = {
                $0.generator = "airlift 9.9.9"
                $0.summary = "Another"
            }
        }
        #expect(found.map(\.kind) == [.generator, .manifest] && found.last?.subject == "summary", "\(found)")
    }

    @Test func anArchiveIsNamedOnceWithAllThatFollows() throws {
        let found = try differences {
            $0.wheels[1] = WheelBuilder("other", "2.5", files: [.init("other/__init__.py", "x = 1\n")])
        }
        let path = "archives/wheels/other-2.5-py3-none-any.whl"
        #expect(found.filter { $0.kind == .archive }.map(\.subject) == [path])
        #expect(!found.contains { $0.subject.hasSuffix(".sha256") || $0.subject.hasSuffix(".crc32") })
    }

    @Test func aSentenceShowsNoControlCharacters() throws {
        let difference = RebuildDifference(
            .entry, "airlift/\u{1b}[2Kx", bundle: "a\nb", rebuilt: nil, meaning: "it is new")
        #expect(!difference.sentence.unicodeScalars.contains { $0.value < 0x20 })
    }

    // The manifest as JSON

    private func compare(_ first: String, _ second: String) throws -> [String] {
        AnyJSON.differences(try AnyJSON.read(Array(first.utf8)), try AnyJSON.read(Array(second.utf8))).map {
            "\($0.key): \($0.first ?? "-") / \($0.second ?? "-")"
        }
    }

    @Test func keysThatNobodyKnowsAreCompared() throws {
        #expect(try compare(#"{"a":1,"new":{"b":[1,2]}}"#, #"{"a":1}"#) == ["new: b 1, 2 / -"])
        #expect(
            try compare(#"{"a":{"b":true,"c":null}}"#, #"{"a":{"b":false,"c":"x"}}"#) == [
                "a.b: true / false", "a.c: null / x",
            ])
        #expect(try compare(#"{"a":1.5}"#, #"{"a":1.5}"#) == [])
    }

    @Test func rowsAreComparedByTheirPaths() throws {
        #expect(
            try compare(
                #"{"l":[{"path":"a","x":1},{"path":"b","x":2}]}"#,
                #"{"l":[{"path":"b","x":3},{"path":"c","x":4}]}"#) == [
                    "l[a]: path a, x 1 / -", "l[b].x: 2 / 3", "l[c]: - / path c, x 4",
                ])
        #expect(
            try compare(#"{"l":[{"path":"a"},{"path":"b"}]}"#, #"{"l":[{"path":"b"},{"path":"a"}]}"#) == [
                "l (order): a, b / b, a"
            ])
        #expect(try compare(#"{"l":["a","b"]}"#, #"{"l":["b"]}"#) == ["l: a, b / b"])
        #expect(try compare(#"{"l":[{"path":"a"},{"path":"a"}]}"#, #"{"l":[]}"#).count == 1)
    }
}
