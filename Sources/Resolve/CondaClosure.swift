import Conda
import Failures
import Lock

/// Whether the chosen packages are all that they need, and hold what they promise one another.
struct CondaClosure {
    /// What one package asks of another.
    struct Need {
        let needer: PackageRecord
        let spec: MatchSpec
        /// As the package writes it.
        let text: String
    }

    private let chosen: [String: ChosenRecord]
    private let candidates: CondaCandidates
    private let target: CondaTarget
    /// What another package needs.
    private(set) var needed: Set<String> = []
    private(set) var problems: [any Failure] = []
    /// What is needed and not chosen, by name.
    private var missing: [String: [Need]] = [:]

    init(_ chosen: [String: ChosenRecord], candidates: CondaCandidates, on target: CondaTarget) {
        self.chosen = chosen
        self.candidates = candidates
        self.target = target
    }

    /// - Parameter isForeign: whether a foreign lock names all packages, so that nobody can add a pin.
    mutating func check(isForeign: Bool) {
        for name in chosen.keys.sorted() {
            guard let package = chosen[name] else { continue }
            check(package)
        }
        report(isForeign: isForeign)
    }

    private mutating func fail(_ record: PackageRecord, _ reason: String, kind: FailureKind = .refused) {
        let place = chosen[record.name]?.place
        problems.append(ResolveError(record.words, place.map { [$0] } ?? [], reason, kind: kind))
    }

    private mutating func check(_ package: ChosenRecord) {
        let record = package.record
        for text in record.depends {
            guard let spec = spec(text, of: record), applies(spec) else { continue }
            let name = spec.packageName
            if !spec.extras.isEmpty {
                fail(
                    record,
                    "it needs \(text), and extras of conda packages are not supported yet; pin another build")
                continue
            }
            if name.hasPrefix("__") {
                if let fault = virtualFault(spec, text) { fail(record, fault) }
                continue
            }
            if name != record.name { needed.insert(name) }
            guard let other = chosen[name] else {
                missing[name, default: []].append(Need(needer: record, spec: spec, text: text))
                continue
            }
            if !spec.matches(other.record) {
                fail(record, "it needs \(text), and \(named(other)): pin one that fits")
            }
        }
        for text in record.constrains {
            guard let spec = spec(text, of: record), let other = chosen[spec.packageName],
                !spec.matches(other.record)
            else { continue }
            fail(record, "it goes only with \(text), and \(named(other)): pin one that fits")
        }
        for text in record.constrains {
            guard let spec = spec(text, of: record), spec.packageName.hasPrefix("__"),
                target.virtualPackages.records[spec.packageName] != nil, let fault = virtualFault(spec, text)
            else { continue }
            fail(record, fault)
        }
        if record.noarch == .python, chosen["python"] == nil, missing["python"] == nil {
            missing["python"] = (try? MatchSpec("python")).map {
                [Need(needer: record, spec: $0, text: "python")]
            }
        }
    }

    /// Whether the condition of a dependency, if it has one, is met by what is there.
    private func applies(_ spec: MatchSpec) -> Bool {
        spec.condition?.holds { asked in
            let name = asked.packageName
            let record = asked.isVirtual ? target.virtualPackages.records[name] : chosen[name]?.record
            return record.map(asked.matches) ?? false
        } ?? true
    }

    private func named(_ other: ChosenRecord) -> String {
        let verb = other.spec == nil ? "the lock names" : "the pin is"
        return "\(verb) \(other.record.pinWords)" + (other.place.map { " (\($0))" } ?? "")
    }

    /// A package's own match spec; one that cannot be read is reported once.
    private mutating func spec(_ text: String, of record: PackageRecord) -> MatchSpec? {
        do throws(CondaError) {
            return try MatchSpec(text)
        } catch {
            let reason = "its record names '\(text)', which is no match spec: \(error.reason)"
            if !problems.contains(where: { $0.description.hasSuffix(reason) }) {
                fail(record, reason, kind: .damaged)
            }
            return nil
        }
    }

    /// Why the hosts do not bring what is asked of them; nil if they do.
    private func virtualFault(_ spec: MatchSpec, _ text: String) -> String? {
        VirtualFault(spec, text, target)?.reason
    }

    private mutating func report(isForeign: Bool) {
        guard !missing.isEmpty else { return }
        let absence = isForeign ? "the lock has no package of that name" : "no pin names it"
        var suggestions = CondaSuggestions(
            chosen.mapValues(\.record), candidates: candidates, target: target)
        suggestions.complete(missing)
        for (name, needs) in missing.merging(suggestions.needs, uniquingKeysWith: +).sorted(by: {
            $0.key < $1.key
        }) {
            guard let first = needs.first else { continue }
            if name == "python", target.python == nil {
                fail(
                    first.needer,
                    "it needs \(first.text), and [python] names an interpreter that is no conda package; write "
                        + "[python] conda = \"*\", or take it from wheels")
                continue
            }
            let others = Set(needs.dropFirst().map(\.needer.name)).subtracting([first.needer.name])
            let also =
                others.isEmpty
                ? "" : others.count == 1 ? " (\(others.first ?? "") too)" : " (and \(others.count) others)"
            let stem = "it needs \(first.text)\(also), and \(absence)"
            let what =
                if let record = suggestions.added[name] {
                    "; the channel has \(record.pinWords)"
                        + (isForeign ? "" : ": add \"\(record.pin)\"")
                } else {
                    suggestions.absence(of: name, isForeign: isForeign)
                }
            let isSuggested = chosen[first.needer.name] == nil
            let place = chosen[first.needer.name]?.place
            problems.append(
                ResolveError(
                    first.needer.words + (isSuggested ? ", which is to be added" : ""),
                    place.map { [$0] } ?? [], stem + what))
        }
    }
}

extension CondaClosure {
    /// The Python among the packages, held against `[python]`.
    mutating func python() -> CondaPython? {
        guard let asked = target.python else {
            if let python = chosen["python"] {
                fail(
                    python.record,
                    "Python is among the conda packages, and [python] names another interpreter; write [python] "
                        + "conda = \"*\", or take what needs Python from wheels")
            }
            return nil
        }
        guard let python = chosen["python"] else {
            if missing["python"] == nil { reportNoPython(asked) }
            return nil
        }
        if !target.admits(python: python.record) {
            fail(
                python.record,
                "[python] conda asks for \"\(asked)\"; pin a Python that fits, or change [python] conda")
        }
        do throws(ResolveError) {
            return try CondaPython(python.record, among: chosen.values.map(\.record))
        } catch {
            fail(python.record, error.reason)
            return nil
        }
    }

    private mutating func reportNoPython(_ asked: String) {
        var suggestions = CondaSuggestions(
            chosen.mapValues(\.record), candidates: candidates, target: target)
        if let any = try? MatchSpec("python") {
            let needer = PackageRecord(
                name: "python", version: asked, build: "", buildNumber: 0, subdir: "", filename: "")
            suggestions.complete(["python": [Need(needer: needer, spec: any, text: "python")]])
        }
        let hint = suggestions.added["python"].map { ": add \"\($0.pin)\"" } ?? "; add python=version=build"
        problems.append(
            ResolveError(
                "[python] conda = \"\(asked)\"", [],
                "Python comes from the conda packages, and python is not among them\(hint)"))
    }
}
