import Files
import Glibc
import TestSupport
import Testing

@Suite struct TemporaryTests {
    @Test func anEmptyVariableIsNone() {
        #expect(Directory.temporaryPlace("") == "/tmp" && Directory.temporaryPlace(nil) == "/tmp")
        #expect(Directory.temporaryPlace("/var/tmp") == "/var/tmp")
    }

    @Test func theDirectoryIsPrivateAndGoneAfterwards() throws {
        struct Stop: Error {}
        let scratch = TemporaryDirectory()
        let path = try Directory.withTemporary("test", below: scratch.path) { directory in
            #expect(directory.path.utf8.starts(with: "\(scratch.path)/airlift-test.".utf8))
            var status = stat()
            #expect(stat(directory.path, &status) == 0 && status.st_mode & 0o777 == 0o700)
            try directory.replaceFile(RelativePath("file"), with: [1])
            return directory.path
        }
        #expect(access(path, F_OK) != 0)
        #expect(throws: Stop.self) {
            try Directory.withTemporary("test", below: scratch.path) { _ in throw Stop() }
        }
        #expect(try scratch.directory().names() == [])
    }

    @Test func whereNoneCanBeMadeTheErrorNamesThePlace() {
        let error = #expect(throws: FileError.self) {
            try Directory.withTemporary("test", below: "/nowhere") { _ in }
        }
        #expect(error?.description.contains("'/nowhere'") == true)
    }
}
