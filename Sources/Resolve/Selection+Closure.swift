import Digests
import Failures
import Lock
import Wheels

/// A project that a conda package brings, as its own `.dist-info` says: conda's names often differ.
public struct ProvidedProject: Hashable, Sendable {
    public let version: PythonVersion
    /// Name of the conda package.
    public let package: String

    public init(version: PythonVersion, package: String) {
        self.version = version
        self.package = package
    }
}

extension Selection {
    /// Checks that each dependency that applies to the target is among the wheels or brought by a conda package,
    /// with the extras that pins and other packages ask for.
    /// - Parameters:
    ///   - metadata: the METADATA of each wheel, by project.
    ///   - provided: what conda packages of the same environment bring.
    /// - Throws: all problems at once: what is missing or pinned at a version that does not fit, what conda
    ///   packages bring already, and metadata that contradicts its wheel's name.
    public func resolution(
        _ metadata: [ProjectName: CoreMetadata], provided: [ProjectName: ProvidedProject] = [:]
    ) throws(FailureList) -> Resolution {
        var closure = Closure(selection: self, metadata: metadata, provided: provided)
        closure.run()
        if !closure.problems.isEmpty { throw FailureList(closure.problems) }
        return Resolution(
            target: target,
            packages: wheels.map { wheel in
                let dependencies = closure.dependencies[wheel.name] ?? [:]
                return Resolution.Package(
                    wheel: wheel,
                    requested: wheel.project.isNamedBySpec || !closure.needed.contains(wheel.name),
                    dependencies: Dictionary(
                        uniqueKeysWithValues: dependencies.map { ($0.key.normalized, $0.value.description) }))
            }, notices: notices + closure.notices)
    }
}

/// A walk over the requirements of all wheels: extras that one package asks of another can make more of the
/// other's requirements apply, so a package is looked at again when its extras grow.
private struct Closure {
    let selection: Selection
    let metadata: [ProjectName: CoreMetadata]
    let provided: [ProjectName: ProvidedProject]
    private let wheels: [ProjectName: Selection.Wheel]
    private var extras: [ProjectName: Set<ProjectName>] = [:]
    private var queue: [ProjectName]
    private var reported: Set<String> = []
    private(set) var dependencies: [ProjectName: [ProjectName: VersionSpecifiers]] = [:]
    /// What another package needs.
    private(set) var needed: Set<ProjectName> = []
    private(set) var problems: [any Failure] = []
    private(set) var notices: [String] = []

    init(
        selection: Selection, metadata: [ProjectName: CoreMetadata],
        provided: [ProjectName: ProvidedProject]
    ) {
        self.selection = selection
        self.metadata = metadata
        self.provided = provided
        wheels = Dictionary(selection.wheels.map { ($0.name, $0) }) { first, _ in first }
        queue = selection.wheels.map(\.name)
        for wheel in selection.wheels { extras[wheel.name] = wheel.project.extras }
    }

    mutating func run() {
        for wheel in selection.wheels { check(wheel) }
        while let name = queue.popLast() { visit(name) }
        problems.sort { $0.description < $1.description }
        notices.sort()
    }

    private mutating func fail(_ wheel: Selection.Wheel, _ reason: String, kind: FailureKind = .refused) {
        guard reported.insert("\(wheel.name.normalized) \(reason)").inserted else { return }
        problems.append(
            ResolveError("\(wheel.name) \(wheel.version)", wheel.project.places, reason, kind: kind))
    }

    private mutating func check(_ wheel: Selection.Wheel) {
        if let conda = provided[wheel.name] {
            fail(
                wheel,
                "the conda package '\(conda.package)' brings \(wheel.name) \(conda.version) already, and both "
                    + "would write the same files; remove the wheel or the conda package")
        }
        guard let metadata = metadata[wheel.name] else {
            fail(wheel, "its METADATA is missing", kind: .fault)
            return
        }
        if metadata.name != wheel.name || metadata.version != wheel.version {
            fail(
                wheel,
                "the METADATA of '\(wheel.filename)' names \(metadata.name) \(metadata.version); take the wheel "
                    + "from a source that can be trusted", kind: .damaged)
        }
        if let python = metadata.requiresPython, !python.contains(selection.target.python) {
            fail(
                wheel,
                "it needs Python \(python), and the interpreter is \(selection.target.description.python); pin "
                    + "another version or take another interpreter")
        }
        for extra in wheel.project.extras.sorted() where !metadata.providesExtra.contains(extra) {
            notices.append("\(wheel.name) \(wheel.version) has no extra '\(extra)'; nothing is added for it")
        }
    }

    private mutating func visit(_ name: ProjectName) {
        guard let wheel = wheels[name], let metadata = metadata[name] else { return }
        for requirement in metadata.requiresDist {
            let asked = extras[name] ?? []
            if let marker = requirement.marker, !marker.holds(in: selection.target.environment, extras: asked)
            {
                // With extras, what applies without any still applies.
                if asked.isEmpty || !marker.holds(in: selection.target.environment) { continue }
            }
            need(requirement, by: wheel)
        }
    }

    private mutating func need(_ requirement: Requirement, by wheel: Selection.Wheel) {
        let name = requirement.name
        if name != wheel.name {
            needed.insert(name)
            let known = dependencies[wheel.name]?[name]?.clauses ?? []
            dependencies[wheel.name, default: [:]][name] = VersionSpecifiers(
                known + requirement.specifiers.clauses)
        }
        let asked = "\(name)\(requirement.specifiers)"
        guard let other = wheels[name] else {
            if let conda = provided[name] { return take(conda, for: requirement, asked, by: wheel) }
            fail(wheel, "it needs \(asked), which is not pinned: add \(suggestion(for: requirement))")
            return
        }
        if !requirement.specifiers.contains(other.version) {
            fail(
                wheel,
                "it needs \(asked), and \(name) is pinned as \(other.version)"
                    + (other.project.places.first.map { " (\($0))" } ?? "") + ": pin one that fits")
        }
        let more = Set(requirement.extras).subtracting(extras[name] ?? [])
        if !more.isEmpty {
            extras[name, default: []].formUnion(more)
            queue.append(name)
        }
    }

    /// A requirement that a conda package meets: no wheel of it is carried.
    private mutating func take(
        _ conda: ProvidedProject, for requirement: Requirement, _ asked: String, by wheel: Selection.Wheel
    ) {
        guard requirement.specifiers.contains(conda.version) else {
            fail(
                wheel,
                "it needs \(asked), and the conda package '\(conda.package)' brings \(requirement.name) "
                    + "\(conda.version): pin a build of '\(conda.package)' that fits, or another version of "
                    + "\(wheel.name)")
            return
        }
        for extra in requirement.extras.sorted() {
            notices.append(
                "\(wheel.name) \(wheel.version) needs \(requirement.name)[\(extra)], and the conda package "
                    + "'\(conda.package)' brings \(requirement.name): what the extra needs is not checked")
        }
    }

    /// What to write: the version that a constraint or the requirement itself names, else an ellipsis.
    private func suggestion(for requirement: Requirement) -> String {
        let constraint = selection.constraints.first {
            $0.name == requirement.name && requirement.specifiers.contains($0.version)
        }
        if let constraint { return "\(requirement.name)==\(constraint.version) (as in \(constraint.place))" }
        let extras =
            requirement.extras.isEmpty
            ? "" : "[\(requirement.extras.map(\.normalized).joined(separator: ","))]"
        return "\(requirement.name)\(extras)==\(requirement.specifiers.pin.map { "\($0)" } ?? "…")"
    }
}
