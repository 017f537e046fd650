import Archives
import Bundle
import Conda
import Digests
import Files
import Glibc
import TestSupport
import Testing
import Workers

@testable import Install

/// What py-rattler makes of the same packages at the same prefix.
///
/// Named differences: py-rattler keeps the group's permission to write, leaves byte code of sources that the prefix
/// changes (which Python then ignores), puts a `CACHEDIR.TAG` into the prefix, writes launchers in its own words, and
/// compiles nothing; Airlift adds `.airlift`, activation scripts, and byte code of what is `noarch: python`.
@Suite(
    .enabled(
        if: getenv("AIRLIFT_RATTLER_PYTHON") != nil && SharedData.directory("channels/forge") != nil,
        "AIRLIFT_RATTLER_PYTHON names no Python with py-rattler, or there is no channel at hand"))
struct CondaOracleTests {
    struct Item: Hashable, Sendable {
        let kind: FileStatus.Kind
        let permissions: UInt32
        let content: String
    }

    private func tree(_ path: String) throws -> [String: Item] {
        let root = try Directory.open(path)
        var items: [String: Item] = [:]
        try root.walk { path, status in
            switch status.kind {
            case .directory: break
            case .symbolicLink:
                items[path.string] = Item(
                    kind: .symbolicLink, permissions: 0o777, content: try root.symbolicLinkTarget(path))
            default:
                let region = try FileRegion(SharedFile(root.openFile(path)))
                var hasher = SHA256()
                try region.forEachPiece { hasher.update($0) }
                items[path.string] = Item(
                    kind: status.kind, permissions: status.permissions, content: hasher.finalize().hex)
            }
        }
        return items
    }

    private func ask(_ program: String, _ arguments: [String], in scratch: TemporaryDirectory) throws
        -> String
    {
        let python = String(cString: getenv("AIRLIFT_RATTLER_PYTHON"))
        let script = try scratch.write("ask.py", program)
        let process = try ChildProcess(
            python, [script] + arguments, environment: ["HOME": scratch.path, "LC_ALL": "C.UTF-8"],
            mergingErrors: true)
        process.closeInput()
        let output = process.readAll()
        #expect(process.wait() == .exited(0), "\(output)")
        return output
    }

