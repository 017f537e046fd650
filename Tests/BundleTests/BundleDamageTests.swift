import Bundle
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Testing

@Suite struct BundleDamageTests {
    let scratch = TemporaryDirectory()

    @Test func `a bundle that was cut short anywhere is refused`() throws {
        let path = try BundleBuilder().write(to: scratch).path
        try BundleReader.judge(path)
        let size = try FileSize.of(path)
        for length in stride(from: size - 1, through: 0, by: -1) {
            try #require(truncate(path, length) == 0)
            #expect(throws: BundleError.self, "\(length) of \(size) bytes") {
                _ = try BundleReader.open(path)
            }
        }
    }

    @Test func `a bundle with bytes behind its end is refused`() throws {
        let path = try BundleBuilder().write(to: scratch).path
        let size = try FileSize.of(path)
        try overwrite(path, at: UInt64(size), [0])
        #expect(throws: BundleError.self) { _ = try BundleReader.open(path) }
        try #require(truncate(path, size) == 0)
        try BundleReader.judge(path)
    }

    @Test func `every flipped byte is found`() throws {
        let path = try BundleBuilder { $0.wheels.removeLast() }.write(to: scratch).path
        let right = try bytes(path)
        let reader = try BundleReader.open(path)
        let installer = try #require(reader.layout.member(reader.manifest.installerPath))
        // Whole pages of one kind are sampled; headers, manifest, archives and directory are tried byte by byte.
        let large = [0..<reader.manifest.stub.size, installer.offset + 60..<installer.end - 64]
        let places = right.indices.filter { index in
            index % 61 == 0 || !large.contains { $0.contains(UInt64(index)) }
        }
        for index in places {
            try overwrite(path, at: UInt64(index), [right[index] ^ (index % 2 == 0 ? 0x01 : 0xff)])
            #expect(failure { try BundleReader.judge(path) } != nil, "byte \(index)")
            try overwrite(path, at: UInt64(index), [right[index]])
        }
        try BundleReader.judge(path)
    }

    @Test func `all damaged entries are reported together`() throws {
        let path = try BundleBuilder().write(to: scratch).path
        let reader = try BundleReader.open(path)
        for archive in reader.manifest.archives {
            try overwrite(path, at: #require(reader.layout.member(archive.path)).dataOffset + 20, [0xee])
        }
        try overwrite(path, at: 30, [0xee])
        let error = try #require(throws: FailureList.self) { try reader.verify() }
        #expect(error.failures.count == 3)
        for name in ["demo-1.0", "other-2.5", "stub"] { #expect(error.description.contains(name)) }
        #expect(error.kind == .damaged)
    }

    /// Entries are changed and the file is put together again without a fault of form.
    @Test(arguments: [
        Change("an entry added", says: "'archives/wheels/extra.whl' is in the file and not in its manifest") {
            $0.entries.append(("archives/wheels/extra.whl", [1, 2, 3]))
        },
        Change("an entry removed", says: "'airlift/lock.yml' is in the manifest and not in the file") {
            $0.entries.remove(at: $0.index("airlift/lock.yml"))
        },
        Change("an entry renamed", says: "'archives/wheels/demo-1.1-py3-none-any.whl' is in the file and not")
        {
            $0.entries[$0.index("archives/wheels/demo-1.0-py3-none-any.whl")].name =
                "archives/wheels/demo-1.1-py3-none-any.whl"
        },
        Change("two entries exchanged", says: "'airlift/spec.toml' should have") {
            $0.entries.swapAt($0.index("airlift/spec.toml"), $0.index("airlift/lock.yml"))
        },
        Change("an entry with other contents of the same size", says: "directory is not the one") {
            $0.entries[$0.index("airlift/lock.yml")].bytes = Array("version: 2\n".utf8)
        },
        Change("an entry that grew", says: "should have") {
            $0.entries[$0.index("airlift/lock.yml")].bytes.append(0x0a)
        },
        Change("another stub", says: "stub") { $0.stub[40] ^= 1 },
        Change("a longer stub", says: "should have") { $0.stub += [UInt8](repeating: 0x23, count: 4_096) },
        Change("the manifest behind another entry", says: "first entry") { $0.entries.swapAt(0, 1) },
        Change("no manifest", says: "first entry") { $0.entries.removeFirst() },
        Change("a manifest that is none", says: "malformed") { $0.entries[0].bytes = Array("{}".utf8) },
        Change("a signature before other entries", says: "should have") {
            $0.entries.insert(("airlift/signatures/abc.sig", [1]), at: 1)
        },
        Change("a signature with a path", says: "no name for a signature") {
            $0.entries.append(("airlift/signatures/a/b.sig", [1]))
        },
        Change("two signatures in another order", says: "should have") {
            $0.entries += [("airlift/signatures/b.sig", [1]), ("airlift/signatures/a.sig", [1])]
        },
    ])
    func `a bundle that was put together anew is refused`(change: Change) throws {
        let path = try BundleBuilder().write(to: scratch).path
        var rewriter = try BundleRewriter(path)
        #expect(rewriter.bytes == (try bytes(path)), "without a change it is the same file")
        change.apply(&rewriter)
        let changed = try scratch.write("changed.sh", rewriter.bytes)
        let error = failure { try BundleReader.judge(changed) }
        #expect(error?.description.contains(change.says) == true, "\(error.map { "\($0)" } ?? "")")
        #expect(error?.kind == .damaged)
    }

    struct Change: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let says: String
        let apply: @Sendable (inout BundleRewriter) -> Void
        init(_ description: String, says: String, _ apply: @escaping @Sendable (inout BundleRewriter) -> Void)
        {
            (testDescription, self.says, self.apply) = (description, says, apply)
        }
    }

    @Test func `signatures may be added behind everything else, and the bundle digest stays`() throws {
        let written = try BundleBuilder().write(to: scratch)
        var rewriter = try BundleRewriter(written.path)
        rewriter.entries += [
            ("airlift/signatures/SHA256-abc.sig", Array("one".utf8)),
            ("airlift/signatures/SHA256-def.sig", Array("two".utf8)),
        ]
        let signed = try scratch.write("signed.sh", rewriter.bytes)
        let reader = try BundleReader.open(signed)
        try reader.verify()
        #expect(reader.digest == written.digest)
        let member = try #require(reader.layout.member("airlift/signatures/SHA256-abc.sig"))
        try overwrite(signed, at: member.dataOffset, [0x4f])
        #expect(failure { try BundleReader.judge(signed) } != nil)
    }

    @Test func `what is no bundle is told apart from a damaged one`() throws {
        let text = try scratch.write("notes.txt", "nothing to see here")
        let other = try scratch.write("a.zip", ZipBuilder([ZipMember("a.txt", "x")]).bytes)
        let script = try scratch.write("b.sh", "#!/bin/sh\nexit 0\n")
        let empty = try scratch.write("empty.sh", "")
        func reason(_ path: String) -> String? {
            #expect(throws: BundleError.self) { _ = try BundleReader.open(path) }?.reason
        }
        #expect(reason(text)?.contains("no Airlift bundle") == true)
        #expect(reason(other)?.contains("no Airlift bundle") == true)
        #expect(reason(empty)?.contains("no Airlift bundle") == true)
        #expect(reason(script)?.contains("cut short on its way") == true)
        #expect(throws: FileError.self) { _ = try BundleReader.open("\(scratch.path)/none.sh") }
    }
}

enum FileSize {
    static func of(_ path: String) throws -> Int { Int(try OpenFile.read(path).status().size) }
}
