import Archives
import Bundle
import Conda
import Console
import Digests
import Failures
import Fetch
import Install
import Lock
import Resolve
import Workers

/// Locked and fetched archives → packages as the manifest describes them, each read as the installer will read it,
/// so that what it would refuse never crosses the gap.
struct PackageStep {
    let project: Project
    let platform: Lockfile.Platform
    let python: Manifest.Python
    let fetched: [FetchResult]
    let store: ArchiveStore
    let overrides: [Manifest.Override]
    let output: OutputOptions

    struct Package<Contents: Sendable>: Sendable {
        var archive: Manifest.Archive
        /// In the store.
        let path: String
        let contents: Contents
    }

    struct Packages {
        /// In the order of installing.
        let conda: [Package<CondaContents>]
        /// By path in the bundle.
        let wheels: [Package<PackageContents>]

        /// In the order of installing.
        var all: [(archive: Manifest.Archive, path: String)] {
            conda.map { ($0.archive, $0.path) } + wheels.map { ($0.archive, $0.path) }
        }
    }

    private enum Inspected: Sendable {
        case conda(Package<CondaContents>)
        case wheel(Package<PackageContents>)
    }

    func run() throws -> Packages {
        let results = Dictionary(fetched.map { ($0.sha256, $0) }, uniquingKeysWith: { first, _ in first })
        let archives = platform.archives.filter { $0.kind != .python }
        let direct = try project.directReferences()
        let jobs = zip(archives, bundlePaths(archives)).map { ($0, $1) }
            .sorted { ($0.0.size ?? 0) > ($1.0.size ?? 0) }
        let bar = ProgressBar(
            "Reading packages", total: archives.reduce(0) { $0 + ($1.size ?? 0) }, hidden: output.quiet)
        defer { bar.finish() }
        let inspected = try parallelMap(jobs) { archive, path -> Result<Inspected, AnyFailure> in
            guard let result = results[archive.sha256] else {
                throw CommandError(.fault, "'\(archive.filename)' was not fetched")
            }
            do {
                defer { bar.advance(result.size) }
                return .success(
                    try naming(archive.filename) {
                        archive.kind == .conda
                            ? .conda(try conda(archive, result, path))
                            : .wheel(
                                try wheel(
                                    archive, result, path, isDirect: direct.contains(archive.location)))
                    })
            } catch let failure as any Failure {
                return .failure(AnyFailure(failure))
            }
        }
        let failures = inspected.compactMap {
            if case .failure(let error) = $0 { error.failure } else { nil }
        }
        guard failures.isEmpty else { throw FailureList(failures) }
        let packages = try inspected.map { try $0.get() }
        return Packages(
            conda: ordered(packages.compactMap { if case .conda(let package) = $0 { package } else { nil } }),
            wheels: packages.compactMap { if case .wheel(let package) = $0 { package } else { nil } }.sorted {
                $0.archive.path.utf8.lexicographicallyPrecedes($1.archive.path.utf8)
            })
    }

    private struct AnyFailure: Error {
        let failure: any Failure
        init(_ failure: any Failure) { self.failure = failure }
    }

    private func wheel(
        _ wheel: LockedArchive, _ result: FetchResult, _ path: String, isDirect: Bool
    ) throws -> Package<PackageContents> {
        var archive = describe(wheel, result, path, kind: .wheel)
        archive.directURL = isDirect ? wheel.location : nil
        let region = try FileRegion(path: result.path, name: wheel.filename)
        let subject = SHA256.hash("inspection \(WheelInspection.version) \(result.sha256) \(wheel.filename)")
        let (inspection, contents) = try once(subject) { isKnownSound in
            try WheelInspection.run(archive, in: region, python: python, isKnownSound: isKnownSound)
        }
        archive.license = inspection.license
        archive.licenseSource = inspection.licenseSource
        archive.released = wheel.released
        archive.depends = inspection.depends
        archive.installed = .init(files: inspection.files, bytes: inspection.bytes)
        archive.hooks = inspection.hooks
        return Package(archive: archive, path: result.path, contents: contents)
    }

