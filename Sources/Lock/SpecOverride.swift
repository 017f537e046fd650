/// A fault of one package that the spec knows and decides, with the reason; the manifest records it.
public struct SpecOverride: Equatable, Sendable {
    public enum Rule: Equatable, Sendable {
        /// The package's own `info/paths.json` does not match its payload: the payload is taken as it is.
        case paths
        /// Where the package and the other one bring one path with different contents, the package's is taken.
        case clobber(over: String)
    }

    /// Normalized name of a conda package.
    public var package: String
    public var rule: Rule
    /// One line for whoever reads the manifest.
    public var reason: String
    /// Of the spec.
    public var line: Int

    public init(package: String, rule: Rule, reason: String, line: Int) {
        self.package = package
        self.rule = rule
        self.reason = reason
        self.line = line
    }

    var meaning: Meaning {
        switch rule {
        case .paths: .texts([package, "paths", reason])
        case .clobber(let over): .texts([package, "clobber", over, reason])
        }
    }
}
