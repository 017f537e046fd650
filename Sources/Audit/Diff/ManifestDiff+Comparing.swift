import Wheels

extension ManifestDiff {
    /// Compares two environments. What only one side knows is not a difference.
    public init(from: PackageSet, to: PackageSet) {
        self.init(
            formatVersion: Self.formatVersion, from: from.title, to: to.title, alarms: [],
            packages: Self.packages(from, to), files: Self.files(from, to), facts: Self.facts(from, to),
            size: SizeChange(
                archivesFrom: from.archiveBytes, archivesTo: to.archiveBytes,
                installedFrom: from.installedBytes, installedTo: to.installedBytes))
        findAlarms(from: from, to: to)
    }

    /// What two packages share to be compared with each other.
    private struct Identity: Hashable, Comparable {
        let kind: PackageSet.Kind
        let name: String

        init(_ package: PackageSet.Package) {
            kind = package.kind
            name =
                package.kind == .wheel
                ? (try? ProjectName(package.name))?.normalized ?? package.name : package.name
        }

        static func < (a: Identity, b: Identity) -> Bool { (a.kind, a.name) < (b.kind, b.name) }
    }

    private static func packages(_ from: PackageSet, _ to: PackageSet) -> [PackageChange] {
        let comparesInterpreters = from.listsInterpreter && to.listsInterpreter
        func grouped(_ set: PackageSet) -> [Identity: [PackageSet.Package]] {
            Dictionary(
                grouping: set.packages.filter { comparesInterpreters || $0.kind != .python },
                by: Identity.init)
        }
        let (old, new) = (grouped(from), grouped(to))
        let isCaptured = [from, to].allSatisfy { $0.facts[.pythonSource] == "capture" }
        let changes = Set(old.keys).union(new.keys).sorted().flatMap { identity in
            Self.changes(identity, old[identity] ?? [], new[identity] ?? [], isCaptured)
        }
        return joiningKinds(changes).sorted { $0.change < $1.change }
    }

    /// A wheel that went and a conda package of the project's name that came are one change, and the other way
    /// round. That conda's name is the project's is a convention: for a project that has another name there, both
    /// changes are told.
    private static func joiningKinds(_ changes: [PackageChange]) -> [PackageChange] {
        func project(_ change: PackageChange) -> String? {
            change.kind == .python ? nil : try? ProjectName(change.name).normalized
        }
        var gone: [String: PackageChange] = [:]
        for change in changes where change.change == .removed {
            if let name = project(change) { gone[name] = change }
        }
        var joined: Set<Identity> = []
        let pairs = changes.compactMap { change -> PackageChange? in
            guard change.change == .added, let to = change.to, let name = project(change),
                let from = gone[name]?.from, from.kind != to.kind,
                joined.insert(Identity(from)).inserted
            else { return nil }
            joined.insert(Identity(to))
            return PackageChange(name: change.name, from: from, to: to)
        }
        let rest = changes.filter { change in
            guard change.change == .added || change.change == .removed else { return true }
            return (change.to ?? change.from).map { !joined.contains(Identity($0)) } ?? true
        }
        return (rest + pairs).sorted { ($0.kind, $0.name) < ($1.kind, $1.name) }
    }

    /// A name stands once on each side as a rule. Where it stands more often, equal archives are set against
    /// each other first, and the rest by file name.
    private static func changes(
        _ identity: Identity, _ from: [PackageSet.Package], _ to: [PackageSet.Package], _ isCaptured: Bool
    ) -> [PackageChange] {
        var old = from.sorted { $0.filename < $1.filename }
        var new = to.sorted { $0.filename < $1.filename }
        var pairs: [(PackageSet.Package, PackageSet.Package)] = []
        for package in old {
            guard let match = new.firstIndex(where: { $0.sha256 == package.sha256 }),
                let own = old.firstIndex(of: package)
            else { continue }
            pairs.append((old.remove(at: own), new.remove(at: match)))
        }
        let common = min(old.count, new.count)
        pairs += zip(old, new)
        return pairs.compactMap {
            PackageChange(name: identity.name, from: $0, to: $1, isCaptured: isCaptured)
        }
            + old.dropFirst(common).map {
                PackageChange(
                    change: .removed, kind: identity.kind, name: identity.name, from: $0, to: nil)
            }
            + new.dropFirst(common).map {
                PackageChange(change: .added, kind: identity.kind, name: identity.name, from: nil, to: $0)
            }
    }

    private static func files(_ from: PackageSet, _ to: PackageSet) -> [FileChange] {
        guard let old = from.files, let new = to.files else { return [] }
        return Set(old.keys).union(new.keys).sorted().compactMap { path in
            switch (old[path], new[path]) {
            case (nil, nil): nil
            case (nil, let file): FileChange(change: .added, path: path, from: nil, to: file)
            case (let file, nil): FileChange(change: .removed, path: path, from: file, to: nil)
            case (let a, let b):
                a == b ? nil : FileChange(change: .changed, path: path, from: a, to: b)
            }
        }
    }

    private static func facts(_ from: PackageSet, _ to: PackageSet) -> [FactChange] {
        Fact.allCases.compactMap { fact in
            guard let old = from.facts[fact], let new = to.facts[fact], old != new else { return nil }
            return FactChange(fact: fact, from: old, to: new)
        }
    }
}