    @Test(arguments: [
        [
            "python 3.10.*", "pydantic", "requests", "pyyaml", "cffi", "zstandard", "pip", "tqdm", "click",
            "ruamel.yaml", "jsonpatch", "brotli-python",
        ],
        ["ncurses", "libsolv", "tk", "lzo"],
    ])
    func `the same tree lands, and the same records`(specs: [String]) throws {
        let channel = try #require(SharedData.directory("channels/forge"))
        let landing = Landing()
        let list = try ask(
            RattlerInstall.program, [channel, landing.prefix, landing.scratch.path + "/cache"] + specs,
            in: landing.scratch)
        let theirs = try tree(landing.prefix)
        let aside = landing.parent + "/theirs"
        try #require(rename(landing.prefix, aside) == 0)

        let packages = try list.split(separator: "\n").map { line -> (Manifest.Archive, String) in
            let words = line.split(separator: " ").map(String.init)
            return try archive("\(channel)/\(words[0])/\(words[1])", subdir: words[0])
        }
        let hasPython = specs.contains { $0.hasPrefix("python ") }
        let outcome = try landing.install(bundle(packages, in: landing)) { $0.test = hasPython }
        #expect(outcome.changed)
        let ours = try tree(landing.prefix)

        let recorded = try landing.recorded()
        let commands = Set(
            try packages.flatMap { archive, path in
                try CondaContents.info(of: FileRegion(path: path), filename: archive.filename).entryPoints.map
                {
                    "bin/\($0.command)"
                }
            })
        // Without conda's Python, the prefix is a virtual environment besides.
        let environment =
            hasPython
            ? [] : ["pyvenv.cfg", "lib64", "bin/python", "bin/python3", "bin/python\(HostPython.minor)"]
        func isNamed(_ path: String) -> Bool {
            environment.contains(path) || path == "CACHEDIR.TAG" || path.hasPrefix(".airlift/")
                || path.hasPrefix("conda-meta/")
                || path.hasPrefix("bin/activate") || recorded[path]?.isBytecode == true
                || commands.contains(path)
        }
        let paths = Set(theirs.keys).union(ours.keys).filter { !isNamed($0) }
        #expect(paths.count > 400)
        let differing = paths.filter { path in
            guard let own = ours[path], let other = theirs[path] else { return true }
            return own.kind != other.kind || own.content != other.content
                || own.kind == .file
                    && own.permissions != CondaInstaller.permissions(other.permissions)
        }
        #expect(
            differing.sorted().prefix(10).map {
                "\($0): \(String(describing: theirs[$0])), \(String(describing: ours[$0]))"
            } == [])
        #expect(commands.allSatisfy { ours[$0]?.permissions == 0o755 && theirs[$0] != nil })
        let answer = try ask(RattlerPrograms.compare, [aside, landing.prefix], in: landing.scratch)
        #expect(answer == "compared \(packages.count)")
        #expect(try PrefixVerification.run(landing.prefix).isIntact)
    }

    /// Packages that other tools have for their own tests, but for those that are refused here.
    @Test func `each sound package lands as it does there`() throws {
        let channel = try #require(SharedData.directory("channels/forge"))
        let python = "\(channel)/linux-64/python-3.10.13-0_cpython.conda"
        let pythonFiles = Set(
            try CondaContents.info(of: FileRegion(path: python), filename: "python-3.10.13-0_cpython.conda")
                .paths
                .entries.map(\.path))
        let base = Manifest.Python(
            source: .conda, implementation: "cpython", version: "3.10.13", abi: "cp310",
            cacheTag: "cpython-310", executable: "bin/python3.10",
            sitePackages: "lib/python3.10/site-packages")
        let scratch = TemporaryDirectory()
        let sound = try CondaDataTests.packages.compactMap { path -> (String, CondaContents)? in
            let (archive, _) = try archive(path, subdir: "linux-64")
            guard
                let (_, contents) = try? CondaInspection.run(
                    archive, in: FileRegion(path: path), python: base)
            else { return nil }
            return (path, contents)
        }
        let answers = try ask(
            RattlerPrograms.installEach, [python, scratch.path] + sound.map(\.0), in: scratch
        )
        .split(separator: "\n").map { $0.split(separator: " ", maxSplits: 2) }
        #expect(answers.count == sound.count)
        var compared = 0
        for (answer, (path, contents)) in zip(answers, sound) {
            guard answer[0] == "installed" else { continue }
            let prefix = "\(scratch.path)/env-\(answer[1])"
            let target = TemporaryDirectory()
            _ = try CondaInstaller(
                contents: contents, tree: TreeWriter(target.directory()), prefix: prefix,
                interpreter: "\(prefix)/bin/python3.10"
            ).install { _ in }
            let commands = Set(contents.entryPoints.map { "bin/\($0.command)" })
            let theirs = try tree(prefix).filter {
                $0.key != "CACHEDIR.TAG" && !$0.key.hasPrefix("conda-meta/")
                    && !(contents.info.noarch == .python && pythonFiles.contains($0.key))
            }
            let ours = try tree(target.path)
            // py-rattler does not read `package_metadata.json`, in which older packages name their commands.
            let paths = Set(theirs.keys).symmetricDifference(ours.keys).subtracting(commands)
            #expect(paths == [], "\(path)")
            for (name, item) in theirs where !commands.contains(name) {
                let own = ours[name]
                let isSame =
                    own?.kind == item.kind && own?.content == item.content
                    && (item.kind != .file
                        || own?.permissions == CondaInstaller.permissions(item.permissions))
                #expect(isSame, "\(name) of \(path): \(item), \(String(describing: own))")
            }
            compared += 1
        }
        #expect(compared > 100, "\(answers.filter { $0[0] != "installed" })")
    }

    private func archive(_ path: String, subdir: String) throws -> (Manifest.Archive, String) {
        let filename = try PackageFilename(path.split(separator: "/").last ?? "")
        let region = try FileRegion(path: path)
        var sha256 = SHA256()
        var md5 = MD5()
        try region.forEachPiece {
            sha256.update($0)
            md5.update($0)
        }
        return (
            Manifest.Archive(
                kind: .conda, name: filename.name, version: filename.version, build: filename.build,
                subdir: subdir, filename: filename.description, path: "archives/conda/\(subdir)/\(filename)",
                url: "https://channel.example.org/forge/\(subdir)/\(filename)", size: region.size,
                sha256: sha256.finalize(), md5: md5.finalizeHex(), crc32: "00000000", license: nil,
                requested: false, depends: [], installed: .init(files: 1, bytes: 1), hooks: [],
                channel: "https://channel.example.org/forge"), path
        )
    }

    private func bundle(_ packages: [(Manifest.Archive, String)], in landing: Landing) throws -> BundleReader
    {
        let python = try packages.first { $0.0.name == "python" }.map { archive, path in
            try Manifest.Python(
                conda: CondaContents.info(of: FileRegion(path: path), filename: archive.filename).index)
        }
        return try landing.bundle(bytecode: python == nil ? .none : .target) { builder in
            builder.wheels = []
            builder.ownFiles = []
            builder.editSources = { sources in
                for (archive, path) in packages { sources[archive.path] = .file(path) }
            }
            builder.editManifest = { manifest in
                manifest.archives += packages.map(\.0)
                if let python { manifest.python = python }
            }
        }
    }
}
