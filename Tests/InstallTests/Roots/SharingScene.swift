import Bundle
import Digests
import Files
import Glibc
import TestSupport

@testable import Install

/// A root with releases of toy packages over the host's interpreter.
struct SharingScene: Sendable {
    let landing: Landing
    var root: String { "\(landing.parent)/root" }

    init(below directory: String? = nil) { landing = Landing(below: directory) }

    static let placeholder = CondaPackageBuilder.placeholder

    /// A conda package with everything that one can have.
    static let conda = CondaPackageBuilder(
        "toy", "1.0", "0",
        files: [
            .file("share/toy/plain.txt", "plain\n"), .file("share/toy/empty"),
            .file("lib/libtoy.so", [0x7f, 0x45, 0x4c, 0x46] + Array("\(placeholder)/lib\0rest\0".utf8))
                .prefix(
                    placeholder, .binary),
            .executable("bin/toy", "#!\(placeholder)/bin/sh\necho \(placeholder)\n").prefix(),
            .executable("bin/other", "#!/bin/sh\nexit 0\n"),
            .hardLink("share/toy/second.txt", to: "share/toy/plain.txt"),
            .symbolicLink("share/toy/link.txt", to: "plain.txt"), .directory("share/toy/none"),
            .file("share/toy/alone.txt", "alone\n").withoutLinking(),
            .file("var/toy.state", "state\n"), .file("share/toy/größe.txt", "é\n"),
        ])

    /// A wheel with sources, a script and a command.
    static let wheel = WheelBuilder("kept") {
        $0.files = [
            .init("kept/__init__.py", "def main(): print('kept')\n"), .init("kept/other.py", "x = 1\n"),
            .init("kept/broken.py", "def (\n"),
            .init("kept-1.0.data/scripts/kept-tool", "#!python\nprint('tool')\n", mode: 0o100755),
        ]
        $0.entryPoints = [("console_scripts", ["kept = kept:main"])]
    }

    static func changing(_ version: String) -> WheelBuilder {
        WheelBuilder("changing", version) {
            $0.files = [.init("changing/__init__.py", "version = '\(version)'\n")]
        }
    }

    /// - Parameter change: of the manifest's state paths and so on.
    func bundle(
        _ version: String, conda: [CondaPackageBuilder] = [Self.conda],
        wheels: [WheelBuilder]? = nil, bytecode: Manifest.Install.Bytecode = .target,
        _ change: @escaping @Sendable (inout Manifest) -> Void = { _ in }
    ) throws -> BundleReader {
        try landing.bundle(below: "out-\(version)-\(UInt32.random(in: 0 ... .max))", bytecode: bytecode) {
            $0.version = version
            $0.conda = conda
            $0.wheels = wheels ?? [Self.wheel, Self.changing(version)]
            $0.ownFiles = [.init("etc/app.toml", "port = 8080\n")]
            $0.editManifest = { manifest in
                for index in manifest.archives.indices { manifest.archives[index].url = nil }
                change(&manifest)
            }
        }
    }

    @discardableResult
    func install(
        _ bundle: BundleReader, _ change: (inout InstallRequest) -> Void = { _ in }
    ) throws -> InstallOutcome {
        var request = InstallRequest(root: root, now: "2026-11-21T12:00:00Z")
        request.python = HostPython.path
        request.synchronize = false
        change(&request)
        return try InstallPlan.make(bundle, request).apply()
    }

    func release(_ version: String) throws -> Directory { try Directory.open("\(root)/releases/\(version)") }

    func status(_ version: String, _ path: String) throws -> FileStatus? {
        try release(version).status(of: RelativePath(path))
    }

    func isOne(_ path: String, _ a: String = "1.0.0", _ b: String = "2.0.0") throws -> Bool {
        guard let one = try status(a, path), let other = try status(b, path) else { return false }
        return one.inode == other.inode && one.device == other.device
    }

    func text(_ version: String, _ path: String) throws -> String {
        String(decoding: try release(version).contents(of: RelativePath(path)), as: UTF8.self)
    }

    /// Every path of a release with kind, permissions, size and digest or link target, and with the time where the
    /// archive says it. What is in byte code depends on the run that made it; the lists name its digest.
    func listing(_ version: String) throws -> [String: String] {
        let release = try release(version)
        let times = Dictionary(
            uniqueKeysWithValues: try InstallRecord.read(release)?.filesWithOrigins(release)?
                .map { ($0.path, $0.origin?.modificationTime) } ?? [])
        var listing: [String: String] = [:]
        try release.walk { path, status in
            var line = "\(status.kind) \(String(status.permissions, radix: 8))"
            let isModule = path.string.hasSuffix(".pyc")
            let isList = path.string == InstalledFileList.path || path.string == InstallRecord.path
            if status.kind == .file, !isModule, !isList {
                line += " \(status.size) \(SHA256.hash(try release.contents(of: path)))"
            }
            if status.kind == .symbolicLink { line += " \(try release.symbolicLinkTarget(path))" }
            if times[path] ?? nil != nil { line += " \(status.modificationTime)" }
            listing[path.string] = line
        }
        return listing
    }

    /// The listing of a release that was installed alone, at the same path; the root is gone afterwards.
    func fresh(_ bundle: BundleReader) throws -> [String: String] {
        let parent = try Directory.open(landing.parent)
        try parent.removeTree(RelativePath("root"))
        try install(bundle)
        return try listing(bundle.manifest.version)
    }

    /// Changes a release's file as an administrator can.
    func tamper(_ path: String, _ change: (String) throws -> Void) throws {
        try change("\(root)/releases/1.0.0/\(path)")
    }
}
