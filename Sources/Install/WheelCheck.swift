import Archives
import Bundle
import Digests
import Failures
import Files
import Wheels

/// One wheel read, verified and planned on its own, as cutting and installing will; the document of
/// `airlift wheel check --json`.
public struct WheelCheck: Codable, Hashable, Sendable {
    /// The file name, which says project, version and tags.
    public let filename: String
    public let name: String
    public let version: String
    /// Bytes of the wheel.
    public let size: UInt64
    public let sha256: SHA256Digest
    /// Files that installing writes, the installer's own left out.
    public let files: Int
    /// Bytes of all members.
    public let bytes: UInt64
    public let license: String?
    public let requiresPython: String?
    public let depends: [String]
    /// Commands that its entry points become.
    public let scripts: [String]
    public let hooks: [String]

    enum CodingKeys: String, CodingKey {
        case filename, name, version, size, sha256, files, bytes, license, depends, scripts, hooks
        case requiresPython = "requires_python"
    }

    /// - Parameter path: the file; its last component is the name that counts.
    /// - Throws: `FileError`, `ArchiveError`, `WheelError`, or `FailureList` naming every fault: what cutting a
    ///   bundle with this wheel would refuse, the company of other wheels left out.
    public static func run(_ path: String) throws -> WheelCheck {
        let filename = path.split(separator: "/").last.map(String.init) ?? path
        let wheel = try WheelFilename(filename)
        let region = try FileRegion(path: path, name: filename)
        var hasher = SHA256()
        try region.forEachPiece { hasher.update($0) }
        let archive = Manifest.Archive(
            kind: .wheel, name: wheel.distribution.normalized, version: "\(wheel.version)",
            filename: filename, path: "archives/wheels/\(filename)", url: nil, size: region.size,
            sha256: hasher.finalize(), crc32: "00000000", license: nil, requested: true, depends: [],
            installed: .init(files: 0, bytes: 0), hooks: [])
        let (inspection, contents) = try WheelInspection.run(archive, in: region, python: anyPython)
        var packages = [contents]
        let claims = try InstallPlan.claim(&packages, files: [], python: anyPython)
        guard claims.conflicts.isEmpty else {
            throw FailureList(claims.conflicts.map { InstallError(.refused, $0.description) })
        }
        return WheelCheck(
            filename: filename, name: archive.name, version: archive.version, size: archive.size,
            sha256: archive.sha256, files: inspection.files, bytes: inspection.bytes,
            license: inspection.license, requiresPython: contents.metadata.requiresPython.map { "\($0)" },
            depends: inspection.depends, scripts: contents.entryPoints.map(\.name), hooks: inspection.hooks)
    }

    /// Only the names of directories depend on it.
    private static let anyPython = Manifest.Python(
        source: .host, implementation: "cpython", version: "3.11", abi: "cp311", cacheTag: "cpython-311",
        executable: nil, sitePackages: "lib/python3.11/site-packages")
}
