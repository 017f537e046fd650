import Conda

extension MatchSpec {
    /// The name of the package, in lower case; empty where the spec names none.
    var packageName: String { exactName?.lowercased() ?? "" }
}
