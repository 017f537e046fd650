import Bundle
import Digests
import TestSupport
import Testing

@Suite struct BundleLayoutTests {
    let scratch = TemporaryDirectory()

    private func layout(_ entries: [(String, UInt64)], signatures: [String] = []) throws -> BundleLayout {
        var manifest = try BundleBuilder {
            $0.wheels = []; $0.ownFiles = []
        }.draft(in: scratch).manifest
        manifest.stub.size = 4_096
        manifest.entries = entries.map {
            .init(path: $0.0, size: $0.1, sha256: SHA256.hash(""), crc32: "00000000")
        }
        return BundleLayout(
            manifest, manifestPart: .init(name: Manifest.path, size: 777, crc32: 1),
            signatures: signatures.map { .init(name: $0, size: 3, crc32: 2) })
    }

    @Test func `entries stand in the order of the format`() throws {
        let right = [
            "airlift/installer-linux-64", "airlift/spec.toml", "airlift/lock.yml", "airlift/sbom.cdx.json",
            "airlift/sbom.spdx.json", "archives/python/p.tar.gz", "archives/conda/linux-64/a.conda",
            "archives/conda/noarch/b.conda", "archives/wheels/B.whl", "archives/wheels/a.whl",
            "archives/wheels/é.whl", "archives/files/etc/x", "derived/pyc.zip",
        ]
        let layout = try layout(
            right.reversed().map { ($0, 10) },
            signatures: ["airlift/signatures/b.sig", "airlift/signatures/a.sig"])
        #expect(
            layout.members.map(\.name)
                == [Manifest.path] + right + ["airlift/signatures/a.sig", "airlift/signatures/b.sig"])
    }

    @Test(arguments: [0, 1, 27, 4_090, 4_096] as [UInt64])
    func `the installer starts on a page, wherever the manifest ends`(size: UInt64) throws {
        var manifest = try BundleBuilder {
            $0.wheels = []; $0.ownFiles = []
        }.draft(in: scratch).manifest
        manifest.stub.size = 4_096
        manifest.entries = [
            .init(path: manifest.installerPath, size: 8_192, sha256: SHA256.hash(""), crc32: "00000000")
        ]
        // Every size up to a page in turn, so that each gap below four bytes comes up.
        for extra in UInt64(0)..<64 {
            let layout = BundleLayout(
                manifest, manifestPart: .init(name: Manifest.path, size: size + extra, crc32: 0))
            let installer = try #require(layout.member(manifest.installerPath))
            #expect(installer.dataOffset % BundleLayout.page == 0)
            #expect(installer.padding == 0 || installer.padding >= 4)
            #expect(UInt64(installer.localHeader.count) == installer.dataOffset - installer.offset)
        }
    }

    @Test func `each member begins where the one before it ends`() throws {
        let layout = try layout([
            ("archives/files/a", 0), ("archives/files/b", 5_000_000_000), ("archives/files/c", 1),
        ])
        var offset: UInt64 = 4_096
        for member in layout.members {
            #expect(member.offset == offset)
            offset = member.offset + UInt64(member.localHeader.count) + member.size
        }
        #expect(layout.directoryOffset == offset)
        #expect(layout.fileSize == offset + UInt64(layout.directory.count))
        #expect(layout.member("nothing") == nil)
    }

    @Test func `ZIP64 fields stand only where they are needed`() throws {
        let limit = UInt64(UInt32.max)
        #expect(try layout([("archives/files/a", limit - 1)]).members[1].localHeader.count == 30 + 16)
        #expect(try layout([("archives/files/a", limit)]).members[1].localHeader.count == 30 + 16 + 20)
        let wide = Array<UInt8>("PK\u{6}\u{6}".utf8)
        let small = try layout([("archives/files/a", 1)]).directory
        #expect(!small.indices.dropLast(3).contains { Array(small[$0..<$0 + 4]) == wide })
        let large = try layout([("archives/files/a", limit)]).directory
        #expect(large.indices.dropLast(3).contains { Array(large[$0..<$0 + 4]) == wide })
    }
}
