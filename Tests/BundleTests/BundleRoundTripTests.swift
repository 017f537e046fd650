import Archives
import Bundle
import Digests
import Files
import Glibc
import TestSupport
import Testing
import Workers

@Suite struct BundleRoundTripTests {
    let scratch = TemporaryDirectory()

    @Test func `what was put in comes out`() throws {
        let builder = BundleBuilder()
        let written = try builder.write(to: scratch)
        #expect(written.path == "\(scratch.path)/out/quickstart-2026.11.21-linux-64.sh")
        #expect(!written.unchanged)
        let reader = try BundleReader.open(written.path)
        try reader.verify()
        #expect(reader.digest == written.digest && reader.digest == SHA256.hash(reader.manifestBytes))
        #expect(reader.manifest.name == "quickstart")
        for wheel in builder.wheels {
            let bytes = try reader.contents(of: "archives/wheels/\(wheel.filename)")
            #expect(bytes == wheel.bytes)
            let archive = try #require(reader.manifest.archives.first { $0.name == wheel.name })
            #expect(archive.crc32 == Names.crc32Text(bytes.withUnsafeBytes { crc32($0) }))
        }
        #expect(try reader.contents(of: "archives/files/etc/app.toml") == builder.ownFiles[0].bytes)
        #expect(try reader.contents(of: "airlift/spec.toml") == Array("name = \"quickstart\"\n".utf8))
        let status = try FileRegion(path: written.path).size
        #expect(status == written.size && status == reader.layout.fileSize)
    }

    @Test func `the stub names offset, size and digest of the installer`() throws {
        let written = try BundleBuilder().write(to: scratch)
        let file = try FileRegion(path: written.path)
        let text = String(decoding: try file.bytes(at: 0, count: 4_096), as: UTF8.self)
        let numbers = text.split(whereSeparator: { !$0.isHexDigit }).map(String.init).filter {
            $0.count >= 20
        }
        let (offset, size) = (try #require(UInt64(numbers[0])), try #require(Int(numbers[1])))
        #expect(offset % 4_096 == 0 && size == 8_192)
        let installer = try file.bytes(at: offset, count: size)
        #expect(SHA256.hash(installer).hex == numbers[2])
        #expect(
            Array(installer[..<5_000]) == BundleBuilder().installer
                && installer[5_000...].allSatisfy { $0 == 0 })
    }

    @Test func `the same input gives the same bytes, on one thread or many, from wherever it lies`() throws {
        let other = TemporaryDirectory(in: "/var/tmp")
        let one = try BundleWriter(BundleBuilder().draft(in: scratch), in: scratch.directory(), jobs: 1)
            .write()
        let two = try BundleWriter(BundleBuilder().draft(in: other), in: other.directory(), jobs: 8).write()
        #expect(one.digest == two.digest && one.size == two.size)
        #expect(try bytes(one.path) == bytes(two.path))
    }

    @Test(arguments: [
        ["/usr/bin/unzip", "-t"], ["/usr/bin/python3", "-m", "zipfile", "-t"], ["/usr/bin/bsdtar", "-tf"],
    ])
    func `other readers take it without a warning`(command: [String]) throws {
        guard access(command[0], X_OK) == 0 else {
            print("\(command[0]) is not installed here: its view of a bundle was not tried")
            return
        }
        let builder = BundleBuilder { $0.ownFiles.append(.init("etc/é.txt", "non-ASCII name")) }
        let written = try builder.write(to: scratch)
        let child = try ChildProcess(
            command[0], Array(command.dropFirst()) + [written.path], environment: ["LC_ALL": "C.UTF-8"],
            mergingErrors: true)
        let output = child.readAll()
        #expect(child.wait() == .exited(0), "\(output)")
        #expect(!output.lowercased().contains("warning") && !output.contains("extra bytes"), "\(output)")
        if command[0].hasSuffix("bsdtar") {
            #expect(output.contains("archives/wheels/demo-1.0-py3-none-any.whl"))
        }
    }

    @Test func `the shell runs it`() throws {
        let written = try BundleBuilder().write(to: scratch)
        let child = try ChildProcess("/bin/sh", [written.path], mergingErrors: true)
        let output = child.readAll()
        #expect(child.wait() == .exited(0))
        #expect(output.hasPrefix("installer at 0") && !output.contains("not found"))
    }

    @Test func `an entry that is asked for is checked while it is read`() throws {
        let written = try BundleBuilder().write(to: scratch)
        let reader = try BundleReader.open(written.path)
        #expect(throws: BundleError.self) { _ = try reader.contents(of: "archives/wheels/none.whl") }
        #expect(throws: BundleError.self) { _ = try reader.contents(of: "airlift/spec.toml", limit: 3) }
        let member = try #require(reader.layout.member("archives/files/etc/app.toml"))
        try overwrite(written.path, at: member.dataOffset, [0x21])
        let error = #expect(throws: BundleError.self) { _ = try reader.contents(of: member.name) }
        #expect(error?.reason.contains("'archives/files/etc/app.toml' is damaged") == true)
    }

    @Test func `a bundle of an interpreter alone, without wheels and own files, is one too`() throws {
        let written = try BundleBuilder {
            $0.wheels = []; $0.ownFiles = []
        }.write(to: scratch)
        try BundleReader.judge(written.path)
    }
}

func bytes(_ path: String) throws -> [UInt8] {
    let file = try OpenFile.read(path)
    return try file.bytes(at: 0, count: Int(file.status().size))
}

func overwrite(_ path: String, at offset: UInt64, _ bytes: [UInt8]) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    defer { close(descriptor) }
    try #require(pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count)
}
