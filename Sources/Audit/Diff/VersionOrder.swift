import Conda
import Wheels

/// Which of two versions is later, by the rule of their kind.
enum VersionOrder {
    enum Direction: Sendable { case ascending, same, descending }

    /// PEP 440 for wheels and interpreters, CEP 33 for conda packages; nil where a version does not follow it.
    static func compare(_ from: String, _ to: String, kind: PackageSet.Kind) -> Direction? {
        if kind == .conda {
            guard let a = try? CondaVersion(from), let b = try? CondaVersion(to) else { return nil }
            return a == b ? .same : a < b ? .ascending : .descending
        }
        guard let a = try? PythonVersion(from), let b = try? PythonVersion(to) else { return nil }
        return a == b ? .same : a < b ? .ascending : .descending
    }
}
