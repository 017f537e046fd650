/// A set of version clauses that must all hold (PEP 440), such as `>=2.1,<3`. Without a clause every
/// version is in it.
public struct VersionSpecifiers: Sendable, Hashable, CustomStringConvertible {
    /// In the order in which they were written.
    public let clauses: [VersionSpecifier]

    public init(_ clauses: [VersionSpecifier] = []) { self.clauses = clauses }

    /// Reads clauses between commas; white space and empty clauses are allowed.
    public init(_ text: some StringProtocol) throws(WheelError) {
        var clauses: [VersionSpecifier] = []
        for part in Substring(text).split(separator: ",") where !trimmed(part).isEmpty {
            clauses.append(try VersionSpecifier(part))
        }
        self.clauses = clauses
    }

    /// Without a clause.
    public var isEmpty: Bool { clauses.isEmpty }

    /// The version of a lone `==` clause without `.*`, or of a lone `===` with a version.
    public var pin: PythonVersion? {
        guard clauses.count == 1, let clause = clauses.first, !clause.isWildcard,
            clause.comparison == .equal || clause.comparison == .arbitrary
        else { return nil }
        return clause.version
    }

    /// Whether a clause names a pre-release, by which the whole set asks for them.
    public var namesPrerelease: Bool { clauses.contains(where: \.namesPrerelease) }

    /// Whether all clauses hold. A lone version has no alternatives, so a pre-release counts like any
    /// other unless `prereleases` is false; choosing among several is `filter`'s.
    public func contains(_ version: PythonVersion, prereleases: Bool = true) -> Bool {
        if !prereleases, version.isPrerelease { return false }
        return clauses.allSatisfy { $0.contains(version) }
    }

    /// The versions that fit, in their order. With `prereleases` nil, PEP 440's default: pre-releases
    /// only where a clause names one, or where nothing else fits.
    public func filter(_ versions: [PythonVersion], prereleases: Bool? = nil) -> [PythonVersion] {
        let fitting = versions.filter { contains($0) }
        if prereleases ?? namesPrerelease { return fitting }
        let final = fitting.filter { !$0.isPrerelease }
        return final.isEmpty && prereleases == nil ? fitting : final
    }

    /// The clauses sorted as text and joined by commas, so that equal sets are written alike.
    public var description: String {
        var seen: Set<String> = []
        return clauses.map(\.description).filter { seen.insert($0).inserted }.sorted().joined(separator: ",")
    }

    public static func == (a: VersionSpecifiers, b: VersionSpecifiers) -> Bool {
        Set(a.clauses) == Set(b.clauses)
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(Set(clauses)) }
}
