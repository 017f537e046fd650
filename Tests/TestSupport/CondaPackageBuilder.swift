import Archives
import Digests

/// A conda package made in code, in either form: well formed unless a knob is turned. The same description gives
/// the same bytes.
public struct CondaPackageBuilder: Sendable {
    public enum Form: String, CaseIterable, Sendable {
        case conda = ".conda"
        case tarBzip2 = ".tar.bz2"
    }

    public enum Noarch: String, Sendable { case generic, python }

    /// The prefix that files are built with; 255 bytes long, as conda-build's is.
    public static let placeholder = String(
        ("/home/conda/feedstock_root/build_artifacts/demo_1700000000000/_h_env_"
            + String(repeating: "placehold_", count: 25)).prefix(255))

    public var form = Form.conda
    public var name: String
    public var version: String
    public var build: String
    public var buildNumber = 0
    /// nil: as `noarch` says, else `linux-64`.
    public var subdir: String?
    public var noarch: Noarch?
    public var depends: [String] = []
    public var constrains: [String] = []
    public var license: String? = "BSD-3-Clause"
    /// Of a `python` package (CEP 17).
    public var pythonSitePackagesPath: String?
    public var files: [File]
    /// Of a `noarch: python` package: lines such as `demo = demo:main`.
    public var entryPoints: [String] = []
    /// By the name without extension: `post-link`, `pre-unlink` …; the text of `bin/.<name>-<key>.sh`.
    public var linkScripts: [String: String] = [:]
    /// Below `info/licenses/`: name and text. In a `.conda` they lie in the payload, as conda-build leaves them.
    public var licenseFiles: [String: String] = [:]
    /// By file name below `Menu/`.
    public var menus: [String: String] = [:]
    /// `info/files`, `has_prefix` and `no_link` alone, without `paths.json`.
    public var isLegacy = false
    /// Seconds since 1970, of every member.
    public var modificationTime: UInt64 = 1_700_000_000

    // Knobs for faults.
    /// Changes the lines of `paths.json` after they were computed.
    public var editPaths: @Sendable (inout [PathLine]) -> Void = { _ in }
    /// Changes `index.json`.
    public var editIndex: @Sendable (inout JSONValue) -> Void = { _ in }
    /// Changes the files of `info/` by name (`paths.json`); one that is taken out is left out.
    public var editInfo: @Sendable (inout [String: [UInt8]]) -> Void = { _ in }
    /// Changes the tar members of the payload: extra and hostile ones, other bytes.
    public var editMembers: @Sendable (inout [TarFixture.Member]) -> Void = { _ in }
    /// Changes the tar members below `info/`.
    public var editInfoMembers: @Sendable (inout [TarFixture.Member]) -> Void = { _ in }
    /// Compresses each tar archive; nil for one bzip2 stream or one zstd frame.
    public var compress: (@Sendable ([UInt8]) -> [UInt8])?
    /// Changes the members of the ZIP archive of a `.conda`.
    public var editArchive: @Sendable (inout ZipBuilder) -> Void = { _ in }
    /// nil for the one that follows from name, version and build.
    public var filenameOverride: String?

    /// - Parameter files: nil for one text file that bears the package's name.
    public init(
        _ name: String = "demo", _ version: String = "1.0", _ build: String = "0", files: [File]? = nil
    ) {
        self.name = name
        self.version = version
        self.build = build
        self.files = files ?? [.file("share/\(name).txt", "\(name) \(version)\n")]
    }

    public init(
        _ name: String = "demo", _ version: String = "1.0", _ build: String = "0", files: [File]? = nil,
        _ change: (inout CondaPackageBuilder) -> Void
    ) {
        self.init(name, version, build, files: files)
        change(&self)
    }

    /// The same package with a change.
    public func with(_ change: (inout CondaPackageBuilder) -> Void) -> CondaPackageBuilder {
        var copy = self
        change(&copy)
        return copy
    }

    /// The same package in the other form.
    public func form(_ form: Form) -> CondaPackageBuilder { with { $0.form = form } }

    /// `demo-1.0-0`.
    public var stem: String { "\(name)-\(version)-\(build)" }
    public var filename: String { filenameOverride ?? stem + form.rawValue }
    public var effectiveSubdir: String { subdir ?? (noarch == nil ? "linux-64" : "noarch") }

    public var bytes: [UInt8] {
        switch form {
        case .tarBzip2: compressed(infoMembers + payload + licenseMembers)
        case .conda:
            ZipBuilder(
                [
                    ZipMember("metadata.json", "{\"conda_pkg_format_version\": 2}", deflated: false),
                    ZipMember(
                        "pkg-\(stem).tar.zst", compressed(payload + licenseMembers),
                        deflated: false),
                    ZipMember(
                        "info-\(stem).tar.zst", compressed(infoMembers), deflated: false),
                ], editArchive
            ).bytes
        }
    }

    private func compressed(_ members: [TarFixture.Member]) -> [UInt8] {
        let tar = TarFixture.of(members)
        if let compress { return compress(tar) }
        return form == .conda ? zstandard(tar) : bzip2(tar)
    }

    public var sha256: SHA256Digest { SHA256.hash(bytes) }

    /// What `repodata.json` says of it.
    public var repodataRecord: JSONValue {
        let bytes = bytes
        var md5 = MD5()
        bytes.withUnsafeBytes { md5.update($0) }
        var record = index
        record["size"] = .number(Int64(bytes.count))
        record["sha256"] = .text(SHA256.hash(bytes).hex)
        record["md5"] = .text(md5.finalizeHex())
        return record
    }

    /// Puts the package into a directory.
    public func write(to scratch: TemporaryDirectory, below directory: String? = nil) throws
        -> BuiltCondaPackage
    {
        let bytes = bytes
        let path = try scratch.write(directory.map { "\($0)/\(filename)" } ?? filename, bytes)
        return BuiltCondaPackage(path: path, filename: filename, bytes: bytes, sha256: SHA256.hash(bytes))
    }
}

/// A conda package that lies on disk.
public struct BuiltCondaPackage: Sendable {
    public let path: String
    public let filename: String
    public let bytes: [UInt8]
    public let sha256: SHA256Digest
}
