extension VersionSpec {
    /// One version literal with its operator.
    enum Clause: Hashable, Sendable {
        case anything
        case equal(CondaVersion)
        case notEqual(CondaVersion)
        case less(CondaVersion)
        case atMost(CondaVersion)
        case more(CondaVersion)
        case atLeast(CondaVersion)
        /// `1.2.*`
        case within(CondaVersionPrefix)
        /// `!=1.2.*`
        case outside(CondaVersionPrefix)
        /// `~=1.2.3`
        case compatible(CondaVersion, CondaVersionPrefix)
        /// A glob with an asterisk that is not at its end, or a regular expression: of the text of the version.
        case like(MatchSpecPattern)
        case unlike(MatchSpecPattern)

        func matches(_ version: CondaVersion) -> Bool {
            switch self {
            case .anything: true
            case .equal(let bound): version == bound
            case .notEqual(let bound): version != bound
            case .less(let bound): version < bound
            case .atMost(let bound): version <= bound
            case .more(let bound): version > bound
            case .atLeast(let bound): version >= bound
            case .within(let prefix): version.starts(with: prefix)
            case .outside(let prefix): !version.starts(with: prefix)
            case .compatible(let bound, let prefix): version >= bound && version.starts(with: prefix)
            case .like(let pattern): pattern.matches(version.text)
            case .unlike(let pattern): !pattern.matches(version.text)
            }
        }
    }
}

extension VersionSpec.Clause: CustomStringConvertible {
    var description: String {
        switch self {
        case .anything: "*"
        case .equal(let bound): "==\(bound)"
        case .notEqual(let bound): "!=\(bound)"
        case .less(let bound): "<\(bound)"
        case .atMost(let bound): "<=\(bound)"
        case .more(let bound): ">\(bound)"
        case .atLeast(let bound): ">=\(bound)"
        case .within(let prefix): "\(prefix.text).*"
        case .outside(let prefix): "!=\(prefix.text).*"
        case .compatible(let bound, _): "~=\(bound)"
        case .like(let pattern): pattern.text
        case .unlike(let pattern): "!=\(pattern.text)"
        }
    }
}
