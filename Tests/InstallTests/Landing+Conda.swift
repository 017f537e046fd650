import Archives
import Bundle
import Digests
import Files
import TestSupport

@testable import Install

extension Landing {
    /// A bundle of conda packages over the host's interpreter.
    /// - Parameter linkScripts: the packages whose link scripts the spec lets run.
    func bundle(
        conda packages: [CondaPackageBuilder], version: String = "2026.11.21", linkScripts: [String]? = nil,
        _ change: @escaping @Sendable (inout Manifest) -> Void = { _ in }
    ) throws -> BundleReader {
        let directory = "conda-\(UInt32.random(in: 0 ... .max))"
        let archives = try packages.map { package in
            let built = try package.write(to: scratch, below: directory)
            let bytes = built.bytes
            return (
                built.path,
                Manifest.Archive(
                    kind: .conda, name: package.name, version: package.version, build: package.build,
                    subdir: package.effectiveSubdir, filename: package.filename,
                    path: "archives/conda/\(package.effectiveSubdir)/\(package.filename)", url: nil,
                    size: UInt64(bytes.count), sha256: .init(hashing: bytes), crc32: "00000000", license: nil,
                    requested: true, depends: package.depends,
                    installed: .init(files: package.files.count, bytes: 1_000),
                    hooks: package.linkScripts.keys.sorted().map { "link script \($0)" })
            )
        }
        return try bundle(below: "out-\(version)-\(UInt32.random(in: 0 ... .max))") { builder in
            builder.version = version
            builder.wheels = []
            builder.editSources = { sources in
                for (file, archive) in archives { sources[archive.path] = .file(file) }
            }
            builder.editManifest = { manifest in
                manifest.archives += archives.map(\.1)
                manifest.install.linkScripts = linkScripts
                change(&manifest)
            }
        }
    }

    /// A bundle of one package that lies on disk.
    func bundle(
        condaFile path: String, _ change: @escaping @Sendable (inout Manifest) -> Void = { _ in }
    ) throws -> BundleReader {
        let region = try FileRegion(SharedFile(OpenFile.read(path)))
        let filename = String(path.split(separator: "/").last ?? "")
        let info = try CondaContents.info(of: region, filename: filename)
        var hasher = SHA256()
        try region.forEachPiece { hasher.update($0) }
        let archive = Manifest.Archive(
            kind: .conda, name: info.index.name, version: info.index.version, build: info.index.build,
            subdir: info.index.subdir, filename: filename, path: "archives/conda/\(filename)", url: nil,
            size: region.size, sha256: hasher.finalize(), crc32: "00000000", license: nil, requested: true,
            depends: [], installed: .init(files: 1, bytes: 1_000),
            hooks: info.linkScripts.map { "link script \($0.action.rawValue)" })
        return try bundle(below: "out-\(UInt32.random(in: 0 ... .max))") { builder in
            builder.wheels = []
            builder.editSources = { $0[archive.path] = .file(path) }
            builder.editManifest = { manifest in
                manifest.archives.append(archive)
                change(&manifest)
            }
        }
    }

    /// What verifying the prefix finds wrong.
    func faults() throws -> [String] {
        let report = try PrefixVerification.run(prefix)
        return report.missing.map { "missing \($0)" } + report.changed.map { "\($0.path): \($0.what)" }
            + report.unrecorded.map { "unrecorded \($0)" } + (report.isUnfinished ? ["unfinished"] : [])
    }
}
