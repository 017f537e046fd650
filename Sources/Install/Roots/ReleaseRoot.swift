import Failures
import Files
import Glibc

/// A root: the releases of one bundle name, what they share, and what changes them.
///
///     R/releases/2026.11.21/             a release: a prefix that nothing changes any more
///     R/current -> releases/2026.11.21   switched by renaming a symbolic link over it
///     R/state/                           paths of the releases' state, one for all of them
///     R/.airlift/                        root.json, allowed_signers, lock, journal, log, the kept installer
///
/// Reading asks for no lock. Whatever changes something runs in `withLock`.
public struct ReleaseRoot: Sendable {
    public static let releasesPath = InstalledRoot.releasesPath
    public static let currentPath = InstalledRoot.currentPath
    public static let statePath = "state"
    /// Airlift's own directory in a root.
    public static let ownPath = ".airlift"

    public let directory: Directory
    /// Absolute; symbolic links in it are not resolved. Releases name it in their scripts.
    public let path: String

    /// An existing root.
    /// - Parameter path: absolute.
    /// - Throws: `InstallError` of kind `targetInTheWay` where there is none.
    public static func open(_ path: String) throws -> ReleaseRoot {
        let path = try InstallRequest.spelled(path)
        let directory: Directory
        do throws(FileError) { directory = try Directory.open(path) } catch {
            guard error.code == ENOENT || error.code == ENOTDIR else { throw error }
            throw none(at: path)
        }
        guard try kind(of: directory) == .root else { throw none(at: path) }
        return ReleaseRoot(directory: directory, path: path)
    }

    /// An existing root; nil where there is none.
    static func ifThere(_ path: String) throws -> ReleaseRoot? {
        let directory: Directory
        do throws(FileError) { directory = try Directory.open(path) } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw error
        }
        return try kind(of: directory) == .root ? ReleaseRoot(directory: directory, path: path) : nil
    }

    static func none(at path: String) -> InstallError {
        InstallError(
            .targetInTheWay,
            "there is no root of Airlift's at '\(path)'; name the directory that was given to install --root")
    }

    /// The directory that holds the releases.
    func releasesDirectory() throws -> Directory {
        try directory.directory(RelativePath(Self.releasesPath))
    }

    /// The prefix of a release, whether it is there or not.
    public func prefix(of version: String) -> String { "\(path)/\(Self.releasesPath)/\(version)" }

    /// All releases: the latest first, by their serials; damaged ones last.
    public func releases() throws -> [InstalledRoot.Release] {
        try InstalledRoot.releases(in: directory)
    }

    /// Name of the release that `current` leads to, whether it is there or not; nil where there is no such link.
    /// - Throws: where it leads elsewhere than to a release, or is no symbolic link.
    public func current() throws -> String? { try InstalledRoot.current(in: directory) }

    /// What the root remembers; nil before a release was ever in place.
    public func state() throws -> RootState? { try RootState.read(directory) }

    /// What was done here, by whom and when.
    public var log: ActivationLog { ActivationLog(directory) }

    /// A release that is whole, with its record and manifest.
    /// - Throws: `InstallError` of kind `targetInTheWay` where there is none of this version, or it is not finished;
    ///   `damaged` where its record is.
    public func release(_ version: String) throws -> InstalledPrefix {
        let name = try Self.releaseName(version)
        let releases = try releasesDirectory()
        guard try releases.status(of: name)?.kind == .directory else {
            let names = try self.releases().map(\.name)
            throw InstallError(
                .targetInTheWay,
                "there is no release \(version.printable) in '\(path)'; \(names.isEmpty ? "there is none at all" : "there are \(names.joined(separator: ", "))")"
            )
        }
        let prefix = try releases.directory(name)
        guard try !UnfinishedMark.isIn(prefix) else {
            throw InstallError(
                .targetInTheWay,
                "the release \(version.printable) in '\(path)' was not finished: its link scripts were cut off, or are running"
            )
        }
        guard let release = try InstalledPrefix.open(prefix) else {
            throw InstallError(
                .damaged,
                "'\(prefix.path)' has no record (\(InstallRecord.path)), so it is no release that could be used"
            )
        }
        return release
    }

    /// One component, that no name of Airlift's own can be.
    static func releaseName(_ version: String) throws -> RelativePath {
        guard let path = try? RelativePath(version), path.parent == nil, !version.hasPrefix(".") else {
            throw InstallError(
                .usage,
                "'\(version.printable)' is no version of a release: it would name no directory of its own")
        }
        return path
    }
}
