/// The licences that a policy allows and denies.
///
/// A package's expression is satisfied when there is a choice among its alternatives (`OR`) in which every
/// licence (`AND`) is allowed and none is denied. Without an allow list every licence is allowed that is not
/// denied.
struct LicenseRules: Sendable {
    /// Licences and combinations with `AND`; a list with `OR` counts as its alternatives.
    let allow: [SPDXExpression]
    let deny: [SPDXExpression]

    init(allow: [SPDXExpression], deny: [SPDXExpression]) {
        self.allow = allow.flatMap(Self.alternatives)
        self.deny = deny.flatMap(Self.alternatives)
    }

    var isEmpty: Bool { allow.isEmpty && deny.isEmpty }

    private static func alternatives(_ expression: SPDXExpression) -> [SPDXExpression] {
        if case .any(let parts) = expression { parts } else { [expression] }
    }

    /// Whether some choice is free of what is denied.
    func isFreeOfDenied(_ expression: SPDXExpression) -> Bool {
        guard !Self.lists(deny, expression) else { return false }
        switch expression {
        case .license: return true
        case .all(let parts): return parts.allSatisfy(isFreeOfDenied)
        case .any(let parts): return parts.contains(where: isFreeOfDenied)
        }
    }

    /// Whether some choice has only what is allowed, whatever is denied.
    func isAllowed(_ expression: SPDXExpression) -> Bool {
        guard !allow.isEmpty, !Self.lists(allow, expression) else { return true }
        switch expression {
        case .license: return false
        case .all(let parts): return parts.allSatisfy(isAllowed)
        case .any(let parts): return parts.contains(where: isAllowed)
        }
    }

    /// Whether one and the same choice is both.
    func isAcceptable(_ expression: SPDXExpression) -> Bool {
        switch expression {
        case .license: return isFreeOfDenied(expression) && isAllowed(expression)
        case .any(let parts): return parts.contains(where: isAcceptable)
        case .all(let parts):
            guard isFreeOfDenied(expression) else { return false }
            return Self.lists(allow, expression) || parts.allSatisfy(isAcceptable)
        }
    }

    /// Whether a list has the licence, or the very combination.
    private static func lists(_ list: [SPDXExpression], _ expression: SPDXExpression) -> Bool {
        list.contains { item in
            switch (item, expression) {
            case (.license(let item), .license(let license)): item.covers(license)
            case (.all, .all): Set(parts(item)) == Set(parts(expression))
            default: false
            }
        }
    }

    private static func parts(_ expression: SPDXExpression) -> [SPDXExpression] {
        if case .all(let parts) = expression.current { parts } else { [] }
    }
}
