import Archives
import Audit
import Bundle
import Failures
import Files
import Lock
import Wheels

/// The spec, the lock and the files beside them, as a bundle carries them.
struct CarriedProject {
    let project: Project
    let lockfile: Lockfile
    let platform: Lockfile.Platform
    /// What could not be told from the bundle alone, in sentences.
    let remarks: [String]
    let specIsCompared: Bool

    /// - Parameter scratch: where the files are written that the spec names.
    /// - Throws: `BundleError`, `LockError`, and `RebuildObstacle` where the parts do not fit together.
    static func read(_ reader: BundleReader, in scratch: Directory) throws -> CarriedProject {
        let specBytes = try reader.contents(of: "airlift/spec.toml")
        let spec = try EnvironmentSpec.read(specBytes, file: "\(reader.path):airlift/spec.toml")
        let lockfile = try Lockfile.read(
            reader.contents(of: "airlift/lock.yml"), file: "\(reader.path):airlift/lock.yml")
        let manifest = reader.manifest
        guard let platform = lockfile[platform: manifest.platform] else {
            throw RebuildObstacle([
                RebuildDifference(
                    .lock, "airlift/lock.yml", bundle: nil, rebuilt: nil,
                    meaning: "it locks nothing for the bundle's platform \(manifest.platform)")
            ])
        }
        let (direct, remark) = directReferences(spec, reader)
        let carried = Project.Carried(
            places: try places(spec, reader, in: scratch), directReferences: direct)
        let project = Project(path: scratch.path, spec: spec, specBytes: specBytes, carried: carried)
        let unknown = hashRemark(spec, platform)
        return CarriedProject(
            project: project, lockfile: lockfile, platform: platform,
            remarks: [remark, unknown].compactMap { $0 }, specIsCompared: unknown == nil)
    }

    /// Writes what the spec names: the application's files and the licence.
    private static func places(
        _ spec: EnvironmentSpec, _ reader: BundleReader, in scratch: Directory
    ) throws -> [String: String] {
        _ = try scratch.createDirectories(RelativePath("files"))
        var places: [String: String] = [:]
        var missing: [RebuildDifference] = []
        func write(_ entry: String, for source: String, executable: Bool) throws {
            guard places[source] == nil else { return }
            guard let digest = reader.expectedDigest(of: entry) else {
                missing.append(
                    RebuildDifference(
                        .file, entry, bundle: nil, rebuilt: nil,
                        meaning: "the spec names '\(source)', and the bundle has no such entry"))
                return
            }
            let path = try RelativePath("files/\(places.count)")
            try scratch.copy(
                reader.region(of: entry), to: path, permissions: executable ? 0o755 : 0o644, expected: digest)
            places[source] = "\(scratch.path)/\(path)"
        }
        for (destination, source) in spec.files.sorted(by: { $0.key < $1.key }) {
            let row = reader.manifest.files.first { $0.path == destination }
            try write("archives/files/\(destination)", for: source, executable: row?.mode == "0755")
        }
        if let license = spec.license {
            try write("airlift/license.txt", for: license, executable: false)
        }
        guard missing.isEmpty else { throw RebuildObstacle(missing) }
        return places
    }

    /// A copy of the spec that names no other file, and whether it is the whole.
    private static func alone(_ spec: EnvironmentSpec) -> (spec: EnvironmentSpec, isWhole: Bool) {
        var own = spec
        own.requirements.removeAll { $0.value.hasPrefix("-") }
        own.foreign = nil
        return (own, own == spec)
    }

    /// Which wheels were asked for by URL; what requirements files ask for is not in the bundle.
    private static func directReferences(
        _ spec: EnvironmentSpec, _ reader: BundleReader
    ) -> (Set<String>, remark: String?) {
        let (own, isWhole) = alone(spec)
        if isWhole, let inputs = try? LockInputs.gather(own, specFile: "bundle.toml", read: { _ in [] }) {
            return (Set(inputs.wheels.filter { !$0.isLocal }.map(\.location)), nil)
        }
        let stated = Set(reader.manifest.archives.compactMap(\.directURL))
        return (
            stated,
            stated.isEmpty
                ? nil
                : "the spec names further files that no bundle carries (requirements, another tool's lock): that \(stated.count) wheels were asked for by URL is taken from the manifest"
        )
    }

    /// The lock says what it was made from; where only the bundle is at hand, that can be compared in part.
    private static func hashRemark(_ spec: EnvironmentSpec, _ platform: Lockfile.Platform) -> String? {
        let (own, isWhole) = alone(spec)
        guard isWhole,
            let inputs = try? LockInputs.gather(own, specFile: "bundle.toml", read: { _ in [] })
        else {
            return
                "whether the lock was made from this spec was not compared: the spec names files that no bundle carries"
        }
        let locked = Dictionary(
            platform.archives.filter { $0.kind == .wheel }.map { ($0.location, $0.sha256) },
            uniquingKeysWith: { first, _ in first })
        let local = inputs.wheels.filter(\.isLocal).map { ($0.location, locked[$0.location]) }
        let hash = inputs.contentHash(
            of: spec, platform: platform.name,
            localWheels: Dictionary(
                local.compactMap { name, digest in digest.map { (name, $0) } },
                uniquingKeysWith: { first, _ in first }))
        guard hash != platform.contentHash else { return nil }
        return
            "the lock says that it was made from another spec than the one in the bundle; that is so where passwords or tokens were left out of the copy, or wheels that other platforms need are not in this one"
    }
}
