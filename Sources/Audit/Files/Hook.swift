import Bundle

/// A file that runs without being called: whenever Python starts, when the environment is activated, or while it
/// is installed.
public struct Hook: Codable, Hashable, Sendable {
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// Lines of it that begin with `import` run at every start of Python.
        case pth
        case sitecustomize, usercustomize
        /// Sourced by whoever activates the environment.
        case activate, deactivate
        /// Variables that activation sets; `LD_PRELOAD` may be among them.
        case variables = "env_vars"
        case preLink = "pre-link"
        case postLink = "post-link"
        case preUnlink = "pre-unlink"
    }

    public var kind: Kind
    /// Relative to the prefix.
    public var path: String

    public init(_ kind: Kind, _ path: String) {
        self.kind = kind
        self.path = path
    }

    /// - Parameters:
    ///   - path: of any file, relative to the prefix.
    ///   - python: says where the directories are that Python looks into while it starts.
    /// - Returns: nil for a file that waits until it is asked for.
    public init?(_ path: String, python: Manifest.Python) {
        guard let kind = Self.kind(of: path, sitePackages: python.sitePackages) else { return nil }
        self.init(kind, path)
    }

    private static func kind(of path: String, sitePackages: String) -> Kind? {
        let bytes = path.utf8
        let slash = bytes.lastIndex(of: 0x2f)
        let directory = slash.map { path[..<$0] } ?? ""
        let name = slash.map { path[bytes.index(after: $0)...] } ?? path[...]
        func isIn(_ other: String) -> Bool { directory.utf8.elementsEqual(other.utf8) }
        if isIn("etc/conda/activate.d") { return .activate }
        if isIn("etc/conda/deactivate.d") { return .deactivate }
        if isIn("etc/conda/env_vars.d") { return .variables }
        if isIn("bin"), name.utf8.first == UInt8(ascii: ".") {
            for kind in [Kind.preLink, .postLink, .preUnlink]
            where name.utf8.hasSuffix("-\(kind.rawValue).sh".utf8) {
                return kind
            }
        }
        // A carried interpreter has its own library below base/, which it reads before anything of the environment.
        let site = sitePackages.utf8
        let library = site.lastIndex(of: 0x2f).map { sitePackages[..<$0] } ?? ""
        let base = "base/".utf8
        let place = directory.utf8.starts(with: base) ? directory.utf8.dropFirst(base.count) : directory.utf8
        if place.elementsEqual(site), name.utf8.hasSuffix(".pth".utf8) { return .pth }
        return customization(name, in: place, library: String(library), site: site)
    }

    /// The two modules that Python imports by itself, in any form in which a module may lie.
    private static func customization(
        _ name: Substring, in place: Substring.UTF8View, library: String, site: String.UTF8View
    ) -> Kind? {
        let roots = [Array(site), Array(library.utf8), Array("\(library)/lib-dynload".utf8)]
        for kind in [Kind.sitecustomize, .usercustomize] {
            let module = kind.rawValue.utf8
            if name.utf8.starts(with: module), roots.contains(where: { place.elementsEqual($0) }) {
                let ending = name.utf8.dropFirst(module.count)
                let isModule = [".py", ".pyc", ".so"].contains { ending.hasSuffix($0.utf8) }
                if ending.first == UInt8(ascii: "."), isModule { return kind }
            }
            if name.utf8.starts(with: "__init__.".utf8),
                roots.contains(where: { place.elementsEqual($0 + "/\(kind.rawValue)".utf8) })
            {
                return kind
            }
        }
        return nil
    }
}

extension BidirectionalCollection<UInt8> {
    fileprivate func hasSuffix(_ other: some BidirectionalCollection<UInt8>) -> Bool {
        suffix(other.count).elementsEqual(other)
    }
}
