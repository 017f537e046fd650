import Archives
import Digests
import Files
import TestSupport
import Testing

@Suite struct ZipReaderTests {
    static let small = ZipBuilder([
        ZipMember("demo/__init__.py", "print('one')\n"), ZipMember("café.txt", "deux", deflated: false),
        ZipMember("empty", "", deflated: false), ZipMember("bin/run", "#!/bin/sh\n", mode: 0o100755),
    ]) { $0.comment = Array("made in a test".utf8) }

    @Test func `the digest of one pass is the SHA-256 of the file`() throws {
        let scratch = TemporaryDirectory()
        let bytes = Self.small.bytes
        let path = try scratch.write("small.zip", bytes)
        let reading = try readWhole(FileRegion(path: path))
        #expect(reading.digest == SHA256.hash(bytes))
        #expect(reading.contents.map(\.name) == ["demo/__init__.py", "café.txt", "empty", "bin/run"])
        #expect(
            reading.contents.map { String(decoding: $0.bytes, as: UTF8.self) } == [
                "print('one')\n", "deux", "", "#!/bin/sh\n",
            ])
        #expect(reading.streamed.isEmpty)
    }

    @Test func `members come in the order in which they lie, whatever the order of the directory`() throws {
        let archive = ZipBuilder([ZipMember("b", "1"), ZipMember("a", "2")]) { $0.reversesDirectory = true }
        #expect(try readWhole(MemorySource(archive.bytes)).contents.map(\.name) == ["b", "a"])
    }

    @Test func `attributes, times and kinds are told`() throws {
        let archive = ZipBuilder([
            ZipMember("run", "x", mode: 0o104755).editingBoth {
                $0.date = UInt16((2024 - 1980) << 9 | 2 << 5 | 29)
                $0.time = UInt16(23 << 11 | 59 << 5 | 29)
            },
            ZipMember("link", "run", mode: 0o120777),
            ZipMember("made-on-dos", "x").with {
                $0.editDirectory = { $0.versionMadeBy = 20 }
            },
        ])
        let entries = try ZipDirectory.read(from: MemorySource(archive.bytes)).entries
        #expect(entries[0].unixMode == 0o104755)
        #expect(entries[0].modificationTime == 1_709_251_198)  // 2024-02-29 23:59:58 UTC
        #expect(entries[0].isRegularFile && !entries[0].isSymbolicLink)
        #expect(entries[1].isSymbolicLink && !entries[1].isRegularFile)
        #expect(entries[2].unixMode == nil && entries[2].isRegularFile)
    }

    @Test(arguments: [true, false]) func `a member above the limit is handed on in pieces`(deflated: Bool)
        throws
    {
        // A period that is no power of two, so that a lost piece shows.
        let contents = [UInt8](unsafeUninitializedCapacity: 65 << 20) { buffer, count in
            count = buffer.count
            for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: index % 8_191) }
        }
        let archive = ZipBuilder([
            ZipMember("before", "1"),
            ZipMember("large", contents, deflated: deflated).with { $0.hasDescriptor = true },
            ZipMember("after", "2"),
        ]).bytes
        let source = MemorySource(archive)
        let workspace = InflateWorkspace()
        var stream = ZipStream(source, directory: try ZipDirectory.read(from: source), workspace: workspace)
        var hasher = SHA256()
        var largestPiece = 0
        let digest = try stream.run { entry, member in
            guard entry.name == "large" else { return }
            let fits = member.fitsInMemory()
            #expect(!fits)
            try member.stream {
                hasher.update($0)
                largestPiece = max(largestPiece, $0.count)
            }
        }
        #expect(hasher.finalize() == SHA256.hash(contents))
        #expect(digest == SHA256.hash(archive))
        #expect(largestPiece <= 2 << 20)
    }

    @Test(arguments: [true, false]) func `a bomb ends at the size that it declares`(deflated: Bool) throws {
        let bomb = ZipMember("bomb", [UInt8](repeating: 0, count: 30 << 20), deflated: deflated)
        let lying = bomb.editingBoth {
            if deflated { $0.size = 25 << 20 } else { $0.compressedSize -= 1; $0.size -= 1 }
        }
        var size = 0
        let source = MemorySource(ZipBuilder([lying]).bytes)
        let error = try #require(throws: ArchiveError.self) {
            var stream = ZipStream(
                source, directory: try ZipDirectory.read(from: source), workspace: InflateWorkspace())
            _ = try stream.run { _, member in try member.stream { size += $0.count } }
        }
        #expect(error.member == (deflated ? "bomb" : nil) || error.reason.contains("checksum"))
        #expect(size <= 30 << 20)
        if deflated { #expect(size <= 25 << 20) }
        #expect(try readWhole(MemorySource(ZipBuilder([bomb]).bytes)).contents[0].bytes.count == 30 << 20)
    }

    @Test func `what nobody asks for is checked all the same`() throws {
        let source = MemorySource(ZipBuilder([ZipMember("a", "text").editingBoth { $0.crc32 ^= 1 }]).bytes)
        var stream = ZipStream(
            source, directory: try ZipDirectory.read(from: source), workspace: InflateWorkspace())
        #expect(throws: ArchiveError("test.zip", member: "a", "its checksum (CRC-32) is wrong")) {
            _ = try stream.run { _, _ in }
        }
    }

    @Test func `every truncation is refused`() throws {
        let bytes = Self.small.bytes
        for count in bytes.indices {
            #expect(throws: ArchiveError.self, "\(count) bytes") {
                _ = try readWhole(MemorySource(Array(bytes[..<count])))
            }
        }
    }

    @Test func `every flipped byte is refused, or changes the digest and no contents`() throws {
        let bytes = Self.small.bytes
        let right = try readWhole(MemorySource(bytes))
        var read = 0
        for index in bytes.indices {
            for mask in [0x01, 0x20, 0x80, 0xff] as [UInt8] {
                var copy = bytes
                copy[index] ^= mask
                guard let reading = try? readWhole(MemorySource(copy)) else { continue }
                read += 1
                #expect(reading.digest != right.digest, "byte \(index)")
                #expect(reading.contents.map(\.bytes) == right.contents.map(\.bytes), "byte \(index)")
                #expect(reading.contents.map(\.name) == right.contents.map(\.name), "byte \(index)")
            }
        }
        // Times, attributes and the comment say nothing about contents.
        #expect(read > 0 && read < bytes.count * 2)
    }

    @Test func `one member is read on its own, up to a limit`() throws {
        let source = MemorySource(Self.small.bytes)
        let directory = try ZipDirectory.read(from: source)
        let workspace = InflateWorkspace()
        let entry = try #require(directory.entry(named: "demo/__init__.py"))
        #expect(
            try directory.contents(of: entry, in: source, workspace: workspace)
                == Array("print('one')\n".utf8))
        let error = #expect(throws: ArchiveError.self) {
            _ = try directory.contents(of: entry, in: source, workspace: workspace, limit: 12)
        }
        #expect(error?.reason == "it is larger than 12 bytes")
        #expect(try directory.contents(of: entry, in: source, workspace: workspace, limit: 64).count == 13)
        #expect(directory.entry(named: "nothing") == nil)
    }

    @Test func `two Unicode forms of one text are two names`() throws {
        let source = MemorySource(
            ZipBuilder([ZipMember("e\u{301}", "decomposed"), ZipMember("\u{e9}", "composed")]).bytes)
        let directory = try ZipDirectory.read(from: source)
        let entry = try #require(directory.entry(named: "\u{e9}"))
        #expect(
            try directory.contents(of: entry, in: source, workspace: InflateWorkspace())
                == Array("composed".utf8))
    }

    @Test(
        arguments: [
            [], [0x50], Array("PK\u{5}\u{6}".utf8),
            Array("this is no archive at all, not even a little".utf8),
        ] as [[UInt8]])
    func `what is no archive says so`(bytes: [UInt8]) {
        let error = #expect(throws: ArchiveError.self) {
            _ = try ZipDirectory.read(from: MemorySource(bytes))
        }
        #expect(error?.reason.contains("no ZIP archive") == true)
    }

    @Test func `a program may stand before the first member where it is allowed`() throws {
        let archive = ZipBuilder([ZipMember("a", "1")]) { $0.prefix = Array("#!/bin/sh\n".utf8) }
        let source = MemorySource(archive.bytes)
        #expect(try ZipDirectory.read(from: source, allowingPrefix: true).entries.map(\.offset) == [10])
        #expect(throws: ArchiveError.self) { _ = try ZipDirectory.read(from: source) }
    }

    @Test func `a region never reads beyond its part of the file`() throws {
        let scratch = TemporaryDirectory()
        let file = try FileRegion(path: scratch.write("f", "0123456789"))
        let part = try file.region(offset: 2, size: 5, name: "part")
        #expect(try part.bytes(at: 0, count: 5) == Array("23456".utf8))
        #expect(throws: ArchiveError.self) { _ = try part.bytes(at: 1, count: 5) }
        #expect(throws: ArchiveError.self) { _ = try part.region(offset: 4, size: 2, name: "inner") }
        #expect(try part.region(offset: 4, size: 1, name: "inner").bytes(at: 0, count: 1) == Array("6".utf8))
        #expect(throws: ArchiveError.self) { _ = try file.region(offset: .max, size: 2, name: "far") }
    }
}
