import Archives
import Bundle
import Digests
import Failures
import Files
import TestSupport

@testable import Install

/// Conda packages read, claimed and unpacked without the bundle around them.
struct CondaScene {
    static let python = Manifest.Python(
        source: .conda, implementation: "cpython", version: "3.11.9", abi: "cp311", cacheTag: "cpython-311",
        executable: "bin/python3.11", sitePackages: site)
    static let site = "lib/python3.11/site-packages"
    static let prefix = "/opt/demo"

    let scratch = TemporaryDirectory()
    private(set) var conda: [CondaContents] = []
    private(set) var wheels: [PackageContents] = []
    private(set) var claims = PathClaims()
    let overrides: [Manifest.Override]

    init(
        _ packages: [CondaPackageBuilder], wheels: [WheelBuilder] = [], overrides: [Manifest.Override] = [],
        files: [Manifest.File] = [], python: Manifest.Python = Self.python
    ) throws {
        self.overrides = overrides
        for package in packages {
            let built = try package.write(to: scratch, below: "conda/\(package.effectiveSubdir)")
            conda.append(
                try CondaContents.read(
                    Self.archive(package, built), in: FileRegion(path: built.path), python: python,
                    overrides: overrides))
        }
        for wheel in wheels {
            let built = try wheel.write(to: scratch, below: "wheels")
            self.wheels.append(
                try PackageContents.read(
                    Self.archive(wheel, built), in: FileRegion(path: built.path), python: python,
                    workspace: InflateWorkspace()))
        }
        claims = try InstallPlan.claim(
            wheels: &self.wheels, conda: &conda, files: files, python: python, overrides: overrides)
    }

    init(_ package: CondaPackageBuilder) throws { try self.init([package]) }

    static func archive(_ package: CondaPackageBuilder, _ built: BuiltCondaPackage) -> Manifest.Archive {
        Manifest.Archive(
            kind: .conda, name: package.name, version: package.version, build: package.build,
            subdir: package.effectiveSubdir, filename: built.filename,
            path: "archives/conda/\(package.effectiveSubdir)/\(built.filename)", url: nil,
            size: UInt64(built.bytes.count), sha256: built.sha256, crc32: "00000000", license: nil,
            requested: true, depends: [], installed: .init(files: 0, bytes: 0), hooks: [])
    }

    private static func archive(_ wheel: WheelBuilder, _ built: BuiltWheel) -> Manifest.Archive {
        Manifest.Archive(
            kind: .wheel, name: wheel.name, version: wheel.version, filename: built.filename,
            path: "archives/wheels/\(built.filename)", url: nil, size: UInt64(built.bytes.count),
            sha256: built.sha256, crc32: "00000000", license: nil, requested: true, depends: [],
            installed: .init(files: 0, bytes: 0), hooks: [])
    }

    var conflicts: [String] { claims.conflicts.map(\.path) }

    /// Unpacks everything into `target` below the scratch directory.
    @discardableResult
    func unpack(prefix: String = Self.prefix) throws -> CondaInstaller.Result {
        let target = try scratch.directory().createDirectories(RelativePath("target"))
        var result = CondaInstaller.Result()
        for package in conda {
            let part = try CondaInstaller(
                contents: package, tree: TreeWriter(target), prefix: prefix,
                interpreter: "\(prefix)/bin/python3.11"
            ).install { _ in }
            result.files += part.files
            result.shared += part.shared
            result.setID += part.setID
        }
        for package in wheels {
            let part = try WheelInstaller(
                contents: package, tree: TreeWriter(target), interpreter: "\(prefix)/bin/python3.11",
                workspace: InflateWorkspace()
            ).install { _ in }
            result.files += part.files
            result.shared += part.shared
        }
        return result
    }

    var target: Directory {
        get throws { try scratch.directory().directory(RelativePath("target")) }
    }

    func bytes(_ path: String) throws -> [UInt8] { try target.contents(of: RelativePath(path)) }
    func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }
    func status(_ path: String) throws -> FileStatus? { try target.status(of: RelativePath(path)) }
    func link(_ path: String) throws -> String { try target.symbolicLinkTarget(RelativePath(path)) }

    /// Every path in the target that is no directory.
    func paths() throws -> [String] {
        var paths: [String] = []
        try target.walk { path, status in if status.kind != .directory { paths.append(path.string) } }
        return paths
    }
}

/// What reading, claiming and unpacking says of a package; nil where nothing is wrong.
func refusal(of package: CondaPackageBuilder, overrides: [Manifest.Override] = []) -> (any Failure)? {
    failure {
        let scene = try CondaScene([package], overrides: overrides)
        guard scene.claims.conflicts.isEmpty else {
            throw FailureList(scene.claims.conflicts.map { InstallError(.refused, $0.description) })
        }
        try scene.unpack()
    }
}
