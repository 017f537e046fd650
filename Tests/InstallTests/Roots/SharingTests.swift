import Bundle
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

private let site = HostPython.site

@Suite("Sharing files with earlier releases", .enabled(if: HostPython.isThere)) struct SharingTests {
    @Test("a release that shares is the same as one that was unpacked: modes, times and contents")
    func identical() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        let next = try scene.bundle("2.0.0")
        let outcome = try scene.install(next)
        let shared = try scene.listing("2.0.0")
        let tally = try #require(outcome.sharing)
        #expect(tally.damaged == 0 && outcome.notices.isEmpty)
        // The wheel 'changing' is another.
        #expect(tally.archives == 2)
        #expect(tally.rewritten.files == 2)
        #expect(tally.linked.files + tally.cloned.files >= 8)
        let fresh = try scene.fresh(next)
        for path in Set(shared.keys).union(fresh.keys).sorted() {
            #expect(shared[path] == fresh[path], "\(path)")
        }
        #expect(shared.count > 25)
    }

    @Test("unchanged files are one with the earlier release's, and what is a release's own is not")
    func names() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        let tally = try #require(try scene.install(scene.bundle("2.0.0")).sharing)
        guard tally.cloned.files == 0 else { return }
        for path in [
            "share/toy/plain.txt", "share/toy/second.txt", "bin/other", "share/toy/größe.txt",
            "\(site)/kept/__init__.py", "\(site)/kept/__pycache__/other.\(HostPython.cacheTag).pyc",
            "etc/app.toml", "\(site)/kept-1.0.dist-info/METADATA",
        ] {
            #expect(try scene.isOne(path), "\(path)")
            #expect((try scene.status("2.0.0", path)?.permissions ?? 0o222) & 0o222 == 0)
        }
        for path in [
            "bin/kept", "bin/kept-tool", "bin/toy", "lib/libtoy.so", "share/toy/alone.txt",
            "\(site)/kept-1.0.dist-info/RECORD", "\(site)/kept-1.0.dist-info/INSTALLER",
            "conda-meta/toy-1.0-0.json", "pyvenv.cfg", ".airlift/record.json",
            "\(site)/changing/__init__.py",
        ] {
            #expect(try scene.status("2.0.0", path) != nil && !scene.isOne(path), "\(path)")
        }
        #expect(try scene.text("2.0.0", "bin/toy").contains("releases/2.0.0/bin/sh"))
        #expect(try scene.text("2.0.0", "bin/kept-tool").contains("releases/2.0.0/bin/python"))
        #expect(try PrefixVerification.run("\(scene.root)/releases/2.0.0").isIntact)
    }

    @Test("with nothing shared when that is asked, and when there is nothing to share with")
    func alone() throws {
        let scene = SharingScene()
        #expect(try scene.install(scene.bundle("1.0.0")).sharing == nil)
        #expect(try scene.install(scene.bundle("2.0.0")) { $0.shares = false }.sharing == nil)
        #expect(try !scene.isOne("share/toy/plain.txt"))
    }

    @Test("hard links of an archive are one file in each release")
    func twins() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        try scene.install(scene.bundle("2.0.0"))
        let (first, second) = (
            try scene.status("2.0.0", "share/toy/plain.txt"),
            try scene.status("2.0.0", "share/toy/second.txt")
        )
        #expect(first?.inode == second?.inode)
    }

    @Test("sources that are the same are not compiled again, and their modules name their time")
    func modules() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        let same = SharingScene.changing("1.0.0")
        let next = try scene.bundle("2.0.0", wheels: [SharingScene.wheel, same])
        let outcome = try scene.install(next)
        #expect(outcome.sharing?.archives == 3)
        let module = "\(site)/changing/__pycache__/__init__.\(HostPython.cacheTag).pyc"
        #expect(
            try scene.release("1.0.0").contents(of: RelativePath(module))
                == scene.release("2.0.0").contents(of: RelativePath(module)))
        // Bytes 8 to 16 of a module are time and size of its source (PEP 552).
        let bytes = try scene.release("2.0.0").contents(of: RelativePath(module))
        let source = try #require(try scene.status("2.0.0", "\(site)/changing/__init__.py"))
        let time = bytes[8..<12].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        #expect(time == source.modificationTime)
    }

    @Test("paths of the state are nobody else's, and stay writable")
    func state() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        try scene.install(scene.bundle("2.0.0"))
        let pristine = ".airlift/state/var/toy.state"
        #expect(try !scene.isOne(pristine))
        #expect(try scene.status("2.0.0", pristine)?.permissions == 0o644)
        #expect(try scene.text("2.0.0", pristine) == "state\n")
    }

    @Test("a third release shares with the second, and removing the second leaves the third whole")
    func chain() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        try scene.install(scene.bundle("2.0.0"))
        try scene.install(scene.bundle("3.0.0"))
        #expect(try scene.install(scene.bundle("3.0.0")).changed == false)
        try Directory.open("\(scene.root)/releases").removeTree(RelativePath("2.0.0"))
        try Directory.open("\(scene.root)/releases").removeTree(RelativePath("1.0.0"))
        #expect(try PrefixVerification.run("\(scene.root)/releases/3.0.0").isIntact)
    }

    @Test("a damaged archive is refused although its files would have been shared")
    func damagedBundle() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        let next = try scene.bundle("2.0.0")
        let archive = try #require(next.manifest.archives.first { $0.name == "kept" })
        let region = try next.region(of: archive.path)
        var bytes = try OpenFile.read(next.path).bytes(at: 0, count: 50 << 20)
        // In the middle of the members: not what planning reads.
        bytes[Int(region.offset + region.size / 3)] ^= 1
        let path = try scene.landing.scratch.write("damaged.sh", bytes)
        let error = failure { try scene.install(BundleReader.open(path)) }
        #expect(error?.kind == .damaged)
        #expect(try ReleaseRoot.open(scene.root).current() == "1.0.0")
        #expect(access("\(scene.root)/releases/2.0.0", F_OK) != 0)
    }

    @Test("a package that names the earlier release's path on its own is unpacked, since nobody can tell")
    func ambiguous() throws {
        let scene = SharingScene()
        let own = "\(scene.root)/releases/1.0.0"
        let package = CondaPackageBuilder(
            "ambiguous", "1.0", "0",
            files: [
                .file("etc/a.conf", "home=\(SharingScene.placeholder)\nold=\(own)\n").prefix(),
                .file("etc/b.conf", "b\n"),
            ])
        try scene.install(scene.bundle("1.0.0", conda: [package]))
        let outcome = try scene.install(scene.bundle("2.0.0", conda: [package]))
        #expect(try scene.text("2.0.0", "etc/a.conf") == "home=\(scene.root)/releases/2.0.0\nold=\(own)\n")
        #expect(outcome.sharing?.damaged == 0 && outcome.notices.isEmpty)
        #expect(try scene.text("2.0.0", "etc/b.conf") == "b\n")
        #expect(try PrefixVerification.run("\(scene.root)/releases/2.0.0").isIntact)
    }

    @Test("a release whose records were changed is shared with by nobody, and that is said")
    func records() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        try scene.tamper(FileOrigins.path) { path in
            chmod(path, 0o644)
            try Directory.open("\(scene.root)/releases/1.0.0").replaceFile(
                RelativePath(FileOrigins.path), with: Array("- \n".utf8), durable: false)
        }
        let next = try scene.bundle("2.0.0")
        let outcome = try scene.install(next)
        #expect(outcome.sharing == nil)
        #expect(outcome.notices.count == 1 && outcome.notices[0].contains("origins"))
        #expect(try scene.listing("2.0.0") == scene.fresh(next))
    }
}

