import Archives
import Bundle
import Digests
import Failures
import Files
import Glibc
import TestSupport
import Testing

@testable import Install

/// Nothing is written that manifest, `paths.json` or RECORD do not declare, whatever an archive unpacks to. What is
/// written is counted, before anything of it is taken away again.
@Suite struct DeclaredSizeTests {
    static let bomb = 32 << 20
    let scratch = TemporaryDirectory()

    /// Bytes below the directory: those of its files, and those that the file system gave them.
    private func written(_ directory: Directory) throws -> UInt64 {
        var size: UInt64 = 0
        try directory.walk { _, status in
            if status.kind == .file { size += status.size }
        }
        return size
    }

    private func staging() throws -> Directory {
        try scratch.directory().createDirectories(RelativePath("staging"))
    }

    private func install(_ package: CondaPackageBuilder) throws -> Int {
        let scene = try CondaScene(package)
        return try CondaInstaller(
            contents: scene.conda[0], tree: TreeWriter(staging()), prefix: "/opt/demo",
            interpreter: "/opt/demo/bin/python"
        ).install { _ in }.files.count
    }

    private func install(_ wheel: WheelBuilder) throws -> Int {
        let scene = try CondaScene([], wheels: [wheel])
        return try WheelInstaller(
            contents: scene.wheels[0], tree: TreeWriter(staging()), interpreter: "/opt/demo/bin/python",
            workspace: InflateWorkspace()
        ).install { _ in }.files.count
    }

    @Test(arguments: CondaPackageBuilder.Form.allCases)
    func `a conda package's file is not written where its list declares another size`(
        form: CondaPackageBuilder.Form
    ) throws {
        let zeros = [UInt8](repeating: 0, count: Self.bomb)
        let honest = CondaPackageBuilder(files: [.file("lib/zeros", zeros), .file("lib/small", "small")])
        let lying = honest.with { package in
            package.editPaths = { lines in
                for index in lines.indices where lines[index].path == "lib/zeros" { lines[index].size = 10 }
            }
        }
        let error = try #require(failure { _ = try install(lying.form(form)) })
        #expect(error.kind == .damaged && error.description.contains("gives it 10 bytes"), "\(error)")
        #expect(try written(staging()) <= 10 + 5)
        try scratch.directory().removeTree(RelativePath("staging"))
        #expect(try install(honest.form(form)) > 0)
        #expect(try written(staging()) >= UInt64(Self.bomb))
    }

    @Test(arguments: [true, false])
    func `a wheel's file is not written where RECORD declares another size`(deflated: Bool) throws {
        let zeros = [UInt8](repeating: 0, count: Self.bomb)
        let honest = WheelBuilder(files: [.init("demo/zeros", zeros), .init("demo/small.py", "x = 1\n")]) {
            $0.deflated = deflated
        }
        var lying = honest
        lying.editRecord = { lines in
            for index in lines.indices where lines[index].path == "demo/zeros" { lines[index].size = "10" }
        }
        let error = try #require(failure { _ = try install(lying) })
        #expect(error.kind == .damaged && error.description.contains("RECORD says 10"), "\(error)")
        #expect(try written(staging()) < 10_000)
        try scratch.directory().removeTree(RelativePath("staging"))
        #expect(try install(honest) > 0)
        #expect(try written(staging()) >= UInt64(Self.bomb))
    }

    @Test func `a wheel's file that RECORD does not list is not written`() throws {
        var lying = WheelBuilder(files: [.init("demo/extra", [UInt8](repeating: 0, count: 100_000))])
        lying.editRecord = { $0.removeAll { $0.path == "demo/extra" } }
        #expect(failure { _ = try install(lying) }?.kind == .damaged)
        #expect(try written(staging()) < 10_000)
    }

    @Test(arguments: [10, 1 << 30] as [UInt32])
    func `a member of a ZIP archive gives no more than its directory declares`(declared: UInt32) throws {
        let zeros = [UInt8](repeating: 0, count: Self.bomb)
        let member = ZipMember("demo/zeros", zeros).editingBoth { $0.size = declared }
        let source = MemorySource(ZipBuilder([member]).bytes)
        for whole in [true, false] {
            var given: UInt64 = 0
            let error = failure {
                var stream = ZipStream(
                    source, directory: try ZipDirectory.read(from: source), workspace: InflateWorkspace())
                _ = try stream.run { _, contents in
                    if whole, contents.mayBeWhole {
                        given += UInt64(try contents.whole().count)
                    } else {
                        try contents.stream { given += UInt64($0.count) }
                    }
                }
            }
            #expect(error?.kind == .damaged)
            #expect(given <= UInt64(declared))
        }
    }

    @Test func `a file of the interpreter is not written where the manifest declares another size`() throws {
        let zeros = [UInt8](repeating: 0, count: Self.bomb)
        let tar = bzip2(TarFixture.of(.init("lib/zeros", zeros)))
        let region = try FileRegion(path: scratch.write("python.tar.bz2", tar))
        func install(size: UInt64) throws -> Int {
            try InterpreterInstaller(
                region: region, sha256: SHA256.hash(tar),
                expected: [
                    Manifest.File(
                        path: "base/lib/zeros", source: "archives/python/python.tar.bz2", size: size,
                        sha256: SHA256.hash(zeros), mode: "0644", link: nil)
                ], tree: TreeWriter(staging())
            ).install { _ in }.count
        }
        #expect(failure { _ = try install(size: 10) }?.kind == .damaged)
        #expect(try written(staging()) == 0)
        #expect(try install(size: UInt64(zeros.count)) == 1)
    }

    @Test func `carried byte code does not unpack to a hundred times its size`() throws {
        func install(_ bytes: [UInt8]) throws -> Int {
            let tar = zstandard(TarFixture.of(.init("a/__pycache__/b.cpython-311.pyc", bytes)))
            return try DerivedBytecode.install(
                FileRegion(path: scratch.write("derived.tar.zst", tar)), expecting: SHA256.hash(tar),
                sources: [RelativePath("a/b.py")], cacheTag: "cpython-311", tree: TreeWriter(staging())
            ) { _ in }.count
        }
        #expect(failure { _ = try install([UInt8](repeating: 0, count: Self.bomb)) }?.kind == .damaged)
        #expect(try written(staging()) == 0)
        #expect(try install((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }) == 1)
    }

    @Test func `a sparse member is refused, and a hole costs what its bytes cost`() throws {
        var sparse = TarFixture()
        sparse.pax([
            ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "1099511627776"),
        ])
        sparse.add(.init("lib/hole", "1\n0\n0\n"))
        sparse.end()
        let archive = bzip2(sparse.bytes)
        let file = try FileRegion(path: scratch.write("sparse.tar.bz2", archive))
        var visited = 0
        #expect(throws: TarError.self) {
            _ = try TarReader.read(file.file.file) { _, _ in visited += 1 }
        }
        #expect(visited == 0)
    }
}
