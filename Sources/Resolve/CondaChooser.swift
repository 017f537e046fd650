import Conda
import Failures
import Lock

/// A package that will be in the environment.
struct ChosenRecord {
    let record: PackageRecord
    /// The exact pin that asks for it.
    let spec: String?
    let isRequested: Bool?
    let place: Place?

    /// "pydantic 2.7.4".
    var words: String { "\(record.name) \(record.version)" }
}

/// The step from pins to records: one of each name.
struct CondaChooser {
    let target: CondaTarget
    /// Of the target's subdirs, each distribution once.
    let candidates: CondaCandidates
    private(set) var chosen: [String: ChosenRecord] = [:]
    private(set) var problems: [any Failure] = []

    init(candidates: [String: [PackageRecord]], target: CondaTarget) {
        self.target = target
        self.candidates = CondaCandidates(candidates, platform: target.platform)
    }

    mutating func take(_ locked: LockedRecord) {
        let record = locked.record
        let subject = "\(record.name) \(record.version)"
        let places = locked.place.map { [$0] } ?? []
        if !candidates.isOfTarget(record) {
            problems.append(
                ResolveError(
                    subject, places,
                    "'\(record.filename)' is built for \(record.subdir), and the environment is for \(target.platform)"
                ))
        } else if let other = chosen[record.name] {
            problems.append(
                ResolveError(
                    subject, places,
                    "the same lock names '\(record.filename)' and '\(other.record.filename)', and an environment holds one package of a name"
                ))
        } else {
            chosen[record.name] = ChosenRecord(
                record: record, spec: nil, isRequested: locked.isRequested, place: locked.place)
        }
    }

    mutating func choose(_ request: CondaRequest) {
        func fail(_ subject: String, _ reason: String) {
            problems.append(ResolveError(subject, [request.place], reason))
        }
        guard let pin = request.spec.exactPin else {
            fail("'\(request.text)'", candidates.refusal(ofRange: request.spec))
            return
        }
        guard let record = candidates.record(matching: request.spec) else {
            fail(
                "'\(request.text)'",
                candidates.refusal(ofPin: request.spec, version: "\(pin.version)", build: "\(pin.build)"))
            return
        }
        if let other = chosen[record.name] {
            guard other.record.distribution == record.distribution else {
                fail(
                    "'\(request.text)'",
                    "\(other.record.name) is also asked for as \(other.record.distribution)"
                        + (other.place.map { " (\($0))" } ?? "") + "; keep one")
                return
            }
            // A foreign lock's file is the one that is locked; the spec asks for it by name as well.
            chosen[record.name] = ChosenRecord(
                record: other.record, spec: other.spec ?? request.text, isRequested: true,
                place: other.place ?? request.place)
            return
        }
        chosen[record.name] = ChosenRecord(
            record: record, spec: request.text, isRequested: true, place: request.place)
    }
}
