import Files
import Glibc
import TestSupport
import Testing

/// What happens to a file on its way.
@Suite struct DamageTests {
    private func refused(_ path: String, _ command: [String] = ["verify"]) throws -> Outcome {
        try run([Product.airlift] + command + [path])
    }

    @Test func cutShortAnywhere() throws {
        let bytes = try Tree.bytes(Shared.light().bundle)
        let scratch = TemporaryDirectory()
        let path = try scratch.write("B.sh", bytes)
        #expect(try refused(path).code == 0)
        let lengths = [
            0, 1, 100, 4_095, 4_096, 8_192, 40_000, bytes.count / 2, bytes.count - 4_096, bytes.count - 22,
            bytes.count - 1,
        ]
        for length in lengths {
            truncate(path, length)
            #expect(try Tree.bytes(path).count == min(length, bytes.count))
            let verified = try refused(path)
            #expect(verified.code == 3, "\(length): \(verified.words)")
            #expect(verified.errors.contains(path) && verified.errors.split(separator: "\n").count == 1)
            let inspected = try refused(path, ["inspect"])
            #expect(inspected.code == 3, "\(length): \(inspected.words)")
            // A stub that was cut short runs nothing; one that is whole says what is wrong.
            let prefix = scratch.path + "/p"
            let ran = try run(["sh", path, "-b", "-p", prefix])
            #expect(length < 8_192 ? ran.code != 70 : ran.code == 3, "\(length): \(ran.words)")
            #expect(try Tree.names(scratch.path) == ["B.sh"], "\(length)")
            try scratch.write("B.sh", bytes)
        }
    }

    @Test func anyByteFlipped() throws {
        let bytes = try Tree.bytes(Shared.light().bundle)
        let scratch = TemporaryDirectory()
        let path = try scratch.write("B.sh", bytes)
        let count = bytes.count
        // Every part: stub, manifest, installer and its padding, spec, archives, directory, end record.
        var places = Array(stride(from: 0, to: count, by: count / 60))
        places += [
            1, 5_000, 8_191, 8_192, 8_200, 8_260, count - 4_000, count - 500, count - 60, count - 22,
            count - 1,
        ]
        for place in places {
            try flip(path, place)
            let ran = try refused(path)
            #expect(ran.code == 3, "byte \(place): \(ran.words)")
            try flip(path, place)
        }
        #expect(try refused(path).code == 0)
    }

    private func flip(_ path: String, _ place: Int) throws {
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        var byte: UInt8 = 0
        guard pread(descriptor, &byte, 1, place) == 1 else { throw Unexpected("byte \(place) is not there") }
        byte ^= 0x20
        guard pwrite(descriptor, &byte, 1, place) == 1 else { throw Unexpected("byte \(place) stays") }
    }

    /// The installer checks what it uses while it uses it.
    @Test func aSwappedArchiveIsNotInstalled() throws {
        let bytes = try Tree.bytes(Shared.light().bundle)
        let scratch = TemporaryDirectory()
        let path = try scratch.write("B.sh", bytes)
        let wheel = WheelBuilder("shouter", "2.0").bytes
        let start = try #require(Bytes.place(of: wheel, in: bytes))
        for place in [start - 1, start, start + wheel.count / 2, start + wheel.count - 1] {
            try flip(path, place)
            let prefix = scratch.path + "/p"
            let ran = try Shared.install(path, prefix)
            #expect(ran.code == 3, "\(place): \(ran.words)")
            #expect(try Tree.names(scratch.path) == ["B.sh"])
            try flip(path, place)
        }
        #expect(try Shared.install(path, scratch.path + "/p").code == 0)
    }

    @Test(.enabled(if: Program.exists("zip"), "zip is not here"))
    func anEntryAddedOrRemoved() throws {
        let scratch = TemporaryDirectory()
        let bytes = try Tree.bytes(Shared.light().bundle)
        try scratch.write("extra.txt", "surplus")
        for change in [["zip", "-q", "-A"], ["zip", "-q", "-g"], ["zip", "-q", "-d"]] {
            let path = try scratch.write("B.zip", bytes)
            let operand =
                change.last == "-g" ? ["extra.txt"] : change.last == "-d" ? ["airlift/lock.yml"] : []
            let edited = try run(change + [path] + operand, in: scratch.path)
            let changed = try Tree.bytes(path) != bytes
            if change.last != "-A" { #expect(changed, "\(edited.words)") }
            if changed {
                let ran = try refused(path)
                #expect(ran.code == 3, "\(change): \(ran.words)")
            }
        }
    }

    @Test func somethingElseAltogether() throws {
        let scratch = TemporaryDirectory()
        let missing = try refused(scratch.path + "/nothing.sh")
        #expect(missing.code == 3 || missing.code == 7, "\(missing.words)")
        #expect(missing.errors.contains("nothing.sh"))
        for text in ["", "#!/bin/sh\necho hello\n", "PK\u{3}\u{4}"] {
            let path = try scratch.write("B.sh", text)
            let ran = try refused(path)
            #expect(ran.code == 3 && ran.errors.contains(path), "\(ran.words)")
        }
        let directory = try refused(scratch.path)
        #expect(
            [2, 3, 7].contains(directory.code) && directory.errors.contains(scratch.path),
            "\(directory.words)")
    }

    @Test func anotherDigestIsNotTrusted() throws {
        let bundle = try Shared.light().bundle
        let ran = try refused(bundle, ["verify", "--digest", String(repeating: "0", count: 64)])
        #expect(ran.code == 4 && ran.errors.contains("not the one expected"), "\(ran.words)")
        let manifest = try run(["unzip", "-p", bundle, "airlift/manifest.json"]).bytes
        #expect(try refused(bundle, ["verify", "--digest", SHA256Text.of(manifest)]).code == 0)
        #expect(try refused(bundle, ["verify", "--digest", "abc"]).code == 2)
    }
}
