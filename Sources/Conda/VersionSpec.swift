/// Which versions of a package will do (CEP 29, "Version matching"): clauses such as `>=1.2`, `1.2.*`, `!=1.3`,
/// `~=1.4.2`, `1.*.3`, `^1\.2.*$`, joined by `,` (and), which binds tighter, and `|` (or); parentheses group.
public struct VersionSpec: Hashable, Sendable {
    indirect enum Node: Hashable, Sendable {
        case clause(Clause)
        /// Two or more.
        case all([Node])
        case any([Node])
    }

    let root: Node

    init(_ root: Node) { self.root = root }

    /// All versions, `*`.
    public static let any = VersionSpec(.clause(.anything))

    /// - Throws: `CondaError` with what is wrong, and in which clause.
    public init(_ text: some StringProtocol) throws(CondaError) {
        var parser = try VersionSpecParser(text)
        root = try parser.specification()
    }

    public func matches(_ version: CondaVersion) -> Bool { Self.matches(root, version) }

    public var isAny: Bool { root == .clause(.anything) }

    /// The version of `==1.2` or `1.2`; nil for everything that more versions can match.
    public var exactVersion: CondaVersion? {
        if case .clause(.equal(let version)) = root { version } else { nil }
    }

    private static func matches(_ node: Node, _ version: CondaVersion) -> Bool {
        switch node {
        case .clause(let clause): clause.matches(version)
        case .all(let nodes): nodes.allSatisfy { matches($0, version) }
        case .any(let nodes): nodes.contains { matches($0, version) }
        }
    }
}

extension VersionSpec: CustomStringConvertible {
    /// The shortest text that reads as the same constraint.
    public var description: String { Self.text(root) }

    private static func text(_ node: Node) -> String {
        switch node {
        case .clause(let clause): clause.description
        case .any(let nodes): nodes.map(text).joined(separator: "|")
        case .all(let nodes):
            nodes.map { node in
                if case .any = node { "(\(text(node)))" } else { text(node) }
            }.joined(separator: ",")
        }
    }
}