@Suite("Files of earlier releases that were changed", .enabled(if: HostPython.isThere))
struct ChangedDonorTests {
    struct Change: Sendable {
        let path: String
        let make: @Sendable (String) throws -> Void
    }

    private static func rewrite(_ path: String, keepingTime: Bool = true, _ change: (inout [UInt8]) -> Void)
        throws
    {
        var before = stat()
        lstat(path, &before)
        var bytes = try OpenFile.read(path).bytes(at: 0, count: Int(before.st_size))
        change(&bytes)
        chmod(path, 0o644)
        let file = fopen(path, "w")
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        chmod(path, before.st_mode & 0o7777)
        if keepingTime {
            let times = [before.st_atim, before.st_mtim]
            utimensat(AT_FDCWD, path, times, 0)
        }
    }

    private static let plain = "share/toy/größe.txt"
    private static let source = "\(site)/kept/__init__.py"

    static let changes: [Case<Change>] = [
        .init("a flipped byte", .init(path: plain) { try rewrite($0) { $0[0] ^= 1 } }),
        .init("a byte more", .init(path: plain) { try rewrite($0) { $0.append(0) } }),
        .init("a flipped byte of a source", .init(path: source) { try rewrite($0) { $0[4] ^= 1 } }),
        .init(
            "another time of a source", .init(path: source) { try rewrite($0, keepingTime: false) { _ in } }),
        .init("permissions", .init(path: "bin/other") { chmod($0, 0o500) }),
        .init("a set-id bit", .init(path: "bin/other") { chmod($0, 0o4555) }),
        .init("write permission", .init(path: plain) { chmod($0, 0o644) }),
        .init(
            "a symbolic link to the same bytes",
            .init(path: plain) { path in
                rename(path, path + ".moved")
                symlink(path + ".moved", path)
            }),
        .init(
            "a symbolic link to something else",
            .init(path: source) { path in
                unlink(path)
                symlink("/etc/hostname", path)
            }),
        .init(
            "a directory",
            .init(path: plain) {
                unlink($0); mkdir($0, 0o755)
            }),
        .init("nothing", .init(path: source) { unlink($0) }),
        .init(
            "a symbolic link in the place of its directory",
            .init(path: "share/toy") { path in
                rename(path, path + ".moved")
                symlink("toy.moved", path)
            }),
        .init(
            "a flipped byte of a text with the prefix",
            .init(path: "bin/toy") { try rewrite($0) { $0[2] ^= 1 } }),
        .init(
            "a flipped byte of a binary with the prefix",
            .init(path: "lib/libtoy.so") { try rewrite($0) { $0[1] ^= 1 } }),
        .init(
            "the padding of a binary with the prefix",
            .init(path: "lib/libtoy.so") { try rewrite($0) { $0[200] ^= 1 } }),
        .init(
            "byte code",
            .init(path: "\(site)/kept/__pycache__/other.\(HostPython.cacheTag).pyc") { path in
                try rewrite(path) { $0[$0.count - 1] ^= 1 }
            }),
        .init(
            "the script of a wheel, which is made from the archive",
            .init(path: "bin/kept-tool") { try rewrite($0) { $0[2] ^= 1 } }),
        .init("the application's own file", .init(path: "etc/app.toml") { try rewrite($0) { $0[0] ^= 1 } }),
    ]

