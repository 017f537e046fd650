import Wheels

/// Which package of an environment needs which others of it.
///
/// An edge leads only to a package that is there: what a marker (PEP 508) rules out on the target, an extra that
/// nobody asked for and conda's virtual packages (`__glibc`) make none. What a wheel needs may be a conda package
/// of the project's name; a match spec's name decides alone, its versions were judged when the environment was
/// resolved. Cycles are allowed. No wheel names the Python that it stands on; that is `interpreter`.
public struct DependencyGraph: Sendable {
    /// One package. Where a set has one of them twice, the graph has it once.
    public struct Node: Codable, Hashable, Sendable, Comparable {
        public var kind: PackageSet.Kind
        /// As its source spells it.
        public var name: String
        public var version: String

        public init(kind: PackageSet.Kind, name: String, version: String) {
            self.kind = kind
            self.name = name
            self.version = version
        }

        public init(_ package: PackageSet.Package) {
            self.init(kind: package.kind, name: package.name, version: package.version)
        }

        public static func < (a: Node, b: Node) -> Bool {
            (a.kind, a.name, a.version) < (b.kind, b.name, b.version)
        }
    }

    /// Sorted.
    public let nodes: [Node]
    /// As the nodes are sorted, one for each.
    public let packages: [PackageSet.Package]
    /// The extras of wheels that are in use. Which ones a spec asked for is told by no manifest: an extra of a
    /// requested wheel counts as asked for where all that it needs is there and nothing else explains it.
    public let extras: [Node: [String]]
    /// The Python that wheels stand on: the interpreter's archive, or conda's `python` where the source says that
    /// it is the base interpreter; nil where the environment carries none.
    public let interpreter: Node?

    let needs: [[Int]]
    let neededBy: [[Int]]
    let places: [Node: Int]

    public init(_ set: PackageSet) {
        var found: [Node: PackageSet.Package] = [:]
        for package in set.packages.sorted(by: { $0.filename < $1.filename }) {
            let node = Node(package)
            if found[node] == nil { found[node] = package }
        }
        let sorted = found.sorted { $0.key < $1.key }
        nodes = sorted.map(\.key)
        packages = sorted.map(\.value)
        places = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        var builder = DependencyGraphBuilder(packages, target: MarkerEnvironment(set))
        builder.run()
        needs = builder.needs
        extras = Dictionary(
            uniqueKeysWithValues: zip(nodes, builder.extras).compactMap { node, extras in
                extras.isEmpty ? nil : (node, extras.map(\.normalized).sorted())
            })
        var neededBy = nodes.map { _ in [Int]() }
        for (index, needs) in needs.enumerated() {
            for need in needs { neededBy[need].append(index) }
        }
        self.neededBy = neededBy
        let isConda = set.facts[.pythonSource] == "conda"
        interpreter = nodes.first {
            isConda ? $0.kind == .conda && $0.name == "python" : $0.kind == .python
        }
    }

    /// What was asked for, sorted.
    public var roots: [Node] { rootPlaces.map { nodes[$0] } }

    var rootPlaces: [Int] { nodes.indices.filter { packages[$0].requested } }

    /// nil for a stranger.
    public func package(_ node: Node) -> PackageSet.Package? { places[node].map { packages[$0] } }

    /// What it needs itself, sorted.
    public func dependencies(of node: Node) -> [Node] {
        places[node].map { needs[$0].map { nodes[$0] } } ?? []
    }

    /// What needs it itself, sorted.
    public func dependents(of node: Node) -> [Node] {
        places[node].map { neededBy[$0].map { nodes[$0] } } ?? []
    }

    /// The packages of a name in its normalised form (PEP 503), of every kind.
    public func nodes(named name: String) -> [Node] {
        let normal = Self.normalized(name)
        return nodes.filter { Self.normalized($0.name) == normal }
    }

    static func normalized(_ name: String) -> String { (try? ProjectName(name))?.normalized ?? name }
}
