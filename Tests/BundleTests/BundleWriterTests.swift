import Bundle
import Digests
import Failures
import Files
import Glibc
import Synchronization
import TestSupport
import Testing
import Workers

@Suite struct BundleWriterTests {
    let scratch = TemporaryDirectory()

    private func names() throws -> [String] {
        try scratch.directory().createDirectories(RelativePath("out")).names()
    }

    @Test func `the same bundle again changes nothing and says so`() throws {
        let first = try BundleBuilder().write(to: scratch)
        let before = try OpenFile.read(first.path).status()
        let second = try BundleBuilder().write(to: scratch)
        #expect(second.unchanged && second.digest == first.digest && second.size == first.size)
        #expect(try OpenFile.read(first.path).status() == before)
        #expect(try names() == ["quickstart-2026.11.21-linux-64.sh"])
    }

    @Test func `a damaged copy of the same bundle is written anew`() throws {
        let first = try BundleBuilder().write(to: scratch)
        let right = try bytes(first.path)
        try overwrite(first.path, at: 20, [0xee])
        let second = try BundleBuilder().write(to: scratch)
        #expect(!second.unchanged)
        #expect(try bytes(first.path) == right)
    }

    @Test func `another bundle of the same name is in the way, unless it may be replaced`() throws {
        let first = try BundleBuilder().write(to: scratch)
        let right = try bytes(first.path)
        let other = BundleBuilder { $0.wheels = [WheelBuilder("third")] }
        let error = #expect(throws: BundleError.self) { _ = try other.write(to: scratch) }
        #expect(error?.kind == .targetInTheWay)
        #expect(error?.reason.contains("--calver 2026.11.21.1") == true)
        #expect(try bytes(first.path) == right)
        #expect(try names() == ["quickstart-2026.11.21-linux-64.sh"])
        let replaced = try other.write(to: scratch, replace: true)
        #expect(replaced.digest != first.digest)
        try BundleReader.judge(first.path)
        #expect(try BundleReader.open(first.path).digest == replaced.digest)
    }

    @Test func `a file that is no bundle is in the way as well`() throws {
        try scratch.write("out/quickstart-2026.11.21-linux-64.sh", "my notes")
        let error = #expect(throws: BundleError.self) { _ = try BundleBuilder().write(to: scratch) }
        #expect(error?.kind == .targetInTheWay)
        #expect(try bytes("\(scratch.path)/out/quickstart-2026.11.21-linux-64.sh") == Array("my notes".utf8))
    }

    static let wheel = "archives/wheels/demo-1.0-py3-none-any.whl"
    static let ownFile = "archives/files/etc/app.toml"

    @Test(arguments: [
        Fault("an archive with another hash", says: "SHA-256") {
            $0.editManifest = { $0.archives[0].sha256 = SHA256.hash("x") }
        },
        Fault("an archive of another size", says: "bytes instead of") {
            $0.editManifest = { $0.archives[0].size += 1 }
        },
        Fault("an archive that nobody gave", says: "no file was given") {
            $0.editSources = { $0[Self.wheel] = nil }
        },
        Fault("an archive that is not there", says: "No such file") {
            $0.editSources = { $0[Self.wheel] = .file("/nonexistent/demo.whl") }
        },
        Fault("an own file with another hash", says: "SHA-256") {
            $0.editManifest = { $0.files[0].sha256 = SHA256.hash("x") }
        },
        Fault("an own file of another size", says: "bytes instead of") {
            $0.editManifest = { $0.files[0].size = 0 }
        },
        Fault("an own file that the manifest does not list", says: "lists no file") {
            $0.editManifest = { $0.files = [] }
        },
        Fault("an own file that nobody gave", says: "no entry") {
            $0.editSources = { $0[Self.ownFile] = nil }
        },
        Fault("a summary of a manifest that nobody may read", says: "no version") {
            $0.editManifest = { $0.python.version = "" }
        },
    ])
    func `a fault of the input leaves the directory as it was`(fault: Fault) throws {
        try scratch.write("out/other.txt", "stays")
        let error = failure {
            _ = try BundleBuilder(fault.change).write(to: scratch)
        }
        #expect(error?.description.contains(fault.says) == true, "\(error.map { "\($0)" } ?? "")")
        #expect(try names() == ["other.txt"])
        #expect(throws: Never.self) { _ = try BundleBuilder().write(to: scratch) }
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let says: String
        let change: @Sendable (inout BundleBuilder) -> Void
        init(_ description: String, says: String, _ change: @escaping @Sendable (inout BundleBuilder) -> Void)
        {
            (testDescription, self.says, self.change) = (description, says, change)
        }
    }

