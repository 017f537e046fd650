/// One clause of a version specifier (PEP 440), such as `>=2.1` or `==1.4.*`.
public struct VersionSpecifier: Sendable, CustomStringConvertible {
    public enum Comparison: String, Sendable, CaseIterable {
        case arbitrary = "==="
        case compatible = "~="
        case equal = "=="
        case notEqual = "!="
        case atMost = "<="
        case atLeast = ">="
        case below = "<"
        case above = ">"
    }

    public let comparison: Comparison
    /// nil only for `===` with a text that is no version.
    public let version: PythonVersion?
    /// Whether `.*` followed the version.
    public let isWildcard: Bool
    /// The version as it was written, with its `.*`.
    public let versionText: String

    /// Reads one clause, white space around its parts allowed.
    public init(_ text: some StringProtocol) throws(WheelError) {
        let clause = trimmed(Substring(text))
        guard
            let comparison = Comparison.allCases.first(where: { clause.utf8.starts(with: $0.rawValue.utf8) })
        else {
            throw WheelError(.specifier, text, "it does not start with one of === ~= == != <= >= < >")
        }
        let written = trimmed(Substring(clause.utf8.dropFirst(comparison.rawValue.utf8.count)))
        self.comparison = comparison
        versionText = String(written)
        if comparison == .arbitrary {
            guard !written.isEmpty, !written.utf8.contains(where: { $0.isSpace || $0 == 0x3b || $0 == 0x29 })
            else {
                throw WheelError(.specifier, text, "'===' wants one word without spaces, ';' and ')'")
            }
            version = try? PythonVersion(written)
            isWildcard = false
            return
        }
        isWildcard = written.utf8.suffix(2).elementsEqual(".*".utf8)
        let version: PythonVersion
        do { version = try PythonVersion(isWildcard ? written.dropLast(2) : written) } catch {
            throw WheelError(.specifier, text, "'\(written)' is no version of PEP 440")
        }
        if let fault = Self.fault(comparison, version, isWildcard) {
            throw WheelError(.specifier, text, fault)
        }
        self.version = version
    }

    private static func fault(_ comparison: Comparison, _ version: PythonVersion, _ wildcard: Bool) -> String?
    {
        let equality = comparison == .equal || comparison == .notEqual
        if wildcard, !equality { return "'.*' goes with == and != only" }
        if wildcard, version.isPrerelease || version.isPostrelease || version.local != nil {
            return "'.*' follows a release such as 1.4, with no pre, post, dev or local part"
        }
        if version.local != nil, !equality { return "a local version goes with == and != only" }
        if comparison == .compatible, version.release.count < 2 {
            return "'~=' wants two release numbers at least, such as ~=1.4"
        }
        return nil
    }

    public var description: String { comparison.rawValue + versionText }

    /// Whether the clause itself names a pre-release, by which it asks for them.
    public var namesPrerelease: Bool {
        comparison != .notEqual && !isWildcard && version?.isPrerelease == true
    }

    /// Whether `candidate` lies in the clause's set, pre-releases included.
    public func contains(_ candidate: PythonVersion) -> Bool {
        guard comparison != .arbitrary, let version else {
            return asciiLowered(candidate.description) == asciiLowered(versionText)
        }
        switch comparison {
        case .arbitrary: return false
        case .equal: return isEqual(candidate, version)
        case .notEqual: return !isEqual(candidate, version)
        case .atLeast: return candidate >= version
        case .atMost: return candidate.publicVersion <= version
        case .compatible:
            return candidate >= version
                && hasPrefix(candidate, version, version.release.count - 1)
        case .below:
            guard candidate < version else { return false }
            // "Unless the specified version is itself a pre-release", its own pre-releases are left out.
            return version.isPrerelease
                || !(candidate.hasSameRelease(as: version) && candidate.post == version.post
                    && (version.post == nil || candidate.pre == nil))
        case .above:
            guard candidate.publicVersion > version else { return false }
            // Its own post-releases are left out, unless the specified version is one.
            return version.post != nil || version.dev != nil
                || !(candidate.hasSameRelease(as: version) && candidate.pre == version.pre)
        }
    }

    private func isEqual(_ candidate: PythonVersion, _ version: PythonVersion) -> Bool {
        if isWildcard { return hasPrefix(candidate, version, version.release.count) }
        return (version.local == nil ? candidate.publicVersion : candidate) == version
    }

    private func hasPrefix(_ candidate: PythonVersion, _ version: PythonVersion, _ count: Int) -> Bool {
        candidate.epoch == version.epoch
            && (0..<count).allSatisfy { candidate.releaseNumber($0) == version.release[$0] }
    }
}

extension VersionSpecifier: Hashable {
    public static func == (a: VersionSpecifier, b: VersionSpecifier) -> Bool {
        guard a.comparison == b.comparison, a.isWildcard == b.isWildcard else { return false }
        // `~=1.4` and `~=1.4.0`, `==1.*` and `==1.0.*` differ although the versions are equal.
        if a.comparison == .compatible || a.isWildcard {
            return a.version == b.version && a.version?.release.count == b.version?.release.count
        }
        if a.comparison == .arbitrary { return asciiLowered(a.versionText) == asciiLowered(b.versionText) }
        return a.version == b.version
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(comparison)
        if comparison == .arbitrary {
            hasher.combine(asciiLowered(versionText))
        } else {
            hasher.combine(version)
        }
    }
}
