import Archives
import Bundle
import Digests
import Files
import TestSupport

@testable import Install

/// Wheels read, planned and unpacked without the bundle around them.
struct HostileWheel {
    static let python = Manifest.Python(
        source: .host, implementation: "cpython", version: "3.11", abi: "cp311", cacheTag: "cpython-311",
        executable: nil, sitePackages: "lib/python3.11/site-packages")

    let scratch = TemporaryDirectory()
    private(set) var packages: [PackageContents] = []
    private(set) var claims = PathClaims()

    init(_ wheels: WheelBuilder...) throws {
        for wheel in wheels {
            let built = try wheel.write(to: scratch, below: "wheels")
            let archive = Manifest.Archive(
                kind: .wheel, name: wheel.name, version: wheel.version, filename: built.filename,
                path: "archives/wheels/\(built.filename)", url: nil, size: UInt64(built.bytes.count),
                sha256: built.sha256, crc32: "00000000", license: nil, requested: true, depends: [],
                installed: .init(files: 0, bytes: 0), hooks: [])
            packages.append(
                try PackageContents.read(
                    archive, in: FileRegion(path: built.path), python: Self.python,
                    workspace: InflateWorkspace()))
        }
        claims = try InstallPlan.claim(&packages, files: [], python: Self.python)
    }

    var conflicts: [String] { claims.conflicts.map(\.path) }

    /// Unpacks all into `target` below the scratch directory.
    func unpack() throws -> [InstalledFile] {
        let target = try scratch.directory().createDirectories(RelativePath("target"))
        return try packages.flatMap { package in
            try WheelInstaller(
                contents: package, tree: TreeWriter(target), interpreter: "/opt/demo/bin/python",
                workspace: InflateWorkspace()
            ).install { _ in }.files
        }
    }

    func text(_ path: String) throws -> String {
        String(
            decoding: try scratch.directory().contents(of: RelativePath("target/" + path)), as: UTF8.self)
    }
}
