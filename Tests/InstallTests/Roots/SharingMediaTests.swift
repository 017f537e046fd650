import Bundle
import Digests
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// A file system in a file, mounted for as long as `body` runs.
private func image(_ kind: String, at path: String, _ body: () throws -> Void) throws {
    let scratch = TemporaryDirectory()
    let file = "\(scratch.path)/image"
    // The least that both mkfs.xfs and mkfs.btrfs take, sparse.
    for command in [
        ["truncate", "-s", "400M", file], ["mkfs.\(kind)", "-q", file], ["mount", "-o", "loop", file, path],
    ] {
        let ran = try run(command, in: "/")
        if ran.code != 0 { throw MountError(description: ran.errors) }
    }
    defer { _ = try? run(["umount", "-l", path], in: "/") }
    try body()
}

private let canLoop: Bool = canMountHere && access("/dev/loop-control", F_OK) == 0

private func hasMaker(_ kind: String) -> Bool {
    ["/sbin", "/usr/sbin", "/bin", "/usr/bin"].contains { access("\($0)/mkfs.\(kind)", X_OK) == 0 }
}

@Suite("Sharing on file systems of each kind", .enabled(if: canLoop && HostPython.isThere))
struct SharingMediaTests {
    @Test(
        "where bytes can lie on the disk once, files are cloned",
        arguments: ["xfs", "btrfs"].filter(hasMaker))
    func clones(_ kind: String) throws {
        let scene = SharingScene()
        try image(kind, at: scene.landing.parent) {
            try scene.install(scene.bundle("1.0.0"))
            let next = try scene.bundle("2.0.0")
            let tally = try #require(try scene.install(next).sharing)
            #expect(tally.cloned.files >= 8 && tally.copied.files == 0 && tally.damaged == 0)
            // Second names are given within a release alone.
            #expect(try !scene.isOne("share/toy/plain.txt"))
            #expect(tally.linked.files == 1)
            let listing = try scene.listing("2.0.0")
            #expect(try listing == scene.fresh(next))
        }
    }

    @Test("elsewhere they get a second name", arguments: ["ext4"].filter(hasMaker))
    func links(_ kind: String) throws {
        let scene = SharingScene()
        try image(kind, at: scene.landing.parent) {
            try scene.install(scene.bundle("1.0.0"))
            let next = try scene.bundle("2.0.0")
            let tally = try #require(try scene.install(next).sharing)
            #expect(tally.linked.files >= 8 && tally.cloned.files == 0 && tally.damaged == 0)
            // What is writable, and what a package wants alone.
            #expect(tally.copied.files == 2)
            #expect(try scene.isOne("share/toy/plain.txt"))
            let listing = try scene.listing("2.0.0")
            #expect(try listing == scene.fresh(next))
        }
    }

    @Test(
        "a clone that was changed leaves the earlier release as it was", arguments: ["btrfs"].filter(hasMaker)
    )
    func separate(_ kind: String) throws {
        let scene = SharingScene()
        try image(kind, at: scene.landing.parent) {
            try scene.install(scene.bundle("1.0.0"))
            try scene.install(scene.bundle("2.0.0"))
            let path = "\(scene.root)/releases/2.0.0/share/toy/plain.txt"
            chmod(path, 0o644)
            let file = fopen(path, "r+")
            fputs("X", file)
            fclose(file)
            #expect(try scene.text("1.0.0", "share/toy/plain.txt") == "plain\n")
            #expect(try scene.text("2.0.0", "share/toy/plain.txt") == "Xlain\n")
        }
    }
}

@Suite("How files of a donor can be had") struct SharingMeansTests {
    @Test("what the file system cannot do is not tried again; what one file cannot is")
    func refusals() {
        let means = SharingMeans()
        #expect(means.current == .clone)
        #expect(means.refused(.clone, EOPNOTSUPP))
        #expect(means.current == .link)
        #expect(!means.refused(.link, EMLINK))
        #expect(means.current == .link)
        #expect(means.refused(.link, EXDEV))
        #expect(means.current == .copy)
        // Another thread, that had tried before.
        #expect(means.refused(.clone, EXDEV))
        #expect(means.current == .copy)
    }

    @Test("origins are what they were, and a list that does not fit is refused")
    func origins() throws {
        let list = InstalledFileList([
            InstalledFile(
                path: try RelativePath("a"), content: .bytes(size: 1, sha256: SHA256.hash([1])),
                permissions: 0o444,
                origin: .init(archive: 3, modificationTime: -5)),
            InstalledFile(
                path: try RelativePath("b"), content: .link(target: "a"), permissions: 0o777,
                origin: .init(archive: 0, modificationTime: nil)),
            InstalledFile(path: try RelativePath("c"), content: .directory, permissions: 0o755),
        ])
        let bytes = FileOrigins.encoded(list)
        #expect(String(decoding: bytes, as: UTF8.self) == "3 -5\n0 -\n-\n")
        let plain = try InstalledFileList.decode(list.encoded(), subject: "a test")
        let applied = try FileOrigins.apply(bytes, to: plain, subject: "a test")
        #expect(applied == list.files && applied.map(\.origin) == list.files.map(\.origin))
        for bad in [
            "", "3 -5\n0 -\n", "3 -5\n0 -\n-\n-\n", "3\n0 -\n-\n", "-1 5\n0 -\n-\n", "x 5\n0 -\n-\n",
            "3  5\n0 -\n-\n", "3 99999999999999999999\n0 -\n-\n",
        ] {
            #expect(throws: InstallError.self) {
                try FileOrigins.apply(Array(bad.utf8), to: plain, subject: "a test")
            }
        }
    }
}
