import Digests
import Failures
import Lock
import Wheels

/// What is wanted on one target: each project once, with everything that the inputs say about it.
public struct Wanted: Sendable {
    public struct Project: Sendable {
        public var name: ProjectName
        public var version: PythonVersion
        public var extras: Set<ProjectName>
        /// The digests that the wheel may have; empty allows any.
        public var hashes: Set<SHA256Digest>
        public var places: [Place]
        public var isNamedBySpec: Bool
        /// The wheel that is named by its place; nil asks the index.
        public var direct: DirectWheel?
    }

    public let target: Target
    /// Sorted by name.
    public let projects: [Project]
    let constraints: [Pin]

    /// The projects to ask the index for, sorted.
    public var projectsOfIndex: [ProjectName] { projects.filter { $0.direct == nil }.map(\.name) }

    /// Drops what does not apply to the target, and merges what is said several times about one project.
    /// - Throws: all contradictions at once: two versions of one project, digests that exclude each other.
    public init(_ inputs: LockInputs, on target: Target) throws(FailureList) {
        var projects: [ProjectName: Project] = [:]
        var problems: [any Failure] = []
        func applies(_ marker: Marker?) -> Bool { marker?.holds(in: target.environment) ?? true }

        let pins = inputs.pins.filter { applies($0.marker) }.map {
            Project(
                name: $0.name, version: $0.version, extras: $0.extras, hashes: Set($0.hashes),
                places: [$0.place],
                isNamedBySpec: $0.isNamedBySpec, direct: nil)
        }
        let wheels = inputs.wheels.filter { applies($0.marker) }.map {
            Project(
                name: $0.filename.distribution, version: $0.filename.version, extras: $0.extras,
                hashes: Set($0.hashes),
                places: [$0.place], isNamedBySpec: $0.isNamedBySpec, direct: $0)
        }
        for next in wheels + pins {
            guard var known = projects[next.name] else {
                projects[next.name] = next
                continue
            }
            known.places += next.places.filter { !known.places.contains($0) }
            if let fault = Self.contradiction(known, next) {
                problems.append(ResolveError("\(next.name)", known.places, fault))
                continue
            }
            known.extras.formUnion(next.extras)
            known.hashes =
                known.hashes.isEmpty || next.hashes.isEmpty
                ? known.hashes.union(next.hashes) : known.hashes.intersection(next.hashes)
            known.isNamedBySpec = known.isNamedBySpec || next.isNamedBySpec
            projects[next.name] = known
        }
        guard problems.isEmpty else { throw FailureList(problems) }
        self.target = target
        self.projects = projects.values.sorted { $0.name < $1.name }
        constraints = inputs.constraints.filter { applies($0.marker) }
    }

    private static func contradiction(_ a: Project, _ b: Project) -> String? {
        if a.version != b.version { return "it is asked for as \(a.version) and as \(b.version); keep one" }
        if let first = a.direct, let second = b.direct, first.location != second.location {
            return "it is asked for from '\(first.location)' and from '\(second.location)'; keep one"
        }
        if !a.hashes.isEmpty, !b.hashes.isEmpty, a.hashes.isDisjoint(with: b.hashes) {
            return "the digests of one line exclude those of the other; make them agree"
        }
        return nil
    }
}
