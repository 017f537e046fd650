extension DependencyGraph {
    /// Why a package is there: from each requested package that leads to it with no other requested one between,
    /// every shortest such way, both ends included; just itself where it was asked for. Shorter ways come first,
    /// then names decide.
    /// - Parameter limit: no more ways than these are looked for: where much depends on much, there can be more
    ///   of them than memory holds.
    public func paths(to node: Node, limit: Int = 1_000) -> [[Node]] {
        guard let target = places[node] else { return [] }
        let distances = distances(to: target)
        let starts = rootPlaces.compactMap { place in distances[place].map { (place, $0) } }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        var ways: [[Int]] = []
        for (start, _) in starts where ways.count < limit {
            var open = [[start]]
            while let way = open.popLast(), ways.count < limit {
                guard let last = way.last, last != target, let distance = distances[last] else {
                    ways.append(way)
                    continue
                }
                // Each step comes nearer, so that cycles do not matter.
                for next in needs[last].reversed()
                where distances[next] == distance - 1 && (next == target || !packages[next].requested) {
                    open.append(way + [next])
                }
            }
        }
        return ways.map { $0.map { nodes[$0] } }
    }

    /// How many steps it is from each place; nil where no way leads from it. A requested package ends the way.
    private func distances(to target: Int) -> [Int?] {
        var distances = [Int?](repeating: nil, count: nodes.count)
        distances[target] = 0
        var edge = [target]
        var distance = 0
        while !edge.isEmpty {
            distance += 1
            var next: [Int] = []
            for place in edge where place == target || !packages[place].requested {
                for dependent in neededBy[place] where distances[dependent] == nil {
                    distances[dependent] = distance
                    next.append(dependent)
                }
            }
            edge = next
        }
        return distances
    }
}
