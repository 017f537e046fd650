import Wheels

/// Which of two versions is later, by the rule of their kind.
enum VersionOrder {
    enum Direction: Sendable { case ascending, same, descending }

    /// PEP 440 for wheels and interpreters; nil where a version does not follow it, and for conda packages,
    /// whose versions are ordered by another rule unless both read as PEP 440 release numbers.
    static func compare(_ from: String, _ to: String, kind: PackageSet.Kind) -> Direction? {
        guard let a = try? PythonVersion(from), let b = try? PythonVersion(to) else { return nil }
        if kind == .conda, !isPlain(from) || !isPlain(to) { return nil }
        if a == b { return .same }
        return a < b ? .ascending : .descending
    }

    /// Numbers and dots alone mean the same order in both worlds.
    private static func isPlain(_ version: String) -> Bool {
        version.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
    }
}
