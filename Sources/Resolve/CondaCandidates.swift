import Conda
import Lock

/// What the channels have for a target, by name.
struct CondaCandidates {
    let platform: String
    private let byName: [String: [PackageRecord]]

    init(_ records: [String: [PackageRecord]], platform: String) {
        self.platform = platform
        byName = records.mapValues { $0.filter { $0.subdir == platform || $0.subdir == "noarch" } }
    }

    func isOfTarget(_ record: PackageRecord) -> Bool {
        record.subdir == platform || record.subdir == "noarch"
    }

    subscript(name: String) -> [PackageRecord] { byName[name] ?? [] }

    /// The record that an exact pin means.
    func record(matching spec: MatchSpec) -> PackageRecord? {
        Self.sorted(self[spec.packageName].filter(spec.matches)).first
    }

    /// The newest record for which it is true.
    func newest(_ name: String, where isWanted: (PackageRecord) -> Bool) -> PackageRecord? {
        Self.sorted(self[name]).first(where: isWanted)
    }

    /// The most wanted first, as conda's solvers order records: without `track_features`, the higher version, the
    /// higher build number, the later one; of one distribution `.conda`.
    static func sorted(_ records: [PackageRecord]) -> [PackageRecord] {
        records.map { (record: $0, version: try? CondaVersion($0.version)) }.sorted { a, b in
            let (x, y) = (a.record, b.record)
            if x.trackFeatures.isEmpty != y.trackFeatures.isEmpty { return x.trackFeatures.isEmpty }
            if let first = a.version, let second = b.version {
                if first != second { return first > second }
            } else if (a.version == nil) != (b.version == nil) {
                return a.version != nil
            }
            if x.buildNumber != y.buildNumber { return x.buildNumber > y.buildNumber }
            if x.distribution == y.distribution, x.subdir == y.subdir {
                if x.filename.hasSuffix(".conda") != y.filename.hasSuffix(".conda") {
                    return x.filename.hasSuffix(".conda")
                }
            }
            if x.timestamp != y.timestamp { return (x.timestamp ?? 0) > (y.timestamp ?? 0) }
            return x.subdir == y.subdir ? x.filename < y.filename : y.subdir == "noarch"
        }.map(\.record)
    }

    /// The rest of a sentence about a match spec that is no exact pin.
    func refusal(ofRange spec: MatchSpec) -> String {
        let start = "it is no exact pin, and ranges come with solving in a later version; "
        if let record = newest(spec.packageName, where: spec.matches) {
            return start + "the newest that matches is \(record.pinWords): write \"\(record.pin)\""
        }
        return start + "write name=version=build; " + absence(of: spec.packageName)
    }

    /// The rest of a sentence about an exact pin that nothing matches.
    func refusal(ofPin spec: MatchSpec, version: String, build: String) -> String {
        let name = spec.packageName
        if self[name].isEmpty { return absence(of: name) }
        let ofVersion = Self.sorted(self[name].filter { $0.version == version })
        if !ofVersion.isEmpty {
            return "the channels have no build '\(build)' of that version for \(platform); "
                + "there is \(Self.list(ofVersion.map(\.build)))"
        }
        let others = Self.sorted(self[name])
        let newest = others.first.map { ": the newest is \"\($0.pin)\"" } ?? ""
        return
            "the channels have no such version for \(platform); there is \(Self.list(others.map(\.version)))"
            + newest
    }

    private func absence(of name: String) -> String {
        if !self[name].isEmpty { return "none of the channels' versions of \(name) matches" }
        return "no channel has a package '\(name)' for \(platform) or noarch; check the name and the channels"
    }

    private static func list(_ values: [String]) -> String {
        var seen: Set<String> = []
        let unique = values.filter { seen.insert($0).inserted }
        let shown = unique.prefix(5).joined(separator: ", ")
        return unique.count > 5 ? "\(shown) and \(unique.count - 5) more" : shown
    }
}

extension PackageRecord {
    /// As a spec pins it: `name=version=build`.
    var pin: String { "\(name)=\(version)=\(build)" }
    /// "annotated-types 0.7.0 pyhd8ed1ab_0".
    var pinWords: String { "\(name) \(version) \(build)" }
    /// "pydantic 2.7.4".
    var words: String { "\(name) \(version)" }
}
