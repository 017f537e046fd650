/// Paths by which a package asks that something is run or shown.
extension CondaPackageInfo {
    /// Scripts that conda runs around the linking of a package (CEP 32).
    public enum LinkAction: String, Hashable, Sendable, CaseIterable {
        case preLink = "pre-link"
        case postLink = "post-link"
        case preUnlink = "pre-unlink"
    }

    /// The script of a package for an action, relative to the prefix; on Windows it would be another.
    public static func linkScript(of name: String, _ action: LinkAction) -> String {
        "bin/.\(name)-\(action.rawValue).sh"
    }

    /// Those that the package has.
    public var linkScripts: [(action: LinkAction, path: String)] {
        LinkAction.allCases.compactMap { action in
            let path = Self.linkScript(of: index.name, action)
            return paths.entries.contains { $0.path == path } ? (action, path) : nil
        }
    }

    /// `Menu/*.json`: items for a desktop's menu.
    public var menus: [String] { paths(in: "Menu/", ending: ".json") }
    public var activationScripts: [String] { paths(in: "etc/conda/activate.d/", ending: "") }
    public var deactivationScripts: [String] { paths(in: "etc/conda/deactivate.d/", ending: "") }
    public var environmentVariables: [String] { paths(in: "etc/conda/env_vars.d/", ending: "") }

    /// Files directly in a directory, sorted by their UTF-8 bytes, in which order conda runs them.
    private func paths(in directory: String, ending: String) -> [String] {
        paths.entries.lazy.filter { $0.kind != .directory }.map(\.path).filter { path in
            path.utf8.starts(with: directory.utf8)
                && path.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
                && !path.utf8.dropFirst(directory.utf8.count).contains(UInt8(ascii: "/"))
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
