import Files

/// A root: the releases of one bundle name, and which of them is the current one.
///
///     R/releases/2026.11.21/     a release: a prefix
///     R/current -> releases/2026.11.21
public struct InstalledRoot: Sendable {
    public static let releasesPath = "releases"
    public static let currentPath = "current"

    public let directory: Directory
    /// Name of the release that `current` leads to, whether it is there or not; nil where there is no such link.
    public let current: String?
    /// The latest first, by their serials; damaged ones last.
    public let releases: [Release]

    public struct Release: Sendable {
        /// Of its directory.
        public let name: String
        /// nil where it cannot be read.
        public let record: InstallRecord?
        /// Why it cannot.
        public let fault: String?
    }

    /// nil for a directory that is no root.
    /// - Throws: where `current` leads elsewhere than to a release.
    public static func read(_ directory: Directory) throws -> InstalledRoot? {
        guard try directory.status(of: RelativePath(releasesPath))?.kind == .directory else { return nil }
        let link = try directory.status(of: RelativePath(currentPath))
        let own = try directory.status(of: RelativePath(ReleaseRoot.ownPath))
        guard link?.kind == .symbolicLink || own?.kind == .directory else { return nil }
        return InstalledRoot(
            directory: directory, current: try current(in: directory), releases: try releases(in: directory))
    }

    /// Name of the release that `current` leads to, whether it is there or not; nil where there is no such link.
    static func current(in directory: Directory) throws -> String? {
        let current = try RelativePath(currentPath)
        guard let status = try directory.status(of: current) else { return nil }
        guard status.kind == .symbolicLink else {
            throw InstallError(
                .targetInTheWay,
                "'\(directory.path)/\(current)' should be a symbolic link to a release, and is none; move it away"
            )
        }
        let target = try directory.symbolicLinkTarget(current)
        let parts = (try? RelativePath(target))?.components ?? []
        guard parts.count == 2, parts[0] == releasesPath else {
            throw InstallError(
                .damaged,
                "'\(directory.path)/\(current)' leads to '\(target)', and should lead to one of '\(releasesPath)'"
            )
        }
        return String(parts[1])
    }

    /// Names that start with a dot are of releases that are being written or removed.
    static func releases(in root: Directory) throws -> [Release] {
        let path = try RelativePath(releasesPath)
        // A root that is being taken away may have lost it already.
        guard try root.status(of: path) != nil else { return [] }
        let directory = try root.directory(path)
        let found = try directory.names().filter { !$0.hasPrefix(".") }.compactMap { name -> Release? in
            let path = try RelativePath(name)
            guard try directory.status(of: path)?.kind == .directory else { return nil }
            do {
                if try UnfinishedMark.isIn(path, of: directory) {
                    return Release(
                        name: name, record: nil, fault: "its link scripts were cut off, or are running")
                }
                let record = try InstallRecord.read(directory.directory(path))
                return Release(name: name, record: record, fault: record == nil ? "it has no record" : nil)
            } catch let error as InstallError {
                return Release(name: name, record: nil, fault: error.description)
            }
        }
        return found.sorted { a, b in
            let (first, second) = (a.record?.serial ?? .min, b.record?.serial ?? .min)
            return first == second ? a.name.utf8.lexicographicallyPrecedes(b.name.utf8) : first > second
        }
    }

    /// The directory of a release.
    public func directory(of release: String) throws -> Directory {
        try directory.directory(RelativePath(Self.releasesPath)).directory(RelativePath(release))
    }
}
