import Failures
import Files
import Glibc
import TestSupport
import Testing

@Suite struct DirectoryTests {
    let scratch = TemporaryDirectory()
    let outside = TemporaryDirectory()

    private func path(_ text: String) -> RelativePath {
        do { return try RelativePath(text) } catch { preconditionFailure("\(error)") }
    }

    /// `inside/link` leads to another directory that holds `sentinel`.
    private func withLink() throws -> Directory {
        try outside.write("sentinel", "untouched")
        let inside = try scratch.directory().createDirectories(path("inside"))
        try inside.createSymbolicLink(path("link"), to: outside.path)
        try inside.createSymbolicLink(path("file"), to: outside.path + "/sentinel")
        return inside
    }

    private func sentinelStays() throws {
        #expect(try outside.directory().names() == ["sentinel"])
        #expect(try outside.directory().contents(of: path("sentinel")) == Array("untouched".utf8))
    }

    @Test func `no operation follows a symbolic link below it`() throws {
        let inside = try withLink()
        #expect(throws: FileError.self) { _ = try inside.directory(path("link")) }
        #expect(throws: FileError.self) { _ = try inside.createDirectories(path("link")) }
        #expect(throws: FileError.self) { _ = try inside.createDirectories(path("link/new")) }
        #expect(throws: FileError.self) { _ = try inside.createDirectories(path("link/\u{301}new/er")) }
        #expect(throws: FileError.self) { _ = try inside.openOrCreate("link") }
        #expect(throws: FileError.self) { try inside.createDirectory(path("link/new")) }
        #expect(throws: FileError.self) { _ = try inside.createFile(path("link/new")) }
        #expect(throws: FileError.self) { _ = try inside.createFile(path("file")) }
        #expect(throws: FileError.self) { _ = try inside.createFile(named: "file", permissions: 0o644) }
        #expect(throws: FileError.self) { _ = try inside.openFile(path("link/sentinel")) }
        #expect(throws: FileError.self) { _ = try inside.openFile(path("file")) }
        #expect(throws: FileError.self) { _ = try inside.contents(of: path("file")) }
        #expect(throws: FileError.self) { try inside.replaceFile(path("link/sentinel"), with: [1]) }
        #expect(throws: FileError.self) { try inside.createSymbolicLink(path("link/new"), to: "x") }
        #expect(throws: FileError.self) { try inside.remove(path("link/sentinel")) }
        #expect(throws: FileError.self) { try inside.removeTree(path("link/sentinel")) }
        #expect(throws: FileError.self) { try inside.rename(path("link/sentinel"), to: path("mine")) }
        #expect(throws: FileError.self) { _ = try AdvisoryLock.take(path("file"), in: inside, wait: false) }
        #expect(try inside.status(of: path("link/sentinel")) == nil)
        try sentinelStays()
        #expect(try inside.names() == ["file", "link"])
    }

    @Test func `the same operations work where there is no link`() throws {
        let inside = try scratch.directory().createDirectories(path("inside/deep/er"))
        try inside.createDirectory(path("d"), permissions: 0o700)
        try inside.createFile(path("d/f"), permissions: 0o600).write(Array("text".utf8))
        #expect(try inside.contents(of: path("d/f")) == Array("text".utf8))
        #expect(try inside.directory(path("d")).names() == ["f"])
        #expect(try inside.status(of: path("d/f"))?.permissions == 0o600)
        #expect(try inside.status(of: path("d"))?.kind == .directory)
        #expect(try inside.status(of: path("d/none")) == nil && inside.status(of: path("d/f/none")) == nil)
        try inside.createSymbolicLink(path("l"), to: "d/f")
        #expect(try inside.symbolicLinkTarget(path("l")) == "d/f")
        #expect(try inside.status(of: path("l"))?.kind == .symbolicLink)
        try inside.rename(path("d/f"), to: path("g"))
        #expect(try inside.names() == ["d", "g", "l"])
        try inside.remove(path("g"))
        try inside.remove(path("g"))
        try inside.remove(path("d"), directory: true)
        #expect(try inside.names() == ["l"])
    }

    @Test func `a held directory stays the same one when its name changes hands`() throws {
        let held = try scratch.directory().createDirectories(path("mine"))
        try scratch.directory().rename(path("mine"), to: path("moved"))
        try scratch.directory().createSymbolicLink(path("mine"), to: outside.path)
        try held.replaceFile(path("f"), with: [1])
        #expect(try outside.directory().names() == [])
        #expect(try scratch.directory().directory(path("moved")).names() == ["f"])
    }

    @Test func `a file is replaced whole`() throws {
        let directory = try scratch.directory()
        try directory.replaceFile(path("f"), with: Array("old".utf8), permissions: 0o600)
        let old = try directory.openFile(path("f"))
        try directory.replaceFile(path("f"), with: Array("new and longer".utf8), permissions: 0o644)
        #expect(try old.bytes(at: 0, count: 99) == Array("old".utf8), "who has it open keeps it")
        #expect(try directory.contents(of: path("f")) == Array("new and longer".utf8))
        #expect(try directory.status(of: path("f"))?.permissions == 0o644)
        #expect(try directory.names() == ["f"])
    }

    @Test func `a symbolic link in its place is replaced and not followed`() throws {
        let inside = try withLink()
        try inside.replaceFile(path("file"), with: Array("mine".utf8))
        #expect(try inside.status(of: path("file"))?.kind == .file)
        try sentinelStays()
    }

    @Test func `what cannot be put in place leaves nothing behind`() throws {
        let directory = try scratch.directory()
        _ = try directory.createDirectories(path("d/e"))
        let error = #expect(throws: FileError.self) { try directory.replaceFile(path("d"), with: [1]) }
        #expect(error?.code == EISDIR || error?.code == ENOTEMPTY || error?.code == EEXIST)
        #expect(try directory.names() == ["d"])
    }

