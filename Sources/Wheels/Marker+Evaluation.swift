extension Marker {
    /// Whether it holds on the target, when the extras (and, in lock files, dependency groups) are asked for.
    ///
    /// A marker names one `extra` at a time, so with several it holds when it does for one of them;
    /// with none, `extra` is empty.
    public func holds(
        in environment: MarkerEnvironment, extras: Set<ProjectName> = [], groups: Set<ProjectName> = []
    ) -> Bool {
        let names = Set(extras.map(\.normalized))
        let groupNames = Set(groups.map(\.normalized))
        func judge(_ extra: String) -> Bool {
            Self.judge(expression) { clause in
                switch clause.variable {
                case .extra: return clause.holds(extra)
                case .extras: return names.contains(clause.literal) == (clause.comparison == .within)
                case .dependencyGroups:
                    return groupNames.contains(clause.literal) == (clause.comparison == .within)
                default: return clause.holds(environment[clause.variable] ?? "")
                }
            }
        }
        if names.isEmpty || !asksForExtra { return judge("") }
        return names.contains(where: judge)
    }

    private static func judge(_ expression: Expression, _ clause: (Clause) -> Bool) -> Bool {
        switch expression {
        case .clause(let part): clause(part)
        case .all(let parts): parts.allSatisfy { judge($0, clause) }
        case .any(let parts): parts.contains { judge($0, clause) }
        }
    }
}

extension Marker.Clause {
    /// PEP 508: as versions "when both sides are valid version specifiers", otherwise as text, where an
    /// order has no meaning beyond equality.
    func holds(_ value: String) -> Bool {
        let (left, right) = literalFirst ? (literal, value) : (value, literal)
        if comparison == .arbitrary { return asciiLowered(left) == asciiLowered(right) }
        if variable.isVersion, let specifier = try? VersionSpecifier(comparison.rawValue + right) {
            guard let version = try? PythonVersion(left) else { return false }
            return specifier.contains(version)
        }
        switch comparison {
        case .equal, .atMost, .atLeast: return left == right
        case .notEqual: return left != right
        case .within: return contains(right, left)
        case .notWithin: return !contains(right, left)
        case .below, .above, .compatible, .arbitrary: return false
        }
    }

    private func contains(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        if part.isEmpty { return true }
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
