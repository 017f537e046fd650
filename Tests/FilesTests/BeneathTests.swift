import Glibc
import TestSupport
import Testing

@testable import Files

/// The kernel's openat2(2) and the walk by O_NOFOLLOW, which take each other's place, open the same and refuse the same.
@Suite struct BeneathTests {
    let scratch = TemporaryDirectory()
    let outside = TemporaryDirectory()

    private func opened(_ directory: Directory, _ path: String, _ flags: Int32, atOnce: Bool) throws
        -> [UInt8]
    {
        let descriptor = try directory.open(
            "open", RelativePath(path), flags, permissions: flags & O_CREAT == 0 ? 0 : 0o640, atOnce: atOnce)
        return try OpenFile(descriptor: descriptor, path: path).bytes(at: 0, count: 100)
    }

    @Test func `this kernel resolves paths at once, or the walk alone is tested here`() {
        withKnownIssue("there is no openat2 here", isIntermittent: true) { #expect(Directory.resolvesAtOnce) }
    }

    @Test(arguments: [true, false])
    func `what is below is opened, and no symbolic link is followed on the way`(atOnce: Bool) throws {
        try outside.write("a/file", "outside")
        try scratch.write("deep/a/file", "inside")
        let directory = try scratch.directory()
        #expect(try opened(directory, "deep/a/file", O_RDONLY, atOnce: atOnce) == Array("inside".utf8))
        try directory.createSymbolicLink(RelativePath("deep/link"), to: outside.path)
        try directory.createSymbolicLink(RelativePath("deep/near"), to: "a")
        try directory.createSymbolicLink(RelativePath("deep/a/last"), to: "file")
        for path in ["deep/link/a/file", "deep/near/file", "deep/a/last"] {
            let error = try #require(throws: FileError.self) {
                _ = try opened(directory, path, O_RDONLY, atOnce: atOnce)
            }
            #expect([ELOOP, ENOTDIR].contains(error.code), "\(path): \(error)")
        }
        for path in ["deep/link/a/new", "deep/near/new", "deep/a/last"] {
            #expect(throws: FileError.self) {
                _ = try opened(directory, path, O_RDWR | O_CREAT | O_EXCL, atOnce: atOnce)
            }
        }
        #expect(try outside.directory().directory(RelativePath("a")).names() == ["file"])
    }

    @Test(arguments: [true, false])
    func `links of the kernel's own are not followed either`(atOnce: Bool) throws {
        let directory = try Directory.open("/proc/self")
        for path in ["root/etc", "cwd/.", "fd/0"] where (try? RelativePath(path)) != nil {
            #expect(throws: FileError.self, "\(path)") {
                _ = try opened(directory, path, O_RDONLY, atOnce: atOnce)
            }
        }
    }

    @Test(arguments: [true, false])
    func `a file is created with its permissions, once, where its directory is`(atOnce: Bool) throws {
        try scratch.write("deep/a/there", "")
        let directory = try scratch.directory()
        _ = try opened(directory, "deep/a/new", O_RDWR | O_CREAT | O_EXCL, atOnce: atOnce)
        #expect(try directory.status(of: RelativePath("deep/a/new"))?.permissions == 0o640 & ~umaskNow())
        let cases = [("deep/a/new", EEXIST), ("deep/none/new", ENOENT), ("deep/a/there/new", ENOTDIR)]
        for (path, code) in cases {
            let error = try #require(throws: FileError.self) {
                _ = try opened(directory, path, O_RDWR | O_CREAT | O_EXCL, atOnce: atOnce)
            }
            #expect(error.code == code, "\(path): \(error)")
        }
    }

    @Test(arguments: [true, false])
    func `the sentence names the component that was in the way`(atOnce: Bool) throws {
        try scratch.write("deep/a/file", "")
        let error = try #require(throws: FileError.self) {
            _ = try opened(scratch.directory(), "deep/none/further/file", O_RDONLY, atOnce: atOnce)
        }
        #expect(error.path.hasSuffix("/deep/none"))
    }

    private func umaskNow() -> UInt32 {
        let mask = umask(0)
        umask(mask)
        return mask
    }
}
