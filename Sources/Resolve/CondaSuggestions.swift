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

    init(_ chosen: [String: PackageRecord], candidates: CondaCandidates, target: CondaTarget) {
        self.chosen = chosen
        self.candidates = candidates
        self.target = target
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
        if record.name == "python", let asked = target.python,
            let spec = try? MatchSpec("python \(asked)"), !spec.matches(record)
        {
            return false
        }
        for text in record.depends {
            guard let spec = try? MatchSpec(text) else { return false }
            if spec.packageName.hasPrefix("__") {
                guard VirtualFault(spec, text, target) == nil else { return false }
            } else if let other = chosen[spec.packageName] ?? added[spec.packageName], !spec.matches(other) {
                return false
            }
        }
        return agrees(record.constrains, with: { chosen[$0] ?? added[$0] })
            && (Array(chosen.values) + Array(added.values)).allSatisfy {
                agrees($0.constrains, with: { $0 == record.name ? record : nil })
            }
    }

    private func agrees(_ constrains: [String], with record: (String) -> PackageRecord?) -> Bool {
        constrains.allSatisfy { text in
            guard let spec = try? MatchSpec(text), let other = record(spec.packageName) else { return true }
            return spec.matches(other)
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
