import Failures
import Files
import Glibc
import TestSupport
import Testing

@Suite struct OpenFileTests {
    let scratch = TemporaryDirectory()

    @Test func `bytes are written where they belong`() throws {
        let path = scratch.path + "/f"
        let file = try OpenFile.create(path, permissions: 0o600)
        try file.write(Array("abc".utf8))
        try file.write(Array("Z".utf8), at: 1)
        try file.write(Array("def".utf8))
        try file.write(Array("!".utf8), at: 8)
        try file.close()
        let read = try OpenFile.read(path)
        #expect(try read.bytes(at: 0, count: 100) == Array("aZcdef\0\0!".utf8))
        #expect(try read.bytes(at: 7, count: 1) == [0])
        #expect(try read.bytes(at: 99, count: 5) == [])
        #expect(try read.status().size == 9 && read.status().permissions == 0o600)
    }

    @Test func `size, time and permissions are set`() throws {
        let path = scratch.path + "/f"
        let file = try OpenFile.create(path)
        try file.setSize(5_000_000_000)
        try file.setModificationTime(-1)
        try file.setPermissions(0o555)
        try file.synchronize()
        let status = try file.status()
        #expect(status.size == 5_000_000_000 && status.modificationTime == -1 && status.isExecutable)
        try file.setSize(3)
        #expect(try OpenFile.read(path).bytes(at: 0, count: 9) == [0, 0, 0])
    }

    @Test func `creating never opens what is there, nor through a link`() throws {
        let path = try scratch.write("f", "there")
        try #require(symlink(scratch.path + "/elsewhere", scratch.path + "/l") == 0)
        for taken in [path, scratch.path + "/l"] {
            let error = #expect(throws: FileError.self) { _ = try OpenFile.create(taken) }
            #expect(error?.code == EEXIST && error?.kind == .targetInTheWay)
        }
        #expect(access(scratch.path + "/elsewhere", F_OK) != 0)
    }

    @Test(arguments: [
        (ENOSPC, FailureKind.inputOutput, "; free some space or choose another place"),
        (EACCES, .inputOutput, "; choose a place that this user may write to"),
        (EROFS, .inputOutput, "; mount it writable, or choose another place"),
        (EMFILE, .inputOutput, "; raise the limit of open files (ulimit -n)"),
        (EEXIST, .targetInTheWay, ""), (ENOTEMPTY, .targetInTheWay, ""), (EIO, .inputOutput, ""),
        (EWOULDBLOCK, .targetInTheWay, "; another process is at work here, try again when it has ended"),
    ])
    func `an error is one sentence with what to do`(code: Int32, kind: FailureKind, advice: String) {
        let error = FileError("write", "/srv/é", code: code)
        #expect(error.kind == kind)
        #expect(error.description == "cannot write '/srv/é': \(String(cString: strerror(code)))\(advice)")
    }

    /// Opening a pipe for reading would wait until somebody writes to it.
    @Test func aPipeIsRefusedAndAFileIsNot() throws {
        let scratch = TemporaryDirectory()
        #expect(mkfifo(scratch.path + "/pipe", 0o600) == 0)
        let error = #expect(throws: FileError.self) { _ = try OpenFile.read(scratch.path + "/pipe") }
        #expect(error?.description.contains("it is a pipe") == true)
        let file = try OpenFile.read(scratch.write("file", "x"))
        #expect(try file.bytes(at: 0, count: 2) == [0x78])
    }
}
