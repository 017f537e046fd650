import Archives
import Conda
import Console
import Digests
import Failures
import Fetch
import Files
import Glibc
import Indexes
import Lock
import Resolve
import Wheels

/// What a spec asks for in conda packages → one archive each, complete and with all digests.
struct CondaStep {
    let project: Project
    let fetcher: Fetcher
    let output: OutputOptions

    struct Result {
        let selection: CondaSelection
        let archives: [LockedArchive]
        /// Channels as the lock names them.
        let channels: [String]
        /// The wheels that a foreign lock names.
        let wheels: [DirectWheel]
    }

    /// - Returns: nil where the spec asks for no conda package and names no foreign lock.
    func run(_ inputs: LockInputs, platform: String) throws -> Result? {
        guard !inputs.conda.isEmpty || inputs.foreign != nil else { return nil }
        let (foreign, statesDependencies) = try foreignPackages(inputs, platform: platform)
        let channels = try project.channels(fetcher: fetcher)
        let candidates = try candidates(inputs.conda, channels, platform: platform)
        let locked = try foreignRecords(
            foreign.filter { $0.kind == .conda }, statesDependencies: statesDependencies)
        let overrides = Dictionary(
            uniqueKeysWithValues: VirtualPackages.overridable.compactMap { word in
                getenv("CONDA_OVERRIDE_\(word)").map { (word, String(cString: $0)) }
            })
        let selection = try CondaSelection(
            inputs.conda, from: candidates, locked: locked,
            on: CondaTarget(project.spec, platform: platform, overrides: overrides))
        return Result(
            selection: selection, archives: try archives(selection),
            channels: channels.channels.map { project.shorten($0.address) },
            wheels: try foreign.filter { $0.kind == .wheel }.map { try directWheel($0, inputs) })
    }

    /// The records of what is pinned and, for advice on what is missing, of what that depends on.
    private func candidates(
        _ requests: [CondaRequest], _ channels: CondaChannels, platform: String
    ) throws -> [String: [PackageRecord]] {
        let names = requests.compactMap(\.spec.exactName)
        guard !names.isEmpty else { return [:] }
        output.announce(
            "Asking \(channels.channels.map(\.address).joined(separator: ", ")) for \(names.count) packages")
        var found = try channels.records(named: names, platform: platform)
        for notice in channels.notices { output.notice(notice) }
        let pinned = requests.compactMap { request in
            found[request.spec.exactName ?? ""]?.first { request.spec.matches($0) }
        }
        let needed = Set(pinned.flatMap(\.dependencyNames)).filter { found[$0] == nil }
        found.merge(try channels.records(named: needed.sorted(), platform: platform)) { first, _ in first }
        return found
    }

    // Foreign locks

    /// - Returns: the packages, by paths that the spec would write, and whether the lock says what each depends on.
    private func foreignPackages(
        _ inputs: LockInputs, platform: String
    ) throws -> ([ForeignLock.Package], statesDependencies: Bool) {
        guard let file = inputs.foreign else { return ([], false) }
        for host in file.lock.hostsWithCredentials {
            output.notice(
                "'\(file.path)' holds a password or token for \(host), which is left out: give it in ~/.netrc or in the address of a channel"
            )
        }
        return (try file.packages(platform: platform), file.lock.format != .explicit)
    }

    private func directWheel(_ package: ForeignLock.Package, _ inputs: LockInputs) throws -> DirectWheel {
        DirectWheel(
            location: package.location, filename: try WheelFilename(package.filename),
            extras: Set(try package.extras.map { try ProjectName($0) }),
            hashes: package.sha256.map { [$0] } ?? [],
            place: Place(file: inputs.foreign?.path ?? "", line: package.line),
            isNamedBySpec: package.isRequested ?? false)
    }

    /// The records of a foreign lock's packages. What an `@EXPLICIT` list leaves out is read from the archives.
    private func foreignRecords(
        _ packages: [ForeignLock.Package], statesDependencies: Bool
    ) throws -> [LockedRecord] {
        let bare = packages.filter { $0.sha256 == nil || !statesDependencies }
        let measured = try measure(bare.map { ($0.location, $0.filename, $0.sha256, $0.md5, $0.size) })
        let results = Dictionary(zip(bare.map(\.location), measured)) { first, _ in first }
        return try packages.compactMap { package in
            guard var locked = LockedRecord(package, file: project.spec.foreign?.path ?? "") else {
                return nil
            }
            guard let result = results[package.location] else { return locked }
            if !statesDependencies {
                let stated = locked.record
                locked.record = try CondaDescription.read(result.path, filename: package.filename).index
                locked.record.filename = stated.filename
                locked.record.md5 = result.md5
                locked.record.url = stated.url
                locked.record.channel = stated.channel
                if locked.record.subdir.isEmpty { locked.record.subdir = stated.subdir }
            }
            locked.record.sha256 = result.sha256
            locked.record.size = result.size
            return locked
        }
    }

    /// Reads archives of which upstream does not say enough; what it does say is compared.
    private func measure(
        _ files: [(location: String, filename: String, sha256: SHA256Digest?, md5: String?, size: UInt64?)]
    ) throws -> [Measured] {
        let results = try FetchStep(project: project, fetcher: fetcher, quiet: output.quiet).fetch(
            files.map { file in
                FetchRequest(
                    url: file.location, sha256: file.sha256, size: file.size, label: file.filename)
            })
        return try zip(files, results).map { file, result in
            var hasher = MD5()
            try FileRegion(path: result.path).forEachPiece { hasher.update($0) }
            let md5 = hasher.finalizeHex()
            if file.sha256 == nil, file.md5 == nil {
                output.notice("'\(file.filename)' has no digest in its source; the one found is locked")
            }
            guard file.md5 == nil || file.md5 == md5 else {
                throw CommandError(
                    .damaged,
                    "'\(file.filename)' has the MD5 \(md5), and \(file.md5 ?? "") is expected; check where it comes from"
                )
            }
            return Measured(path: result.path, sha256: result.sha256, md5: md5, size: result.size)
        }
    }

    private struct Measured {
        let path: String
        let sha256: SHA256Digest
        let md5: String
        let size: UInt64
    }

    // The lock

    private func archives(_ selection: CondaSelection) throws -> [LockedArchive] {
        let bare = selection.unmeasured
        let results = try measure(bare.map { ($0.url ?? $0.filename, $0.filename, nil, $0.md5, $0.size) })
        var measured: [String: CondaSelection.Measured] = [:]
        for (record, result) in zip(bare, results) {
            measured[record.filename] = .init(sha256: result.sha256, md5: result.md5, size: result.size)
        }
        return try selection.lockedArchives(measured: measured).map { archive in
            var archive = archive
            archive.location = project.shorten(archive.location)
            archive.channel = archive.channel.map(project.shorten)
            return archive
        }
    }
}
