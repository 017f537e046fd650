import Bundle

/// Why the packages of a name are in an environment, for `airlift inspect --why`. Its keys are stable, and
/// `airlift_why` counts up when their meaning changes.
public struct PackageReason: Codable, Hashable, Sendable {
    public static let formatVersion = 1
    /// No more ways than these are told for one package.
    public static let limit = 200

    public var formatVersion: Int
    /// Of the environment.
    public var title: String
    /// One for each kind of package of that name.
    public var packages: [Package]

    enum CodingKeys: String, CodingKey {
        case title, packages
        case formatVersion = "airlift_why"
    }

    public struct Package: Codable, Hashable, Sendable {
        public var package: DependencyGraph.Node
        public var requested: Bool
        /// From each requested package that needs it every shortest way, both ends included.
        public var ways: [[DependencyGraph.Node]]
        /// Whether these are all ways.
        public var complete: Bool
    }

    private enum Words {
        static let unknown = "nothing that was asked for needs it, as far as is told"
    }

    /// - Throws: `AuditError` where no package has that name.
    public init(_ graph: DependencyGraph, title: String, name: String) throws(AuditError) {
        let nodes = graph.nodes(named: name)
        guard !nodes.isEmpty else {
            throw AuditError(title: title, package: name, among: graph.nodes.map(\.name))
        }
        formatVersion = Self.formatVersion
        self.title = title
        packages = nodes.map { node in
            let ways = graph.paths(to: node, limit: Self.limit + 1)
            return Package(
                package: node, requested: graph.package(node)?.requested ?? false,
                ways: Array(ways.prefix(Self.limit)), complete: ways.count <= Self.limit)
        }
    }

    /// For people.
    public func lines(_ graph: DependencyGraph) -> [String] {
        packages.flatMap { package -> [String] in
            var lines = ["\(graph.label(package.package)) (\(package.package.kind.rawValue))"]
            lines += package.ways.map { way in
                way.count == 1
                    ? "  it was asked for" : "  " + way.map(graph.label).joined(separator: " -> ")
            }
            if package.ways.isEmpty { lines.append("  " + Words.unknown) }
            if !package.complete { lines.append("  and more ways than \(Self.limit)") }
            return lines
        }
    }
}
