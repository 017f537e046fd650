import Bundle
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

    /// What verifying the prefix finds wrong.
    func faults() throws -> [String] {
        let report = try PrefixVerification.run(prefix)
        return report.missing.map { "missing \($0)" } + report.changed.map { "\($0.path): \($0.what)" }
            + report.unrecorded.map { "unrecorded \($0)" } + (report.isUnfinished ? ["unfinished"] : [])
    }
}
