import Bundle
import Digests
import Failures
import Files
import TestSupport

@testable import Install

/// An environment with everything in it that can be damaged: wheels with launchers and scripts, conda packages with
/// placeholders of both modes, byte code, links, hard links, directories, variables, own files and state.
struct Hangar: Sendable {
    typealias Package = CondaPackageBuilder
    let landing: Landing
    let bundle: BundleReader

    static var library: Package {
        Package(
            "library",
            files: [
                .file("lib/liblibrary.so.1", "elf\0\(Package.placeholder)/lib\0tail\0").prefix(
                    Package.placeholder, .binary),
                .symbolicLink("lib/liblibrary.so", to: "liblibrary.so.1"),
                .file("etc/library.conf", "root=\(Package.placeholder)\nother=\(Package.placeholder)/x\n")
                    .prefix(),
                .executable("bin/tool", "#!\(Package.placeholder)/bin/python\nprint(1)\n").prefix(),
                .file("share/one", "the same"), .hardLink("share/two", to: "share/one"),
                .file("etc/conda/env_vars.d/library.json", "{\"LIBRARY_HOME\":\"yes\"}"),
                .directory("share/empty"),
            ])
    }

    static let wheel = WheelBuilder {
        $0.entryPoints = [("console_scripts", ["demo = demo:main"])]
        $0.files += [
            .init("\($0.dataDirectory)/scripts/tool2", "#!python\nprint(1)\n"),
            .init("\($0.dataDirectory)/data/share/x", "x"), .init("demo/a,b.txt", "comma"),
            .init("demo/\u{e9}.txt", "accent"),
        ]
    }

    init(
        version: String = "2026.11.21", in landing: Landing = Landing(),
        _ change: @escaping @Sendable (inout Manifest) -> Void = { _ in }
    ) throws {
        self.landing = landing
        bundle = try landing.bundle(bytecode: .target) { builder in
            builder.version = version
            builder.conda = [Self.library]
            builder.wheels = [Self.wheel]
            builder.ownFiles = [.init("etc/app.toml", "port = 8080\n"), .init("var/db", "1")]
            builder.editManifest = change
        }
    }

    @discardableResult
    func install() throws -> InstallOutcome { try landing.install(bundle) }

    var prefix: String { landing.prefix }

    func verify() throws -> PrefixVerification { try PrefixVerification.run(prefix) }

    func verifyWithBundle() throws -> PrefixVerification {
        try PrefixVerification.run(prefix, against: bundle, jobs: 2)
    }

    func repair(_ change: (inout RepairRequest) -> Void = { _ in }) throws -> RepairOutcome {
        var request = RepairRequest()
        request.synchronize = false
        change(&request)
        return try Repair.run(prefix, from: bundle, request)
    }

    /// What somebody does who knows Airlift's list: makes it agree with what is there.
    func forge(_ directory: Directory? = nil) throws { try Self.forge(directory ?? landing.directory()) }

    static func forge(_ directory: Directory) throws {
        guard var record = try InstallRecord.read(directory) else { return }
        let old = try record.fileList(directory).files
        var files: [InstalledFile] = []
        for file in old {
            guard let status = try directory.status(of: file.path) else { continue }
            switch status.kind {
            case .file:
                files.append(
                    InstalledFile(
                        path: file.path,
                        content: .bytes(
                            size: status.size, sha256: SHA256.hash(try directory.contents(of: file.path))),
                        permissions: status.permissions, isBytecode: file.isBytecode))
            case .symbolicLink:
                files.append(
                    InstalledFile(
                        path: file.path, content: .link(target: try directory.symbolicLinkTarget(file.path)),
                        permissions: 0o777))
            default: files.append(file)
            }
        }
        let list = InstalledFileList(files).encoded()
        record.files = SHA256.hash(list)
        try directory.replaceFile(RelativePath(InstalledFileList.path), with: list, durable: false)
        try directory.replaceFile(
            RelativePath(InstallRecord.path), with: CanonicalJSON.encode(record), durable: false)
    }

    /// Adds a line to the list, with the record's digest of it.
    static func forge(adding path: String, in directory: Directory) throws {
        guard var record = try InstallRecord.read(directory) else { return }
        let relative = try RelativePath(path)
        let bytes = try directory.contents(of: relative)
        let added = InstalledFile(path: relative, bytes: bytes, permissions: 0o644)
        let list = InstalledFileList(try record.fileList(directory).files + [added]).encoded()
        record.files = SHA256.hash(list)
        try directory.replaceFile(RelativePath(InstalledFileList.path), with: list, durable: false)
        try directory.replaceFile(
            RelativePath(InstallRecord.path), with: CanonicalJSON.encode(record), durable: false)
    }
}

extension PrefixVerification {
    /// What is wrong, a line each.
    var faults: [String] {
        missing.map { "missing \($0)" } + changed.map { "\($0.path): \($0.what)" }
            + unrecorded.map { "unrecorded \($0)" } + (isUnfinished ? ["unfinished"] : [])
            + (movedFrom.map { ["moved from \($0)"] } ?? [])
    }
}

enum SHA256Text {
    static func of(_ bytes: [UInt8]) -> String { SHA256.hash(bytes).hex }
}

enum RecordRow {
    /// As a row of RECORD holds it.
    static func text(_ bytes: [UInt8]) -> String { "sha256=" + Base64URL.encode(SHA256.hash(bytes).bytes) }
}
