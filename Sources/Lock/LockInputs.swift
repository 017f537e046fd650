import Digests
import Failures
import Wheels

/// Everything that a spec asks for, with the files that it names read in.
public struct LockInputs: Sendable {
    /// The foreign lock that `[lock] from` names.
    public struct ForeignFile: Sendable {
        /// Relative to the spec.
        public var path: String
        public var sha256: SHA256Digest
        public var lock: ForeignLock
        /// What of it is asked for, see ``ForeignLock/packages(platform:environment:)``.
        public var environment: String?

        /// The packages for a platform, with their paths made relative to the spec.
        public func packages(platform: String) throws(FailureList) -> [ForeignLock.Package] {
            try lock.packages(platform: platform, environment: environment).map {
                var package = $0
                if !package.location.contains("://") {
                    package.location = RequirementsFile.path(package.location, besides: path)
                }
                return package
            }
        }
    }

    /// Sorted by name and place; one project may have several, for different targets.
    public var pins: [Pin]
    public var wheels: [DirectWheel]
    /// What `-c` files pin: a version for what is asked for without one, never a request.
    public var constraints: [Pin]
    /// In the order of the spec.
    public var conda: [CondaRequest]
    public var foreign: ForeignFile?
    /// The files that were read, relative to the spec, the spec first.
    public var sources: [String]

    public init(
        pins: [Pin], wheels: [DirectWheel] = [], constraints: [Pin] = [], conda: [CondaRequest] = [],
        foreign: ForeignFile? = nil, sources: [String] = []
    ) {
        self.pins = pins
        self.wheels = wheels
        self.constraints = constraints
        self.conda = conda
        self.foreign = foreign
        self.sources = sources
    }

    /// Reads what the spec asks for.
    /// - Parameter specFile: how errors name the spec; its last component is its name in ``sources``.
    /// - Parameter read: gives the bytes of a file, by its path relative to the spec.
    /// - Throws: all problems at once; ranges and what else is not done yet are of kind `.refused`.
    public static func gather(
        _ spec: EnvironmentSpec, specFile: String, read: @escaping (String) throws -> [UInt8]
    ) throws(FailureList) -> LockInputs {
        var gatherer = InputGatherer(read: read)
        let specName = LockedArchive.filename(of: specFile)
        gatherer.sources = [specName]
        for entry in spec.requirements {
            gatherer.take(
                entry.value, file: specName, place: Place(file: specFile, line: entry.line), isSpec: true,
                isConstraint: false)
        }
        for entry in spec.condaDependencies {
            gatherer.takeConda(entry.value, place: Place(file: specFile, line: entry.line))
        }
        if let foreign = spec.foreign { gatherer.takeForeign(foreign, specFile: specFile) }
        return try gatherer.finish()
    }

    /// The digest of everything that decides the lock of a platform: the part of the spec that matters to it,
    /// what requirements files say (not how), and the bytes of local wheels and of the foreign lock.
    /// - Parameter localWheels: the digest of each local wheel by its location.
    public func contentHash(
        of spec: EnvironmentSpec, platform: String, localWheels: [String: SHA256Digest]
    ) -> SHA256Digest {
        func texts(_ pins: [Pin]) -> Meaning { .texts(pins.map(\.meaning).sorted()) }
        var fields: [String: Meaning] = [
            "platform": .text(platform), "spec": spec.lockMeaning, "pins": texts(pins),
            "constraints": texts(constraints), "wheels": .texts(wheels.map(\.meaning).sorted()),
            "local": .record(localWheels.mapValues { .text($0.hex) }),
        ]
        if let foreign { fields["from"] = .text(foreign.sha256.hex) }
        return SHA256.hash(Meaning.record(fields).canonicalJSON)
    }
}

extension Pin {
    /// `name[extras]==version; marker sha256:…`, in canonical spelling.
    var meaning: String {
        "\(name.normalized)[\(extras.map(\.normalized).sorted().joined(separator: ","))]==\(version)"
            + "; \(marker.map { "\($0)" } ?? "") \(hashes.map(\.hex).sorted().joined(separator: " "))"
            + (isNamedBySpec ? " spec" : "")
    }
}

extension DirectWheel {
    var meaning: String {
        "\(location)[\(extras.map(\.normalized).sorted().joined(separator: ","))]"
            + "; \(marker.map { "\($0)" } ?? "") \(hashes.map(\.hex).sorted().joined(separator: " "))"
            + (isNamedBySpec ? " spec" : "")
    }
}
