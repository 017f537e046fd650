import Archives
import Digests
import Files
import Glibc
import TestSupport
import Testing

@Suite struct TarWriterTests {
    let temporary = TemporaryDirectory()
    private let long = String(repeating: "long/", count: 40) + "näme"

    private func write(_ name: String) throws -> TarSummary {
        let file = try OpenFile.create(temporary.path + "/" + name)
        let content = try OpenFile.read(temporary.write("source", [UInt8](repeating: 65, count: 700_000)))
        return try TarWriter.write(to: file) { writer in
            try writer.add(
                TarEntry(path: RelativePath("d"), kind: .directory, permissions: 0o755, modificationTime: 1))
            try writer.add(
                file: RelativePath("d/small"), permissions: 0o755, modificationTime: 1_700_000_000,
                bytes: Array("text".utf8))
            let copied = try writer.add(
                file: RelativePath("d/large"), permissions: 0o644, modificationTime: -5, from: content)
            #expect(copied.size == 700_000)
            try writer.add(
                file: RelativePath(long), permissions: 0o644, modificationTime: 2, bytes: [1, 2, 3])
            try writer.add(
                TarEntry(
                    path: RelativePath("link"), kind: .symbolicLink(target: "d/small"), permissions: 0o777,
                    modificationTime: 3))
            try writer.add(
                TarEntry(
                    path: RelativePath("hard"), kind: .hardLink(target: RelativePath("d/small")),
                    permissions: 0o755, modificationTime: 3))
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let summary = try write("a.tar.zst")
        let file = try OpenFile.read(temporary.path + "/a.tar.zst")
        var entries: [TarEntry] = []
        var sizes: [Int] = []
        let read = try TarReader.read(file) { entry, content in
            entries.append(entry)
            sizes.append(try content.bytes().count)
        }
        #expect(read == summary)
        #expect(entries.map(\.path.string) == ["d", "d/small", "d/large", long, "link", "hard"])
        #expect(sizes == [0, 4, 700_000, 3, 0, 0])
        #expect(entries.map(\.modificationTime) == [1, 1_700_000_000, -5, 2, 3, 3])
        #expect(entries[1].permissions == 0o755)
        #expect(summary.size < 10_000)
    }

    @Test func theSameMembersGiveTheSameBytes() throws {
        #expect(try write("a") == write("b"))
    }

    @Test func aCutOrFlippedArchiveIsNeverReadAsWhole() throws {
        let summary = try write("a")
        let bytes = try OpenFile.read(temporary.path + "/a").bytes(at: 0, count: Int(summary.size))
        for length in stride(from: 0, to: bytes.count, by: 61) {
            let file = try OpenFile.read(temporary.write("cut", Array(bytes[..<length])))
            #expect(throws: (any Error).self) { try TarReader.read(file) { _, _ in } }
        }
        for position in stride(from: 0, to: bytes.count, by: 7) {
            var flipped = bytes
            flipped[position] ^= 0x10
            let file = try OpenFile.read(temporary.write("flipped", flipped))
            let digest = try? TarReader.read(file) { _, _ in }.sha256
            #expect(digest != summary.sha256)
        }
    }

    @Test func compressedDataWithMoreBehindItIsRefused() throws {
        let summary = try write("a")
        let bytes = try OpenFile.read(temporary.path + "/a").bytes(at: 0, count: Int(summary.size))
        let file = try OpenFile.read(temporary.write("more", bytes + Array("and a tail".utf8)))
        #expect(throws: TarError.self) { try TarReader.read(file) { _, _ in } }
    }

    @Test func aFullDiskIsReportedAsSuch() throws {
        guard access("/dev/full", W_OK) == 0 else { return }
        let file = try Self.openFull()
        let error = try #require(throws: FileError.self) {
            try TarWriter.write(to: file) { writer in
                var noise: [UInt8] = []
                var state: UInt32 = 1
                for _ in 0..<2_000_000 {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    noise.append(UInt8(truncatingIfNeeded: state >> 24))
                }
                try writer.add(
                    file: RelativePath("noise"), permissions: 0o644, modificationTime: 0, bytes: noise)
            }
        }
        #expect(error.code == ENOSPC)
    }

    private static func openFull() throws -> OpenFile {
        let temporary = TemporaryDirectory()
        let path = temporary.path + "/full"
        let file = try OpenFile.create(path)
        let full = open("/dev/full", O_WRONLY)
        #expect(dup2(full, file.descriptor) >= 0)
        close(full)
        return file
    }
}
