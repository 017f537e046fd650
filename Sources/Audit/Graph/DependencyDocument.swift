/// A dependency graph for `airlift inspect --tree --json`: every package with what it needs itself. Its keys are
/// stable, and `airlift_tree` counts up when their meaning changes.
public struct DependencyDocument: Codable, Hashable, Sendable {
    public static let formatVersion = 1

    public var formatVersion: Int
    /// Of the environment.
    public var title: String
    /// The Python that wheels stand on, which none of them names.
    public var interpreter: DependencyGraph.Node?
    /// By kind and name.
    public var packages: [Package]

    enum CodingKeys: String, CodingKey {
        case title, interpreter, packages
        case formatVersion = "airlift_tree"
    }

    public struct Package: Codable, Hashable, Sendable {
        public var kind: PackageSet.Kind
        public var name: String
        public var version: String
        public var requested: Bool
        /// Extras of a wheel that are in use; nil for none.
        public var extras: [String]?
        /// What it needs itself.
        public var dependencies: [DependencyGraph.Node]
        /// What needs it itself.
        public var dependents: [DependencyGraph.Node]
    }

    /// - Parameter filter: which packages are told.
    public init(_ graph: DependencyGraph, title: String, keeping filter: PackageFilter = PackageFilter()) {
        formatVersion = Self.formatVersion
        self.title = title
        interpreter = graph.interpreter
        packages = zip(graph.nodes, graph.packages).filter { filter.keeps($1) }.map { node, package in
            Package(
                kind: node.kind, name: node.name, version: node.version, requested: package.requested,
                extras: graph.extras[node], dependencies: graph.dependencies(of: node),
                dependents: graph.dependents(of: node))
        }
    }
}
