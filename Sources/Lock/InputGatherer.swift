import Digests
import Failures
import Wheels

/// The steps of ``LockInputs/gather(_:specFile:read:)``.
struct InputGatherer {
    let read: (String) throws -> [UInt8]
    var sources: [String] = []
    private var requirements:
        [(requirement: Requirement, hashes: [SHA256Digest], place: Place, isSpec: Bool)] = []
    private var wheels: [DirectWheel] = []
    private var constraints: [Pin] = []
    private var conda: [CondaRequest] = []
    private var foreign: LockInputs.ForeignFile?
    private var hashesRequiredBy: Place?
    private var open: [String] = []
    private var problems: [any Failure] = []

    init(read: @escaping (String) throws -> [UInt8]) { self.read = read }

    mutating func take(_ text: String, file: String, place: Place, isSpec: Bool, isConstraint: Bool) {
        let line: RequirementLine
        do throws(LockError) {
            line = try RequirementLine.parse(text, file: file, place: place, isSpec: isSpec)
        } catch {
            problems.append(error)
            return
        }
        switch line {
        case .include(let path): include(path, place, isConstraint: isConstraint)
        case .constraints(let path): include(path, place, isConstraint: true)
        case .requireHashes: hashesRequiredBy = place
        case .nothing: break
        case .wheel(let wheel):
            if isConstraint {
                refuse(place, "'\(text)' is a wheel's place, and only exact pins can be constraints")
            } else {
                wheels.append(wheel)
            }
        case .requirement(let requirement, let hashes):
            guard isConstraint else {
                requirements.append((requirement, hashes, place, isSpec))
                return
            }
            guard let version = exactVersion(of: requirement), requirement.extras.isEmpty else {
                refuse(
                    place, "the constraint '\(text)' is no exact pin (name==version), and ranges come later")
                return
            }
            constraints.append(
                Pin(
                    name: requirement.name, version: version, marker: requirement.marker, hashes: hashes,
                    place: place, isNamedBySpec: false))
        }
    }

    private mutating func include(_ path: String, _ place: Place, isConstraint: Bool) {
        if open.contains(path) {
            refuse(place, "'\(path)' includes itself: \((open + [path]).joined(separator: " → "))")
            return
        }
        if !sources.contains(path) { sources.append(path) }
        let lines: [Located<String>]
        do {
            lines = try RequirementsFile.lines(try read(path), file: path)
        } catch let error as any Failure {
            problems.append(error)
            return
        } catch {
            refuse(place, "'\(path)' cannot be read: \(error)")
            return
        }
        open.append(path)
        for line in lines {
            take(
                line.value, file: path, place: Place(file: path, line: line.line), isSpec: false,
                isConstraint: isConstraint)
        }
        open.removeLast()
    }

    mutating func takeConda(_ text: String, place: Place) {
        do throws(LockError) {
            conda.append(try CondaRequest(text, place: place))
        } catch {
            problems.append(error)
        }
    }

    mutating func takeForeign(_ source: EnvironmentSpec.ForeignSource, specFile: String) {
        if !sources.contains(source.path) { sources.append(source.path) }
        do {
            let bytes = try read(source.path)
            foreign = LockInputs.ForeignFile(
                path: source.path, sha256: SHA256.hash(bytes),
                lock: try ForeignLock.read(bytes, file: source.path), environment: source.environment)
        } catch let error as any Failure {
            problems.append(error)
        } catch {
            refuse(
                Place(file: specFile, line: source.line),
                "'\(source.path)' of [lock] from cannot be read: \(error)")
        }
    }

    private mutating func refuse(_ place: Place, _ reason: String) {
        problems.append(LockError(file: place.file, line: place.line, reason: reason, kind: .refused))
    }

    /// The version of the one `==` among the clauses, if all others allow it.
    private func exactVersion(of requirement: Requirement) -> PythonVersion? {
        let exact = requirement.specifiers.clauses.filter {
            ($0.comparison == .equal && !$0.isWildcard) || $0.comparison == .arbitrary
        }
        guard exact.count == 1, let version = exact[0].version, requirement.specifiers.contains(version)
        else {
            return nil
        }
        return version
    }

    mutating func finish() throws(FailureList) -> LockInputs {
        var pins: [Pin] = []
        for (requirement, hashes, place, isSpec) in requirements {
            guard let version = exactVersion(of: requirement) ?? constrainedVersion(of: requirement) else {
                let known = constraints.filter { $0.name == requirement.name }
                let clash =
                    known.first.map {
                        ", which the constraint \($0.name)==\($0.version) (\($0.place)) does not fit"
                    } ?? ""
                let asked =
                    requirement.specifiers.isEmpty
                    ? "'\(requirement.name)' is asked for without a version"
                    : "'\(requirement.name)\(requirement.specifiers)' is no exact pin"
                refuse(
                    place,
                    "\(asked)\(clash); ranges come with resolving in a later version, so write the exact one, "
                        + "such as \(requirement.name)==\(example(for: requirement))")
                continue
            }
            if hashes.isEmpty, let hashesRequiredBy {
                refuse(
                    place,
                    "'\(requirement.name)' has no --hash, and --require-hashes (\(hashesRequiredBy)) asks for one"
                )
            }
            pins.append(
                Pin(
                    name: requirement.name, version: version, extras: Set(requirement.extras),
                    marker: requirement.marker, hashes: hashes, place: place, isNamedBySpec: isSpec))
        }
        for pin in pins {
            for constraint in constraints
            where constraint.name == pin.name && constraint.version != pin.version {
                guard constraint.marker == nil, pin.marker == nil else { continue }
                refuse(
                    pin.place,
                    "\(pin.name) is pinned as \(pin.version), and constrained to \(constraint.version) in "
                        + "\(constraint.place); make them agree")
            }
        }
        guard problems.isEmpty else { throw FailureList(problems) }
        return LockInputs(
            pins: pins.sorted {
                ($0.name, $0.place.file, $0.place.line) < ($1.name, $1.place.file, $1.place.line)
            },
            wheels: wheels, constraints: constraints, conda: conda, foreign: foreign, sources: sources)
    }

    private func constrainedVersion(of requirement: Requirement) -> PythonVersion? {
        let fitting = constraints.filter {
            $0.name == requirement.name && $0.marker == nil && requirement.specifiers.contains($0.version)
        }
        return fitting.first?.version
    }

    private func example(for requirement: Requirement) -> String {
        requirement.specifiers.clauses.compactMap(\.version).first.map { "\($0)" } ?? "1.2.3"
    }
}
