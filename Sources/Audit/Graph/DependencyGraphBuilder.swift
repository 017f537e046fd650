import Conda
import Wheels

/// Finds the edges of a ``DependencyGraph``. Packages are named by their places in a list.
struct DependencyGraphBuilder {
    private let packages: [PackageSet.Package]
    /// nil where the source does not tell it: then markers that ask for no extra hold.
    private let target: MarkerEnvironment?
    /// Of each package the places that it needs, sorted, each once.
    private(set) var needs: [[Int]]
    /// Of each wheel the extras that are in use.
    private(set) var extras: [Set<ProjectName>]
    private var requirements: [[WheelRequirement]]
    /// By the names that requirements ask by.
    private let projects: [String: Int]

    /// A Requires-Dist line whose project is there.
    private struct WheelRequirement {
        let place: Int
        let extras: [ProjectName]
        let marker: Marker?
    }

    init(_ packages: [PackageSet.Package], target: MarkerEnvironment?) {
        self.packages = packages
        self.target = target
        needs = packages.map { _ in [] }
        extras = packages.map { _ in [] }
        requirements = packages.map { _ in [] }
        var projects: [String: Int] = [:]
        // A wheel brings the project of its name; where there is none, a conda package of that name does.
        for kind in [PackageSet.Kind.wheel, .conda] {
            for (place, package) in packages.enumerated() where package.kind == kind {
                let name = DependencyGraph.normalized(package.name)
                if projects[name] == nil { projects[name] = place }
            }
        }
        self.projects = projects
    }

    mutating func run() {
        readCondaDependencies()
        for (place, package) in packages.enumerated() where package.kind == .wheel {
            requirements[place] = package.depends.compactMap(requirement)
        }
        follow(packages.indices.filter { packages[$0].kind == .wheel })
        guessExtras()
    }

    private mutating func readCondaDependencies() {
        var places: [String: Int] = [:]
        for (place, package) in packages.enumerated() where package.kind == .conda {
            let name = package.name.lowercased()
            if places[name] == nil { places[name] = place }
        }
        for (place, package) in packages.enumerated() where package.kind == .conda {
            needs[place] = Self.sorted(
                package.depends.compactMap { PackageRecord.name(inSpec: $0).flatMap { places[$0] } },
                without: place)
        }
    }

    /// nil where the project is not there: most of what a wheel lists is for other platforms and extras, and
    /// reading all of it takes longer than everything else.
    private func requirement(_ text: String) -> WheelRequirement? {
        let name = text.utf8.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard let place = projects[DependencyGraph.normalized(String(decoding: name, as: UTF8.self))] else {
            return nil
        }
        // What cannot be read says no more than its name.
        let whole = try? Requirement(text)
        return WheelRequirement(place: place, extras: whole?.extras ?? [], marker: whole?.marker)
    }

    private func holds(_ marker: Marker?, extras: Set<ProjectName>) -> Bool {
        guard let marker else { return true }
        guard let target else { return !marker.asksForExtra || !extras.isEmpty }
        return marker.holds(in: target, extras: extras)
    }

    /// A wheel whose extras grow is looked at again: more of what it needs may apply.
    private mutating func follow(_ wheels: [Int]) {
        var queue = wheels
        while let place = queue.popLast() {
            let applying = requirements[place].filter { holds($0.marker, extras: extras[place]) }
            needs[place] = Self.sorted(applying.map(\.place), without: place)
            for requirement in applying where packages[requirement.place].kind == .wheel {
                let known = extras[requirement.place].count
                extras[requirement.place].formUnion(requirement.extras)
                if extras[requirement.place].count > known { queue.append(requirement.place) }
            }
        }
    }

    /// A package that nobody asked for is there because another one needs it, and where no edge says which,
    /// through an extra that the spec named.
    private mutating func guessExtras() {
        var unexplained = self.unexplained()
        for place in packages.indices where packages[place].requested && packages[place].kind == .wheel {
            guard !unexplained.isEmpty else { return }
            let all = packages[place].depends.compactMap { text in try? Requirement(text) }
            for extra in Set(all.flatMap { $0.marker?.extras ?? [] }).sorted() {
                let own = all.filter {
                    holds($0.marker, extras: [extra]) && !holds($0.marker, extras: [])
                }.map { projects[$0.name.normalized] }
                guard !own.contains(nil), own.contains(where: { $0.map(unexplained.contains) ?? false })
                else { continue }
                extras[place].insert(extra)
                follow([place])
                unexplained = self.unexplained()
            }
        }
    }

    /// The places that no way leads to from what was asked for.
    private func unexplained() -> Set<Int> {
        var rest = Set(packages.indices)
        var queue = packages.indices.filter { packages[$0].requested }
        rest.subtract(queue)
        while let place = queue.popLast() {
            for need in needs[place] where rest.remove(need) != nil { queue.append(need) }
        }
        return rest
    }

    /// As the packages are sorted.
    private static func sorted(_ places: [Int], without own: Int) -> [Int] {
        Set(places).subtracting([own]).sorted()
    }
}

extension MarkerEnvironment {
    /// What markers are judged by on the platform and the Python of an environment; nil where the source does not
    /// tell them.
    init?(_ set: PackageSet) {
        guard let version = set.facts[.pythonVersion].flatMap({ try? PythonVersion($0) }),
            let platform = set.facts[.platform].flatMap({ try? TargetPlatform(subdir: $0) })
        else { return nil }
        self = .cpython(version, platform: platform)
        if let name = set.facts[.pythonImplementation], name != "cpython" {
            implementationName = name
            platformPythonImplementation = name == "pypy" ? "PyPy" : name
        }
    }
}

extension Marker {
    /// The extras that it names.
    fileprivate var extras: [ProjectName] { Self.extras(expression) }

    private static func extras(_ expression: Expression) -> [ProjectName] {
        switch expression {
        case .clause(let clause):
            clause.variable == .extra || clause.variable == .extras
                ? (try? ProjectName(clause.literal)).map { [$0] } ?? [] : []
        case .all(let parts), .any(let parts): parts.flatMap(extras)
        }
    }
}
