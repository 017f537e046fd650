import Bundle
import Conda
import Failures

/// Which link scripts of a bundle may run on this host.
public enum LinkScriptChoice: Hashable, Sendable {
    /// Those of the packages that the bundle's manifest names, which is none unless its spec did.
    case manifest
    /// Those of these packages too.
    case also([String])
    /// Those of every package.
    case all
    /// None, whatever the manifest says (constructor's `-s`).
    case none
}

/// One script that a conda package wants run, and what becomes of it.
public struct LinkScript: Hashable, Sendable, Encodable {
    public enum Action: String, Hashable, Sendable, Encodable {
        case preLink = "pre-link"
        case postLink = "post-link"
        case preUnlink = "pre-unlink"
    }

    public enum Fate: String, Hashable, Sendable, Encodable {
        /// When the environment is in place.
        case runs
        /// When the environment is removed.
        case runsAtRemoval = "runs-at-removal"
        /// Nobody allowed it.
        case skipped
        /// `pre-link` could only change an unpacked package, and there is none.
        case never
    }

    /// The conda package.
    public let package: String
    /// `name-version-build`.
    public let distribution: String
    public let version: String
    public let action: Action
    /// Relative to the prefix.
    public let path: String
    public let fate: Fate

    /// In install order, which is that of dependencies: the scripts that the manifest's hooks tell of.
    static func all(of manifest: Manifest, allowed: (String) -> Bool) -> [LinkScript] {
        manifest.archives.filter { $0.kind == .conda }.flatMap { archive in
            archive.hooks.compactMap { hook -> LinkScript? in
                guard hook.hasPrefix(hookMark),
                    let action = Action(rawValue: String(hook.dropFirst(hookMark.count)))
                else { return nil }
                let isAllowed = allowed(archive.name)
                let fate: Fate =
                    switch action {
                    case .preLink: .never
                    case .postLink: isAllowed ? .runs : .skipped
                    case .preUnlink: isAllowed ? .runsAtRemoval : .skipped
                    }
                return LinkScript(
                    package: archive.name,
                    distribution: "\(archive.name)-\(archive.version)-\(archive.build ?? "")",
                    version: archive.version, action: action,
                    path: "bin/.\(archive.name)-\(action.rawValue).sh", fate: fate)
            }
        }
    }

    private static let hookMark = "link script "

    /// - Throws: `InstallError` of kind `usage` for a package that the bundle does not have.
    public static func all(of manifest: Manifest, _ choice: LinkScriptChoice) throws -> [LinkScript] {
        let named = Set(manifest.install.linkScripts ?? [])
        switch choice {
        case .manifest: return all(of: manifest) { named.contains($0) }
        case .none: return all(of: manifest) { _ in false }
        case .all: return all(of: manifest) { _ in true }
        case .also(let names):
            let scripts = all(of: manifest) { named.contains($0) || names.contains($0) }
            let known = Set(scripts.map(\.package))
            let failures = names.filter { !known.contains($0) }.map { name in
                InstallError(
                    .usage,
                    "the bundle has no conda package '\(name)' with link scripts; it has \(known.isEmpty ? "none with any" : known.sorted().joined(separator: ", "))"
                )
            }
            guard failures.isEmpty else { throw FailureList(failures) }
            return scripts
        }
    }
}

extension [LinkScript] {
    /// Packages whose scripts may run, as the record keeps them; nil for none.
    var allowed: [String]? {
        let names = Set(filter { $0.fate == .runs || $0.fate == .runsAtRemoval }.map(\.package))
        return names.isEmpty ? nil : names.sorted()
    }
}

/// A link script that was run.
public struct LinkScriptResult: Hashable, Sendable, Encodable {
    public let package: String
    public let action: LinkScript.Action
    /// Where its output is kept, relative to the prefix.
    public let log: String
    /// What it wanted to say (`.messages.txt`).
    public let messages: String
}
