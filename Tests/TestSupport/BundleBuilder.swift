import Archives
import Bundle
import Digests
import Files

/// A small bundle made in code: wheels, own files, a stub of a few lines and an installer that installs nothing.
public struct BundleBuilder: Sendable {
    /// The shortest template that is a shell script and has every placeholder.
    public static let stubTemplate = """
        #!/bin/sh
        # @NAME@ @VERSION@ for @MACHINE@
        main() { echo "installer at @OFFSET@, @SIZE@ bytes, @SHA256@"; }
        #@PADDING@
        main "$@"; exit

        """

    /// One of the application's own files.
    public struct OwnFile: Sendable {
        public var path: String
        public var bytes: [UInt8]
        public var mode: String

        public init(_ path: String, _ text: String, mode: String = "0644") {
            self.path = path
            self.bytes = Array(text.utf8)
            self.mode = mode
        }
    }

    public var name = "quickstart"
    public var version = "2026.11.21"
    public var platform = "linux-64"
    /// `major.minor` of the host's CPython that the bundle is for.
    public var python = "3.11"
    /// In install order; their paths stand below `archives/conda/`.
    public var conda: [CondaPackageBuilder] = []
    public var wheels = [WheelBuilder("demo"), WheelBuilder("other", "2.5")]
    public var ownFiles = [OwnFile("etc/app.toml", "port = 8080\n")]
    public var installer = [UInt8](repeating: 0x7f, count: 5_000)
    public var stubTemplate = Self.stubTemplate
    /// Changes the manifest before it is written.
    public var editManifest: @Sendable (inout Manifest) -> Void = { _ in }
    /// Changes the sources after they were put together.
    public var editSources: @Sendable (inout [String: BundleDraft.Source]) -> Void = { _ in }

    public init() {}

    public init(_ change: (inout BundleBuilder) -> Void) { change(&self) }

    /// - Parameter scratch: gets the archives and own files.
    public func draft(in scratch: TemporaryDirectory) throws -> BundleDraft {
        var sources: [String: BundleDraft.Source] = [
            "airlift/spec.toml": .bytes(Array("name = \"\(name)\"\n".utf8)),
            "airlift/lock.yml": .bytes(Array("version: 1\n".utf8)),
        ]
        var archives: [Manifest.Archive] = []
        for package in conda {
            let archive = try Self.archive(package, in: scratch)
            sources[archive.manifest.path] = .file(archive.path)
            archives.append(archive.manifest)
        }
        for wheel in wheels {
            let built = try wheel.write(to: scratch, below: "wheels")
            let path = "archives/wheels/\(built.filename)"
            sources[path] = .file(built.path)
            archives.append(
                Manifest.Archive(
                    kind: .wheel, name: wheel.name, version: wheel.version, filename: built.filename,
                    path: path,
                    url: nil, size: UInt64(built.bytes.count), sha256: built.sha256, crc32: "00000000",
                    license: nil, requested: true, depends: wheel.requires,
                    installed: .init(
                        files: wheel.files.count, bytes: UInt64(wheel.files.map(\.bytes.count).reduce(0, +))),
                    hooks: []))
        }
        var files: [Manifest.File] = []
        for file in ownFiles {
            let source = "archives/files/\(file.path)"
            sources[source] = .file(try scratch.write("own/\(file.path)", file.bytes))
            files.append(
                Manifest.File(
                    path: file.path, source: source, size: UInt64(file.bytes.count),
                    sha256: SHA256.hash(file.bytes), mode: file.mode, link: nil))
        }
        editSources(&sources)
        return BundleDraft(
            manifest: try manifest(archives, files), stub: Stub(template: stubTemplate), installer: installer,
            sources: sources)
    }

    private static func archive(
        _ package: CondaPackageBuilder, in scratch: TemporaryDirectory
    ) throws -> (manifest: Manifest.Archive, path: String) {
        let subdir = package.effectiveSubdir
        let built = try package.write(to: scratch, below: "conda/\(subdir)")
        return (
            Manifest.Archive(
                kind: .conda, name: package.name, version: package.version, build: package.build,
                subdir: subdir, filename: built.filename, path: "archives/conda/\(subdir)/\(built.filename)",
                url: "https://channel.example.org/forge/\(subdir)/\(built.filename)",
                size: UInt64(built.bytes.count), sha256: built.sha256, crc32: "00000000",
                license: package.license, requested: true, depends: package.depends,
                installed: .init(files: package.files.count, bytes: 0), hooks: [],
                noarch: package.noarch?.rawValue, channel: "https://channel.example.org/forge",
                specs: ["\(package.name) ==\(package.version)"]), built.path
        )
    }

    private func manifest(_ archives: [Manifest.Archive], _ files: [Manifest.File]) throws -> Manifest {
        let short = python.split(separator: ".").joined()
        let python = Manifest.Python(
            source: .host, implementation: "cpython", version: python, abi: "cp\(short)",
            cacheTag: "cpython-\(short)", executable: nil, sitePackages: "lib/python\(python)/site-packages")
        let install = Manifest.Install(bytecode: .none, defaultPrefix: nil, license: nil, state: ["var"])
        var manifest = Manifest(
            name: name, version: version, serial: Serial.derived(from: version) ?? 1, platform: platform,
            summary: "Made in a test", environment: SHA256.hash([]),
            spec: SHA256.hash("name = \"\(name)\"\n"),
            lock: SHA256.hash("version: 1\n"),
            target: .init(
                glibc: "2.28", bytes: archives.map(\.installed.bytes).reduce(0, +),
                inodes: archives.map(\.installed.files).reduce(0, +), longestPrefix: 4_000),
            python: python, archives: archives, files: files, overrides: [], install: install,
            stub: .init(size: 0, sha256: SHA256.hash([])), entries: [], generator: "airlift-tests")
        manifest.environment = try EnvironmentIdentity.digest(
            archives: archives, files: files, python: python, install: install)
        editManifest(&manifest)
        return manifest
    }

    /// Writes the bundle into a directory of that name below `scratch`.
    public func write(
        to scratch: TemporaryDirectory, below directory: String = "out", replace: Bool = false
    ) throws -> WrittenBundle {
        let target = try scratch.directory().createDirectories(RelativePath(directory))
        return try BundleWriter(draft(in: scratch), in: target).write(replace: replace)
    }
}
