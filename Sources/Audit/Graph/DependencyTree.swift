import Bundle
import Failures

/// A dependency graph from its roots down, as `uv tree` and `cargo tree` show theirs: what a package needs stands
/// below it, once. Where it comes again a `(*)` says so. At the left margin stands what was asked for, unless
/// something else that was asked for needs it.
public struct DependencyTree: Sendable {
    private let graph: DependencyGraph
    private let isInverted: Bool
    private let depth: Int
    /// Places of what stands at the left margin.
    private let roots: [Int]
    /// As `roots`, of what no root leads to.
    private let strays: [Int]
    /// Whether it says anything that a package was asked for: not where all of them were.
    private let marksRequested: Bool

    /// Chains of packages are never so long, and a hostile one is not to fill the disk with its indentation.
    private static let deepest = 500

    /// - Parameters:
    ///   - inverted: what needs a package stands below it, and the roots are what needs nothing.
    ///   - depth: how many levels below the roots are shown; nil for all.
    ///   - filter: which packages to start from; unless it says, from what was asked for and what that leaves out.
    public init(
        _ graph: DependencyGraph, inverted: Bool = false, depth: Int? = nil,
        from filter: PackageFilter = PackageFilter()
    ) {
        self.graph = graph
        isInverted = inverted
        marksRequested = graph.packages.contains { !$0.requested }
        self.depth = min(max(0, depth ?? .max), Self.deepest)
        let edges = inverted ? graph.neededBy : graph.needs
        let all = graph.nodes.indices
        guard filter.keepsAll else {
            roots = all.filter { filter.keeps(graph.packages[$0]) }
            strays = []
            return
        }
        var reached = [Bool](repeating: false, count: all.count)
        func reach(_ start: Int) {
            var queue = [start]
            while let place = queue.popLast() {
                guard !reached[place] else { continue }
                reached[place] = true
                queue += edges[place]
            }
        }
        // Of what was asked for, first what nothing else needs: the rest then stands below it.
        let sources = all.filter { (inverted ? graph.needs : graph.neededBy)[$0].isEmpty }
        var roots: [Int] = []
        let wanted = inverted ? sources : graph.rootPlaces
        let isSource = Set(sources)
        for place in wanted.filter(isSource.contains) + wanted where !reached[place] {
            roots.append(place)
            reach(place)
        }
        self.roots = roots.sorted()
        // First what nothing needs; what is left after that are circles, of which the first by name is taken.
        var strays: [Int] = []
        for place in sources + Array(all) where !reached[place] {
            strays.append(place)
            reach(place)
        }
        self.strays = strays
    }

    /// - Parameter ascii: for terminals that show no lines.
    public func lines(ascii: Bool = false) -> [String] {
        var expanded: Set<Int> = []
        var lines: [String] = []
        var hasMark = false
        func write(_ root: Int) {
            walk(root, ascii: ascii, &expanded) { line, isMarked in
                lines.append(line)
                if isMarked { hasMark = true }
            }
        }
        for root in roots { write(root) }
        if !strays.isEmpty {
            if !roots.isEmpty { lines += ["", "Needed by nothing that was asked for, as far as is told:"] }
            for stray in strays { write(stray) }
        }
        if hasMark { lines += ["", "(*) what is below it is shown further up"] }
        return lines
    }

    /// One root and what is below it.
    private func walk(
        _ root: Int, ascii: Bool, _ expanded: inout Set<Int>,
        _ write: (String, _ isMarked: Bool) -> Void
    ) {
        let edges = isInverted ? graph.neededBy : graph.needs
        let (tee, elbow, bar) = ascii ? ("|-- ", "`-- ", "|   ") : ("├── ", "└── ", "│   ")
        // A stack of its own: a chain of packages may be longer than the thread's is deep.
        var open = [(place: root, lead: "", indent: "", level: 0)]
        while let (place, lead, indent, level) = open.popLast() {
            let below = edges[place]
            let isRepeated = expanded.contains(place)
            let isMarked = isRepeated && !below.isEmpty
            let isRequested = marksRequested && level > 0 && graph.packages[place].requested
            write(
                lead + graph.label(graph.nodes[place]) + (isRequested ? " requested" : "")
                    + (isMarked ? " (*)" : ""), isMarked)
            guard !isRepeated, level < depth else { continue }
            expanded.insert(place)
            for (index, next) in below.enumerated().reversed() {
                let isLast = index == below.count - 1
                open.append(
                    (next, indent + (isLast ? elbow : tee), indent + (isLast ? "    " : bar), level + 1))
            }
        }
    }

}

extension DependencyGraph {
    /// A package in words, for terminals: `flask[async] 3.0.3`, with the kind where there are several.
    public func label(_ node: Node) -> String {
        let extras = (extras[node] ?? []).joined(separator: ",")
        let kinds = Set(nodes.map(\.kind)).subtracting([.python])
        return node.name.printableASCII + (extras.isEmpty ? "" : "[\(extras)]") + " "
            + node.version.printableASCII + (kinds.count > 1 ? " (\(node.kind.rawValue))" : "")
    }
}