    @Test func `readers and writers on many threads see whole files, of the longest name too`() throws {
        let directory = try scratch.directory()
        let name = path(String(repeating: "n", count: 255))
        let versions = (1...4).map { [UInt8](repeating: UInt8($0), count: 50_000) }
        try directory.replaceFile(name, with: versions[0], durable: false)
        try concurrently(4) { thread in
            for _ in 0..<50 {
                try directory.replaceFile(name, with: versions[thread], durable: false)
                let seen = try directory.contents(of: name)
                #expect(versions.contains(seen))
            }
        }
        #expect(try directory.names() == [name.string])
    }

    @Test func `a tree is removed whatever its permissions, and links in it are only removed`() throws {
        let inside = try withLink()
        let deep = try inside.createDirectories(path("tree/a/b/c"))
        try deep.replaceFile(path("read-only"), with: [1], permissions: 0o444, durable: false)
        try deep.createSymbolicLink(path("out"), to: outside.path)
        try deep.createSymbolicLink(path("dangling"), to: "/nonexistent")
        for locked in ["tree/a/b/c", "tree/a/b", "tree/a", "tree"] {
            try #require(chmod("\(inside.path)/\(locked)", 0o555) == 0)
        }
        try inside.removeTree(path("tree"))
        try inside.removeTree(path("link"))
        try inside.removeTree(path("file"))
        try inside.removeTree(path("none"))
        #expect(try inside.names() == [])
        try sentinelStays()
    }

    @Test func `names that are no UTF-8 are an error to read and none to remove`() throws {
        let directory = try scratch.directory().createDirectories(path("d"))
        try #require(
            open(
                [CChar](directory.path.utf8CString.dropLast()) + [0x2f, CChar(bitPattern: 0xe9), 0],
                O_CREAT | O_WRONLY, 0o644) >= 0)
        let error = #expect(throws: FileError.self) { _ = try directory.names() }
        #expect(error?.code == EILSEQ)
        try scratch.directory().removeTree(path("d"))
        #expect(try scratch.directory().names() == [])
    }

    @Test func `a rename never replaces`() throws {
        let directory = try scratch.directory()
        for name in ["a", "b"] {
            try directory.replaceFile(path(name), with: Array(name.utf8), durable: false)
        }
        let error = #expect(throws: FileError.self) { try directory.rename(path("a"), to: path("b")) }
        #expect(error?.code == EEXIST && error?.kind == .targetInTheWay)
        #expect(try directory.contents(of: path("b")) == Array("b".utf8))
        #expect(throws: FileError.self) { try directory.rename(path("none"), to: path("c")) }
        try directory.replace(path("b"), with: path("a"))
        #expect(try directory.contents(of: path("b")) == Array("a".utf8))
        #expect(try directory.names() == ["b"])
    }

    @Test func `two directories are exchanged in one step`() throws {
        let directory = try scratch.directory()
        try directory.createDirectories(path("old")).replaceFile(path("was-old"), with: [])
        try directory.createDirectories(path("new")).replaceFile(path("was-new"), with: [])
        try directory.exchange(path("old"), with: path("new"))
        #expect(try directory.directory(path("old")).names() == ["was-new"])
        #expect(try directory.directory(path("new")).names() == ["was-old"])
        let error = #expect(throws: FileError.self) {
            try directory.exchange(path("old"), with: path("none"))
        }
        #expect(error?.code == ENOENT)
        #expect(try directory.directory(path("old")).names() == ["was-new"])
    }

    @Test func `a walk visits parents first, in the order of the bytes, and follows nothing`() throws {
        let inside = try withLink()
        try inside.createDirectories(path("b/é")).replaceFile(path("x"), with: [1, 2])
        try inside.createDirectories(path("a.b")).replaceFile(path("y"), with: [])
        try inside.createDirectories(path("a")).replaceFile(path("z"), with: [])
        var visited: [String] = []
        try inside.walk { path, status in
            visited.append("\(path) \(status.kind) \(status.kind == .file ? status.size : 0)")
        }
        #expect(
            visited == [
                "a directory 0", "a/z file 0", "a.b directory 0", "a.b/y file 0", "b directory 0",
                "b/é directory 0",
                "b/é/x file 2", "file symbolicLink 0", "link symbolicLink 0",
            ])
    }

    @Test func `creating follows the administrator's links above and keeps what is there`() throws {
        try outside.directory().createSymbolicLink(path("in"), to: scratch.path)
        let made = try Directory.create(outside.path + "/in/x/y")
        try made.replaceFile(path("f"), with: [])
        #expect(try Directory.create(scratch.path + "/x/y").names() == ["f"])
        try scratch.write("file", "")
        #expect(throws: FileError.self) { _ = try Directory.create(scratch.path + "/file/below") }
        #expect(throws: FileError.self) { _ = try Directory.open(scratch.path + "/file") }
    }

    @Test func `contents beyond a limit are refused`() throws {
        try scratch.write("f", "12345")
        #expect(try scratch.directory().contents(of: path("f"), limit: 5).count == 5)
        #expect(throws: FileError("read", scratch.path + "/f", code: EFBIG)) {
            _ = try scratch.directory().contents(of: path("f"), limit: 4)
        }
        #expect(throws: FileError.self) { _ = try Directory.open("/").contents(of: path("tmp")) }
    }

    @Test func `space and synchronisation are asked of the file system`() throws {
        let directory = try scratch.directory()
        #expect(try directory.freeSpace().bytes > 0)
        try directory.synchronize()
        try directory.synchronizeFileSystem()
    }
}