    private func conda(_ package: LockedArchive, _ result: FetchResult, _ path: String) throws
        -> Package<CondaContents>
    {
        var archive = describe(package, result, path, kind: .conda)
        archive.build = package.build
        archive.subdir = package.subdir
        archive.channel = package.channel
        archive.specs = package.spec.map { [$0] }
        archive.depends = package.dependencies.map { $1.isEmpty ? $0 : "\($0) \($1)" }.sorted()
        let region = try FileRegion(path: result.path, name: package.filename)
        let isTakenAsItIs = overrides.contains {
            $0.rule == Manifest.Override.pathsRule && $0.subject == package.name
        }
        let subject = SHA256.hash(
            "conda inspection \(CondaInspection.version) \(result.sha256) \(package.filename) \(isTakenAsItIs)"
        )
        let (inspection, contents) = try once(subject) { isKnownSound in
            try CondaInspection.run(
                archive, in: region, python: python, overrides: overrides, isKnownSound: isKnownSound)
        }
        if let first = inspection.setID.first {
            output.notice(
                "\(package.filename): the set-id bits of \(inspection.setID.count) files are dropped when they are installed, of '\(first)' for one"
            )
        }
        archive.license = inspection.license
        archive.licenseSource = inspection.license == nil ? nil : "conda"
        // What the archive says is in its digest; the channel may have said something else.
        archive.released = inspection.released ?? package.released
        archive.noarch = inspection.noarch
        archive.installed = .init(files: inspection.files, bytes: inspection.bytes)
        archive.hooks = inspection.hooks
        archive.menus = inspection.menus.isEmpty ? nil : inspection.menus
        return Package(archive: archive, path: result.path, contents: contents)
    }

    /// Bytes are compared with their SHA-256 while they are copied into the bundle, so that what was found sound
    /// once need not be unpacked at every cut.
    private func once<Value>(_ subject: SHA256Digest, _ inspect: (_ isKnownSound: Bool) throws -> Value)
        throws
        -> Value
    {
        let isKnownSound = try store.document(.inspection, of: subject) != nil
        let value = try inspect(isKnownSound)
        if !isKnownSound { try store.keep([1], as: .inspection, of: subject) }
        return value
    }

    private func describe(
        _ archive: LockedArchive, _ result: FetchResult, _ path: String, kind: Manifest.Archive.Kind
    ) -> Manifest.Archive {
        Manifest.Archive(
            kind: kind, name: archive.name, version: archive.version, filename: archive.filename, path: path,
            url: archive.location, size: result.size, sha256: result.sha256, md5: archive.md5,
            crc32: "00000000", license: nil, requested: archive.requested, depends: [],
            installed: .init(files: 0, bytes: 0), hooks: [])
    }

    /// Two archives of one file name: the second path gains the first 8 digits of its hash.
    private func bundlePaths(_ archives: [LockedArchive]) -> [String] {
        var seen: Set<String> = []
        return archives.map { archive in
            let directory =
                archive.kind == .conda ? "archives/conda/\(archive.subdir ?? "noarch")/" : "archives/wheels/"
            let isNew = seen.insert(directory + archive.filename).inserted
            return directory + (isNew ? "" : "\(archive.sha256.hex.prefix(8))-") + archive.filename
        }
    }

    private func ordered(_ packages: [Package<CondaContents>]) -> [Package<CondaContents>] {
        let byName = Dictionary(packages.map { ($0.archive.name, $0) }) { first, _ in first }
        let records = packages.map { package in
            var record = package.contents.info.index
            record.name = package.archive.name
            record.noarch = package.contents.info.noarch
            record.depends = package.archive.depends
            return record
        }
        return CondaOrder.dependencyOrder(of: records).compactMap { byName[$0.name] }
    }
}
