import Bundle
import Digests
import Failures
import Files
import Glibc
import Install
import TestSupport
import Testing

@Suite struct ExtractionTests {
    let landing = Landing()
    private var target: String { "\(landing.parent)/out" }

    private func bytes(_ name: String) throws -> [UInt8] {
        try Directory.open(target).contents(of: RelativePath(name))
    }

    @Test func `everything is written as it was put in`() throws {
        let bundle = try landing.bundle()
        let names = try Extraction.run(bundle, names: [], to: target)
        #expect(names == bundle.layout.members.map(\.name))
        for archive in bundle.manifest.archives {
            #expect(try SHA256.hash(bytes(archive.path)) == archive.sha256)
        }
        #expect(try bytes(Manifest.path) == bundle.manifestBytes)
    }

    @Test(arguments: ["demo-1.0-py3-none-any.whl", "archives/wheels/demo-1.0-py3-none-any.whl"])
    func `an archive is named by its file name or its path`(name: String) throws {
        let written = try Extraction.run(landing.bundle(), names: [name], to: target)
        #expect(written == ["archives/wheels/demo-1.0-py3-none-any.whl"])
        #expect(try Directory.open(target).names() == ["archives"])
    }

    @Test func `what is not there is a fault of usage and writes nothing`() throws {
        for name in ["nothing.whl", "", "../demo-1.0-py3-none-any.whl", "py3-none-any.whl"] {
            let error = failure {
                _ = try Extraction.run(
                    landing.bundle(), names: ["demo-1.0-py3-none-any.whl", name], to: target)
            }
            #expect(error?.kind == .usage)
        }
        #expect(try landing.neighbours == [])
    }

    @Test func `files that are there are not replaced`() throws {
        try landing.place.write("out/airlift/spec.toml", "mine")
        let error = failure { _ = try Extraction.run(landing.bundle(), names: [], to: target) }
        #expect(error?.kind == .targetInTheWay)
        #expect(error?.description.contains("is there already and is not replaced") == true)
        #expect(try bytes("airlift/spec.toml") == Array("mine".utf8))
        #expect(try Directory.open(target).names() == ["airlift"], "nothing else was written")
        #expect(try Extraction.run(landing.bundle(), names: ["lock.yml"], to: target) == ["airlift/lock.yml"])
    }

    @Test func `a link in the way is not followed`() throws {
        _ = try Directory.create(target)
        try Directory.open(target).createSymbolicLink(RelativePath("archives"), to: landing.scratch.path)
        #expect(failure { _ = try Extraction.run(landing.bundle(), names: [], to: target) } != nil)
        #expect(
            try landing.scratch.directory().status(of: RelativePath("wheels/other-2.5-py3-none-any.whl"))
                != nil)
        #expect(try landing.scratch.directory().names().contains("files") == false)
    }

    @Test func `a damaged entry does not stay under its name`() throws {
        let bundle = try landing.bundle()
        let member = try #require(bundle.layout.member("archives/wheels/demo-1.0-py3-none-any.whl"))
        try overwrite(bundle.path, at: member.dataOffset + 40, [0xee])
        let error = failure { _ = try Extraction.run(bundle, names: [], to: target) }
        #expect(error?.kind == .damaged)
        #expect(error?.description.contains(member.name) == true)
        #expect(try Directory.open(target).status(of: RelativePath(member.name)) == nil)
    }
}

/// Changes bytes of a file where it lies.
func overwrite(_ path: String, at offset: UInt64, _ bytes: [UInt8]) throws {
    let file = try #require(fopen(path, "r+"))
    defer { fclose(file) }
    try #require(fseek(file, Int(offset), SEEK_SET) == 0)
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
}
