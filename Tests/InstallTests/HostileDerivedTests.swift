import Archives
import Files
import TestSupport
import Testing

@testable import Install

/// Byte code that a bundle carries may only lie beside sources of the same bundle.
@Suite struct HostileDerivedTests {
    let scratch = TemporaryDirectory()

    @discardableResult
    private func install(
        _ members: [HostileTar.Member], before: (TreeWriter) throws -> Void = { _ in }
    ) throws -> [InstalledFile] {
        let tar = try HostileTar(scratch, members)
        let tree = TreeWriter(try scratch.directory().createDirectories(RelativePath("target")))
        try before(tree)
        return try DerivedBytecode.install(
            tar.region, expecting: tar.sha256, sources: [RelativePath("lib/demo.py")],
            cacheTag: "cpython-311", tree: tree, progress: { _ in })
    }

    @Test func `a compiled module lies beside its source, and is no program`() throws {
        let files = try install([.file("lib/__pycache__/demo.cpython-311.pyc")])
        #expect(files.map(\.path.string) == ["lib/__pycache__/demo.cpython-311.pyc"])
        let status = try scratch.directory().status(
            of: RelativePath("target/lib/__pycache__/demo.cpython-311.pyc"))
        #expect(status?.permissions == 0o644)
    }

    @Test(arguments: [
        "lib/demo.py", "lib/demo.pyc", "lib/demo.cpython-311.pyc", "lib/__pycache__/other.cpython-311.pyc",
        "lib/__pycache__/demo.cpython-312.pyc", "__pycache__/demo.cpython-311.pyc", "bin/python",
        "lib/__pycache__/x/demo.cpython-311.pyc", "lib/__pycache__\u{301}/demo.cpython-311.pyc",
    ])
    func `anything else is refused, and nothing is written`(path: String) throws {
        #expect(throws: ArchiveError.self) { try install([.file(path)]) }
        #expect(try scratch.directory().directory(RelativePath("target")).names() == [])
    }

    @Test func `links and directories are refused`() throws {
        let path = "lib/__pycache__/demo.cpython-311.pyc"
        #expect(throws: ArchiveError.self) { try install([.link(path, to: "x")]) }
        try scratch.directory().remove(RelativePath("archive.tar.zst"))
        #expect(throws: ArchiveError.self) { try install([.directory(path)]) }
    }

    @Test func `a module that a wheel brings is not replaced`() throws {
        let path = "lib/__pycache__/demo.cpython-311.pyc"
        #expect(throws: InstallError.self) {
            try install([.file(path)]) {
                try $0.createFile(RelativePath(path), Array("wheel".utf8), permissions: 0o644)
            }
        }
        #expect(
            try scratch.directory().contents(of: RelativePath("target/" + path)) == Array("wheel".utf8))
    }

    @Test func `a link in place of the directory is not followed`() throws {
        try scratch.write("outside/x", "")
        #expect(throws: FileError.self) {
            try install([.file("lib/__pycache__/demo.cpython-311.pyc")]) {
                try $0.createSymbolicLink(RelativePath("lib/__pycache__"), to: "../../outside")
            }
        }
        #expect(try scratch.directory().directory(RelativePath("outside")).names() == ["x"])
    }
}
