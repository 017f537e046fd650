import Conda

/// The order in which conda packages are installed.
public enum CondaOrder {
    /// What a package depends on comes before it; among packages that may come at the same time `python` is the
    /// first, then names decide. `noarch: python` packages come after `python` also where they do not ask for it.
    ///
    /// A cycle is broken as conda breaks it: at the package with the fewest dependencies left, the first by name;
    /// but never so that a `noarch: python` package comes before `python`. What `python` asks of such packages
    /// (pip, in some channels) does not count. The result does not depend on the order given.
    public static func dependencyOrder(of records: [PackageRecord]) -> [PackageRecord] {
        let records = records.sorted(by: precedes)
        let places = Dictionary(records.indices.map { (records[$0].name, $0) }) { first, _ in first }
        let python = places["python"]
        var waiting: [Int: Set<Int>] = [:]
        for (index, record) in records.enumerated() {
            var needs = Set(record.dependencyNames.compactMap { places[$0] })
            if record.noarch == .python, let python { needs.insert(python) }
            if index == python { needs = needs.filter { records[$0].noarch != .python } }
            needs.remove(index)
            waiting[index] = needs
        }
        var needers: [Int: [Int]] = [:]
        for (index, needs) in waiting { for need in needs { needers[need, default: []].append(index) } }

        var order: [PackageRecord] = []
        var ready = records.indices.filter { waiting[$0]?.isEmpty == true }
        while !waiting.isEmpty {
            if ready.isEmpty { ready = [breakingPoint(waiting, records, python)] }
            var next: [Int] = []
            for index in ready {
                order.append(records[index])
                waiting[index] = nil
            }
            for index in ready {
                for needer in needers[index] ?? [] where waiting[needer] != nil {
                    waiting[needer]?.remove(index)
                    if waiting[needer]?.isEmpty == true { next.append(needer) }
                }
            }
            // The indices follow the order of names.
            ready = next.sorted()
        }
        return order
    }

    private static func breakingPoint(_ waiting: [Int: Set<Int>], _ records: [PackageRecord], _ python: Int?)
        -> Int
    {
        let pythonWaits = python.map { waiting[$0] != nil } ?? false
        let allowed = waiting.filter { !(pythonWaits && records[$0.key].noarch == .python) }
        let least = (allowed.isEmpty ? waiting : allowed).min {
            ($0.value.count, $0.key) < ($1.value.count, $1.key)
        }
        return least?.key ?? 0
    }

    private static func precedes(_ a: PackageRecord, _ b: PackageRecord) -> Bool {
        if (a.name == "python") != (b.name == "python") { return a.name == "python" }
        if a.name != b.name { return a.name.utf8.lexicographicallyPrecedes(b.name.utf8) }
        return a.filename.utf8.lexicographicallyPrecedes(b.filename.utf8)
    }
}
