extension SPDXExpression.License {
    /// The same licence without deprecated identifiers: `GPL-2.0` is `GPL-2.0-only`, `GPL-2.0+` is
    /// `GPL-2.0-or-later`, `GPL-2.0-with-classpath-exception` is two identifiers. What has no replacement
    /// stays as it is.
    public var current: SPDXExpression.License {
        guard SPDXLicenseList.isDeprecated(identifier) else { return self }
        if let text = SPDXLicenseList.replacements[identifier],
            case .license(var license)? = try? SPDXExpression(text)
        {
            license.orLater = orLater
            license.exception = exception ?? license.exception
            return license
        }
        guard SPDXLicenseList.families.contains(where: identifier.hasPrefix),
            let name = SPDXLicenseList.license(identifier + (orLater ? "-or-later" : "-only"))
        else { return self }
        var license = self
        license.identifier = name
        license.orLater = false
        return license
    }

    /// Whether a list that names `self` speaks of `other`: the same licence, deprecated identifiers read as
    /// their successors. Without an exception `self` stands for the licence with any; with one, only for that.
    ///
    /// Versions are not reckoned with: `GPL-2.0-or-later` and `GPL-3.0-only` are two licences.
    func covers(_ other: SPDXExpression.License) -> Bool {
        let (a, b) = (current, other.current)
        return a.identifier.lowercased() == b.identifier.lowercased() && a.orLater == b.orLater
            && a.document?.lowercased() == b.document?.lowercased()
            && (a.exception == nil || a.exception == b.exception)
    }
}

extension SPDXExpression {
    /// With every licence as `License.current` has it.
    public var current: SPDXExpression {
        switch self {
        case .license(let license): .license(license.current)
        case .all(let parts): .joined(parts.map(\.current), all: true)
        case .any(let parts): .joined(parts.map(\.current), all: false)
        }
    }

    /// Whether there is a choice among the alternatives in which every licence is acceptable: `OR` needs one
    /// acceptable branch, `AND` needs all.
    public func isSatisfied(by isAcceptable: (License) -> Bool) -> Bool {
        switch self {
        case .license(let license): isAcceptable(license)
        case .all(let parts): parts.allSatisfy { $0.isSatisfied(by: isAcceptable) }
        case .any(let parts): parts.contains { $0.isSatisfied(by: isAcceptable) }
        }
    }
}
