import Conda
import Lock

/// What would make a set of packages complete: for each missing name the newest record that everything chosen goes
/// with. It is advice and no solution: a later choice never takes an earlier one back, so a set may have a solution
/// that is not found here.
struct CondaSuggestions {
    private let chosen: [String: PackageRecord]
    private let candidates: CondaCandidates
    private let target: CondaTarget
    private(set) var added: [String: PackageRecord] = [:]
    /// What the added ones need of others that are not chosen, by name.
    private(set) var needs: [String: [CondaClosure.Need]] = [:]
    /// What the chosen and the added ones constrain others to, by name.
    private var constraints: [String: [MatchSpec]] = [:]

    init(_ chosen: [String: PackageRecord], candidates: CondaCandidates, target: CondaTarget) {
        self.chosen = chosen
        self.candidates = candidates
        self.target = target
        for record in chosen.values { constrain(by: record) }
    }

    mutating func complete(_ missing: [String: [CondaClosure.Need]]) {
        var queue = missing.keys.sorted()
        // Python decides what else fits.
        if missing["python"] != nil { queue.insert("python", at: 0) }
        var index = 0
        while index < queue.count, index < 2_000 {
            let name = queue[index]
            index += 1
            guard added[name] == nil else { continue }
            let wanted = ((missing[name] ?? []) + (needs[name] ?? [])).map(\.spec)
            guard
                let record = candidates.newest(
                    name, where: { record in wanted.allSatisfy { $0.matches(record) } && goesWithAll(record) }
                )
            else { continue }
            added[name] = record
            constrain(by: record)
            for text in record.depends {
                guard let spec = try? MatchSpec(text), !spec.packageName.hasPrefix("__"),
                    chosen[spec.packageName] == nil
                else { continue }
                needs[spec.packageName, default: []].append(.init(needer: record, spec: spec, text: text))
                queue.append(spec.packageName)
            }
        }
    }

    /// Whether what the record asks for is not contradicted, and nobody contradicts the record.
    private func goesWithAll(_ record: PackageRecord) -> Bool {
        if record.name == "python", !target.admits(python: record) { return false }
        for text in record.depends {
            guard let spec = try? MatchSpec(text) else { return false }
            if spec.packageName.hasPrefix("__") {
                guard VirtualFault(spec, text, target) == nil else { return false }
            } else if let other = chosen[spec.packageName] ?? added[spec.packageName], !spec.matches(other) {
                return false
            }
        }
        return record.constrains.allSatisfy { text in
            guard let spec = try? MatchSpec(text) else { return true }
            return (chosen[spec.packageName] ?? added[spec.packageName]).map(spec.matches) ?? true
        } && (constraints[record.name] ?? []).allSatisfy { $0.matches(record) }
    }

    private mutating func constrain(by record: PackageRecord) {
        for text in record.constrains {
            guard let spec = try? MatchSpec(text) else { continue }
            constraints[spec.packageName, default: []].append(spec)
        }
    }

    /// The rest of the sentence where nothing can be suggested.
    func absence(of name: String, isForeign: Bool) -> String {
        if isForeign { return "; lock it again with the tool that made the lock" }
        if candidates[name].isEmpty {
            return "; no channel has a package '\(name)' for \(candidates.platform) or noarch"
        }
        return
            "; of the \(candidates[name].count) packages '\(name)' that the channels have, none goes with the "
            + "other pins"
    }
}
