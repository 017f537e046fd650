import Archives
import Audit
import Bundle
import Conda
import Console
import Digests
import Failures
import Fetch
import Files
import Glibc
import Install
import Lock
import Wheels
import Workers

/// Reads licences and their texts, wherever the archives are.
struct LicenseStep {
    let input: AuditInput
    /// Of a lock with several.
    let platform: String?
    /// The store of fetched archives, for locks.
    let cache: String?
    let quiet: Bool

    func run() throws -> LicenseReport {
        switch input.subject {
        case .manifest(let manifest, _):
            return try report(manifest)
        case .lock(let lock, let name):
            let set = try input.subject.packageSet(platform: platform)
            let wanted = platform ?? lock.platforms.first?.name ?? ""
            guard let locked = lock[platform: wanted] else {
                throw CommandError(.usage, "the lock '\(name)' has no platform '\(wanted)'")
            }
            return LicenseReport(title: set.title, packages: try packages(set, locked))
        }
    }

    private func report(_ manifest: Manifest) throws -> LicenseReport {
        let set = PackageSet(manifest)
        let bar = ProgressBar("Reading licences", total: set.archiveBytes ?? 0, hidden: quiet)
        defer { bar.finish() }
        // The largest first, for even loads.
        let archives = manifest.archives.sorted { $0.size > $1.size }
        let bundle = input.bundle
        let prefix = try input.prefix.map { ($0, try InstalledFiles($0)) }
        let rows = try parallelMap(archives) { archive in
            defer { bar.advance(archive.size) }
            let texts =
                if let bundle {
                    try LicenseTexts.read(archive, in: bundle.region(of: archive.path))
                } else if let prefix, archive.kind != .conda {
                    try LicenseTexts.read(archive, in: prefix.0, prefix.1)
                } else {
                    nil as [LicenseText]?
                }
            return LicenseReport.Package(PackageSet.Package(archive), texts: texts)
        }
        let installer = try bundle.flatMap {
            InstallerComponents.find(in: try $0.contents(of: manifest.installerPath, limit: 1 << 30))
        }
        return LicenseReport(title: set.title, packages: rows, installer: installer?.parts ?? [])
    }

    /// A lock knows no licences: they are read from the archives, as far as these were fetched.
    private func packages(_ set: PackageSet, _ locked: Lockfile.Platform) throws -> [LicenseReport.Package] {
        let variable: (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
        guard let path = cache ?? ArchiveStore.defaultPath(variable) else {
            throw CommandError(.usage, "there is no home directory for the store; name one with --cache DIR")
        }
        let store = try ArchiveStore(path: path)
        return try parallelMap(set.packages) { package in
            var package = package
            guard try store.contains(package.sha256) else { return .init(package, texts: nil) }
            let region = try FileRegion(path: store.path(of: package.sha256), name: package.filename)
            let archive = Manifest.Archive(
                kind: package.kind.ofManifest, name: package.name, version: package.version,
                filename: package.filename, path: package.filename, url: nil, size: region.size,
                sha256: package.sha256, crc32: "00000000", license: nil, requested: package.requested,
                depends: [], installed: .init(files: 0, bytes: 0), hooks: [])
            let texts = try LicenseTexts.read(archive, in: region)
            switch package.kind {
            case .conda:
                package.license = try CondaContents.info(of: region, filename: package.filename).license
                package.licenseSource = package.license == nil ? nil : "conda"
            case .wheel:
                let stated = try LicenseTexts.metadata(ofWheel: region, filename: package.filename)?
                    .statedLicense
                (package.license, package.licenseSource) = (stated?.text, stated?.source)
            case .python: package.license = "PSF-2.0"
            }
            return .init(package, texts: texts)
        }
    }
}

extension PackageSet.Kind {
    fileprivate var ofManifest: Manifest.Archive.Kind {
        switch self {
        case .python: .python
        case .conda: .conda
        case .wheel: .wheel
        }
    }
}
