import Bundle
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Testing
import Workers

@Suite struct BundleSignerTests {
    let scratch = TemporaryDirectory()

    private func signature(_ name: String, _ text: String = "signed") -> BundleSignature {
        BundleSignature(name: "SHA256-\(name).sig", bytes: Array(text.utf8))
    }

    private func bundle() throws -> String { try BundleBuilder().write(to: scratch).path }

    private func add(_ path: String, _ signatures: BundleSignature..., output: String? = nil) throws
        -> SignedBundle
    {
        try BundleSigner(BundleReader.open(path), synchronize: false).add(signatures, output: output)
    }

    private func names() throws -> [String] {
        try Directory.open("\(scratch.path)/out").names().sorted()
    }

    @Test func `signatures lie behind everything else, sorted, and the rest keeps its bytes`() throws {
        let path = try bundle()
        let before = try bytes(path)
        let unsigned = try BundleReader.open(path)
        let signed = try add(path, signature("b", "two"), signature("a", "one"))
        #expect(signed.digest == unsigned.digest && !signed.unchanged)
        #expect(signed.size == UInt64(try FileSize.of(path)))
        let reader = try BundleReader.open(path)
        try reader.verify()
        #expect(reader.signatures == [signature("a", "one"), signature("b", "two")])
        #expect(
            reader.layout.members.suffix(2).map(\.name)
                == ["airlift/signatures/SHA256-a.sig", "airlift/signatures/SHA256-b.sig"])
        let common = Int(unsigned.layout.directoryOffset)
        #expect(try bytes(path).prefix(common) == before.prefix(common))
        #expect(try names() == ["quickstart-2026.11.21-linux-64.sh"])
    }

    @Test func `without its signatures a bundle is the unsigned one, to the byte`() throws {
        let path = try bundle()
        let before = try bytes(path)
        _ = try add(path, signature("a"), signature("b"))
        _ = try BundleSigner(BundleReader.open(path)).remove(["SHA256-a.sig"])
        #expect(try BundleReader.open(path).signatures == [signature("b")])
        _ = try BundleSigner(BundleReader.open(path)).remove(["SHA256-b.sig"])
        #expect(try bytes(path) == before)
    }

    @Test func `in whatever order it was signed, the file is the same`() throws {
        let path = try bundle()
        _ = try add(path, signature("a"))
        _ = try add(path, signature("b"))
        let one = try bytes(path)
        _ = try BundleSigner(BundleReader.open(path)).remove(["SHA256-a.sig", "SHA256-b.sig"])
        _ = try add(path, signature("b"), signature("a"))
        #expect(try bytes(path) == one)
    }

    @Test func `the same signature again changes nothing, another of the same key takes its place`() throws {
        let path = try bundle()
        _ = try add(path, signature("a", "first"))
        let before = try OpenFile.read(path).status()
        #expect(try add(path, signature("a", "first")).unchanged)
        #expect(try OpenFile.read(path).status() == before)
        #expect(try BundleSigner(BundleReader.open(path)).remove(["SHA256-z.sig"]).unchanged)
        #expect(try !add(path, signature("a", "second")).unchanged)
        #expect(try BundleReader.open(path).signatures == [signature("a", "second")])
    }

    @Test(arguments: [0o755, 0o700, 0o640] as [UInt32])
    func `permissions are kept`(permissions: UInt32) throws {
        let path = try bundle()
        try #require(chmod(path, permissions) == 0)
        _ = try add(path, signature("a"))
        #expect(try OpenFile.read(path).status().permissions == permissions)
    }

    @Test func `a symbolic link stays, and what it leads to is signed`() throws {
        let path = try bundle()
        let link = "\(scratch.path)/current.sh"
        try #require(symlink("out/quickstart-2026.11.21-linux-64.sh", link) == 0)
        _ = try add(link, signature("a"))
        #expect(try scratch.directory().status(of: RelativePath("current.sh"))?.kind == .symbolicLink)
        #expect(try BundleReader.open(path).signatures.count == 1)
    }

    @Test func `another file gets the signed bundle where that is wanted`() throws {
        let path = try bundle()
        let before = try bytes(path)
        let output = "\(scratch.path)/signed.sh"
        #expect(try add(path, signature("a"), output: output).path == output)
        #expect(try bytes(path) == before)
        try BundleReader.judge(output)
        #expect(try BundleReader.open(output).signatures == [signature("a")])
        #expect(try add(path, signature("a"), output: output).unchanged)
        let error = failure { _ = try add(path, signature("b"), output: output) }
        #expect(error?.kind == .targetInTheWay)
        // The bundle itself, under another spelling of its path.
        _ = try add(
            path, signature("c"), output: "\(scratch.path)/out/../out/quickstart-2026.11.21-linux-64.sh")
        #expect(try BundleReader.open(path).signatures == [signature("c")])
    }

    @Test func `signers at the same time lose nothing of each other`() throws {
        let path = try bundle()
        let reader = try BundleReader.open(path)
        _ = try parallelMap(Array(0..<8), jobs: 8) { number in
            try BundleSigner(reader, synchronize: false).add([signature("\(number)")])
        }
        try BundleReader.judge(path)
        #expect(try BundleReader.open(path).signatures == (0..<8).map { signature("\($0)") })
        #expect(try names() == ["quickstart-2026.11.21-linux-64.sh"])
    }

    @Test func `another bundle that took the place meanwhile is not signed`() throws {
        let path = try bundle()
        let reader = try BundleReader.open(path)
        let other = BundleBuilder { $0.wheels = [WheelBuilder("third")] }
        _ = try other.write(to: scratch, replace: true)
        let error = failure { _ = try BundleSigner(reader).add([signature("a")]) }
        #expect(error?.kind == .targetInTheWay)
        #expect(try BundleReader.open(path).signatures.isEmpty)
    }

    @Test func `a set that nobody would read is not written`() throws {
        let path = try bundle()
        let before = try bytes(path)
        let many = (0...BundleSignature.countLimit).map { signature("\($0)") }
        let large = BundleSignature(
            name: "a.sig", bytes: [UInt8](repeating: 1, count: BundleSignature.sizeLimit + 1))
        for set in [
            many, [large], [.init(name: "a.sig", bytes: [])], [.init(name: "../a.sig", bytes: [1])],
            [.init(name: "", bytes: [1])], [signature("é")], [signature("a"), signature("a")],
        ] {
            let error = failure { _ = try BundleSigner(BundleReader.open(path)).add(set) }
            #expect(error?.kind == .refused, "\(set.count) \(set[0].name)")
        }
        #expect(try bytes(path) == before)
        _ = try BundleSigner(BundleReader.open(path), synchronize: false).add(many.dropLast())
        try BundleReader.judge(path)
    }

    @Test func `what an interrupted run left behind is no obstacle`() throws {
        let path = try bundle()
        try scratch.write("out/.quickstart-2026.11.21-linux-64.sh.part", "half")
        try scratch.write("out/.quickstart-2026.11.21-linux-64.sh.lock", "")
        _ = try add(path, signature("a"))
        try BundleReader.judge(path)
        #expect(try names() == ["quickstart-2026.11.21-linux-64.sh"])
    }

    @Test func `cut again, a signed bundle is unchanged, and a damaged one is repaired with its signatures`()
        throws
    {
        let path = try bundle()
        _ = try add(path, signature("a"))
        let right = try bytes(path)
        let again = try BundleBuilder().write(to: scratch)
        #expect(again.unchanged && again.size == UInt64(right.count))
        #expect(try bytes(path) == right)
        try overwrite(path, at: 20, [0xee])
        #expect(try !BundleBuilder().write(to: scratch).unchanged)
        #expect(try bytes(path) == right)
    }
}