    @Test("nothing of it reaches the next release", arguments: changes)
    func leaks(_ item: Case<Change>) throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        try scene.tamper(item.value.path) { try item.value.make($0) }
        let next = try scene.bundle("2.0.0")
        let outcome = try scene.install(next)
        let listing = try scene.listing("2.0.0")
        let report = try PrefixVerification.run("\(scene.root)/releases/2.0.0")
        #expect(report.isIntact, "\(report)")
        if !item.testDescription.contains("made from the archive") {
            let tally = try #require(outcome.sharing)
            #expect(tally.damaged > 0)
            #expect(outcome.notices.contains { $0.contains("not what was installed there") })
        }
        let fresh = try scene.fresh(next)
        for path in Set(listing.keys).union(fresh.keys).sorted() {
            #expect(listing[path] == fresh[path], "\(path)")
        }
    }

    @Test("a file with attributes that a new one would not have is copied, not linked")
    func attributes() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        let set = "import os, sys; os.setxattr(sys.argv[1], 'user.note', b'x')"
        let path = "\(scene.root)/releases/1.0.0/bin/other"
        // A file system may have none of them.
        guard try run([HostPython.path, "-c", set, path], in: "/").code == 0 else { return }
        let outcome = try scene.install(scene.bundle("2.0.0"))
        #expect(outcome.sharing?.damaged == 0)
        #expect(try !scene.isOne("bin/other"))
    }

    @Test("a file of another owner is copied, not linked", .enabled(if: isRoot))
    func owner() throws {
        let scene = SharingScene()
        try scene.install(scene.bundle("1.0.0"))
        try scene.tamper("bin/other") { chown($0, 1234, 1234) }
        let outcome = try scene.install(scene.bundle("2.0.0"))
        #expect(outcome.sharing?.damaged == 0)
        #expect(try !scene.isOne("bin/other"))
        #expect(try scene.status("2.0.0", "bin/other")?.owner == 0)
    }
}
