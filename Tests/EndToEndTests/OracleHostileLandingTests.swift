import Archives
import Bundle
import Digests
import Files
import TestSupport
import Testing

/// Bundles that no `cut` would have written land on a host: whatever is in them, nothing outside of the prefix
/// changes, nothing stays behind, and neither memory nor disk run full.
@Suite(.enabled("the machine has no CPython", { OraclePython.current != nil }))
struct OracleHostileLandingTests {
    /// A place with things that must not change around the prefix.
    private struct Landing {
        let scratch = TemporaryDirectory()
        var prefix: String { "\(scratch.path)/host/opt/demo" }

        init() throws {
            for name in ["host/demo.py", "host/opt/demo.py", "host/opt/sentinel", "host/etc/demo", "host/x"] {
                try scratch.write(name, "untouched\n")
            }
        }

        /// 2 GB of addresses and files of 64 MB: both bombs of the collection go far beyond.
        func land(_ bundle: String) throws -> Outcome {
            try run([
                "/bin/sh", "-c", "ulimit -v 2000000; ulimit -f 131072; exec \"$@\"", "sh", Product.installer,
                "install", bundle, "-b", "-q", "-p", prefix, "--python",
                OraclePython.current?.executable ?? "",
            ])
        }

        /// Kinds, modes, sizes, link targets and contents of everything around the prefix.
        func surroundings() throws -> String {
            try run(
                [
                    "/bin/sh", "-c",
                    "find . -path ./opt/demo -prune -o -printf '%P %y %m %l\\n' | sort; find . -path ./opt/demo -prune -o -type f -exec cat {} +",
                ], in: "\(scratch.path)/host"
            ).output
        }
    }

    private func bundle(_ wheels: [WheelBuilder], in scratch: TemporaryDirectory) throws -> String {
        try BundleBuilder {
            $0.wheels = wheels
            $0.python = OraclePython.current?.minorVersion ?? ""
            $0.ownFiles = []
        }.write(to: scratch).path
    }

    private func expectRefusal(_ landing: Landing, _ bundle: String, _ note: String) throws {
        let before = try landing.surroundings()
        #expect(before.contains("sentinel"))
        let outcome = try landing.land(bundle)
        // 5: nothing but an interpreter that is not there.
        #expect([3, 5, 6, 8].contains(outcome.code), "\(note): \(outcome.words)")
        #expect(try landing.surroundings() == before, "\(note)")
        #expect(try run(["test", "-e", landing.prefix]).code == 1, "\(note): something was published")
    }

    @Test(arguments: OracleWheelFault.all) func noFaultOfAWheelTouchesTheHost(fault: OracleWheelFault) throws
    {
        let landing = try Landing()
        try expectRefusal(
            landing, bundle([fault.attack, WheelBuilder("other", "2.5")], in: landing.scratch),
            fault.testDescription)
    }

    @Test func harmlessTwinsLand() throws {
        // Twins of one name and version cannot be in one bundle; a few stand for all, which WheelCheck reads.
        for fault in stride(from: 0, to: OracleWheelFault.all.count, by: 8).map({ OracleWheelFault.all[$0] })
        {
            let landing = try Landing()
            let before = try landing.surroundings()
            let outcome = try landing.land(bundle([fault.twin], in: landing.scratch))
            #expect(outcome.code == 0, "\(fault.testDescription): \(outcome.words)")
            #expect(try landing.surroundings() == before)
            #expect(try run(["test", "-e", "\(landing.prefix)/bin/python"]).code == 0)
        }
    }

    @Test func aWheelCannotOverwriteAnothersFile() throws {
        let other = { (text: String) in
            WheelBuilder("other", "2.5", files: [.init("other.py"), .init("demo/__init__.py", text)])
        }
        let landing = try Landing()
        try expectRefusal(
            landing, bundle([WheelBuilder("demo"), other("import os\n")], in: landing.scratch), "overwriting")
        let twin = try Landing()
        let outcome = try twin.land(
            bundle([WheelBuilder("demo"), other("__version__ = '1.0'\n")], in: twin.scratch))
        #expect(outcome.code == 0, "the same contents are shared: \(outcome.words)")
    }

    /// Every archive of the collection in the place of a wheel, then in that of the interpreter.
    @Test(
        .enabled("the corpus is not beside the package", { SharedData.directory("corpus") != nil }),
        arguments: ["zip", "tar"])
    func noArchiveOfTheCollectionTouchesTheHost(format: String) throws {
        let corpus = try #require(SharedData.directory("corpus"))
        let catalogue = try FileRegion(path: "\(corpus)/CATALOG.tsv")
        let text = String(decoding: try catalogue.bytes(at: 0, count: Int(catalogue.size)), as: UTF8.self)
        var landed = 0
        let landing = try Landing()
        for line in text.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard (format == "zip") == (fields[3] == "zip") else { continue }
            landed += 1
            let bundle = try Self.carrying("\(corpus)/\(fields[0])", format, in: landing.scratch)
            try expectRefusal(landing, bundle, fields[0])
        }
        #expect(landed > 190)
    }

    private static func carrying(_ path: String, _ format: String, in scratch: TemporaryDirectory) throws
        -> String
    {
        let region = try FileRegion(path: path)
        var hasher = SHA256()
        try region.forEachPiece { hasher.update($0) }
        let digest = hasher.finalize()
        let isWheel = format == "zip"
        let filename = isWheel ? "demo-1.0-py3-none-any.whl" : "cpython.tar.zst"
        let inside = isWheel ? "archives/wheels/\(filename)" : "archives/python/\(filename)"
        let archive = Manifest.Archive(
            kind: isWheel ? .wheel : .python, name: isWheel ? "demo" : "python", version: "1.0",
            filename: filename, path: inside, url: nil, size: region.size, sha256: digest,
            crc32: "00000000", license: nil, requested: true, depends: [],
            installed: .init(files: 1, bytes: 1), hooks: [])
        return try BundleBuilder {
            $0.wheels = []
            $0.ownFiles = []
            $0.python = OraclePython.current?.minorVersion ?? ""
            $0.editSources = { $0[inside] = .file(path) }
            $0.editManifest = { manifest in
                manifest.archives = [archive]
                if !isWheel {
                    manifest.python.source = .archive
                    manifest.python.executable = "base/bin/python3"
                }
                let identity = try? EnvironmentIdentity.digest(
                    archives: manifest.archives, files: manifest.files, python: manifest.python,
                    install: manifest.install)
                manifest.environment = identity ?? manifest.environment
            }
        }.write(to: scratch, replace: true).path
    }
}