    @Test func `what an earlier run left behind is no obstacle`() throws {
        try scratch.write("out/.quickstart-2026.11.21-linux-64.sh.part", "half")
        try scratch.write("out/.quickstart-2026.11.21-linux-64.sh.lock", "")
        try BundleReader.judge(BundleBuilder().write(to: scratch).path)
        #expect(try names() == ["quickstart-2026.11.21-linux-64.sh"])
    }

    @Test func `of two writers at once one writes, and the other finds it done`() throws {
        let draft = try BundleBuilder().draft(in: scratch)
        let target = try scratch.directory().createDirectories(RelativePath("out"))
        let results = try parallelMap(Array(0..<6), jobs: 6) { _ in
            try BundleWriter(draft, in: target, jobs: 1).write()
        }
        #expect(results.count { !$0.unchanged } == 1)
        #expect(Set(results.map(\.digest)).count == 1)
        #expect(try names() == ["quickstart-2026.11.21-linux-64.sh"])
        try BundleReader.judge(results[0].path)
    }

    @Test func `progress counts every byte of the archives`() throws {
        let draft = try BundleBuilder().draft(in: scratch)
        let sizes = draft.manifest.archives.map(\.size) + draft.manifest.files.map(\.size)
        let count = Counter()
        _ = try BundleWriter(draft, in: scratch.directory()).write { count.add($0) }
        #expect(count.value == sizes.reduce(0, +))
    }

    @Test func `more than four GiB`() throws {
        // In memory where that is to be had: holes are read from there without filling the page cache.
        let scratch = TemporaryDirectory(in: access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp")
        // A sparse file of zeros between two wheels: offsets and sizes beyond 32 bits, hardly a block on disk.
        let size: UInt64 = (4 << 30) + 1
        try scratch.write("own/big.bin", "")
        try #require(truncate("\(scratch.path)/own/big.bin", Int(size)) == 0)
        let path = "\(scratch.path)/own/big.bin"
        var builder = BundleBuilder()
        builder.ownFiles = [.init("z-after.txt", "behind it\n")]
        let zeros = try #require(
            SHA256Digest(hex: "fbb82f7b353676bb562eb82157fcf0ea42c36492ca13ee56dbf82c08b6802c5c"))
        builder.editManifest = {
            $0.files.append(
                .init(
                    path: "big.bin", source: "archives/files/big.bin", size: size, sha256: zeros,
                    mode: "0644", link: nil))
        }
        builder.editSources = { $0["archives/files/big.bin"] = .file(path) }
        let written = try builder.write(to: scratch)
        #expect(written.size > size)
        let reader = try BundleReader.open(written.path)
        let after = try #require(reader.layout.member("archives/files/z-after.txt"))
        #expect(after.offset > UInt64(UInt32.max))
        #expect(try reader.contents(of: after.name) == Array("behind it\n".utf8))
        var status = stat()
        try #require(stat(written.path, &status) == 0)
        #expect(status.st_blocks * 512 < 10 << 20, "holes stay holes")
        guard access("/usr/bin/python3", X_OK) == 0 else { return }
        let script =
            "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.getinfo('archives/files/big.bin').file_size, z.read('archives/files/z-after.txt').decode().strip())"
        let child = try ChildProcess(
            "/usr/bin/python3", ["-I", "-c", script, written.path], mergingErrors: true)
        #expect(child.readLine() == "\(size) behind it")
        #expect(child.wait() == .exited(0))
    }
}

final class Counter: Sendable {
    private let total = Mutex<UInt64>(0)
    func add(_ count: UInt64) { total.withLock { $0 += count } }
    var value: UInt64 { total.withLock { $0 } }
}
