import Bundle
import Digests
import Files
import Workers

/// Whether a root is what it should be: each release compared as a prefix of its own is, the link that makes one current,
/// the kept installer, and what the root remembers.
public struct RootVerification: Codable, Sendable, Equatable {
    public typealias Change = PrefixVerification.Change

    public let root: String
    /// Of the release that is current; nil where none is.
    public let current: String?
    /// What is wrong outside of the releases, by paths relative to the root.
    public let changed: [Change]
    /// Releases that could be compared.
    public let releases: [PrefixVerification]

    public var isIntact: Bool { changed.isEmpty && releases.allSatisfy(\.isIntact) }

    /// - Parameters:
    ///   - version: compares one release alone.
    ///   - bundle: releases that were installed from it are compared with it.
    ///   - progress: begins anew with each release, whose version it is told.
    /// - Throws: `InstallError` of kind `targetInTheWay` where there is no root, no release of that version, or none that
    ///   was installed from the bundle.
    public static func run(
        _ path: String, version: String? = nil, against bundle: BundleReader? = nil,
        jobs: Int = availableProcessors,
        progress: @escaping @Sendable (String, PrefixVerification.Progress) -> Void = { _, _ in }
    ) throws -> RootVerification {
        let root = try ReleaseRoot.open(path)
        var check = RootCheck(root: root)
        let all = try root.releases()
        let chosen = version.map { version in all.filter { $0.name == version } } ?? all
        if let version, chosen.isEmpty { throw root.noRelease(version) }
        if let bundle, !chosen.contains(where: { $0.record?.bundle == bundle.digest }) {
            throw InstallError(
                .targetInTheWay,
                "no release in '\(root.path)' was installed from '\(bundle.path)' (bundle digest \(bundle.digest)); give the bundle of one that is there"
            )
        }
        var releases: [PrefixVerification] = []
        for release in chosen {
            let prefix = root.prefix(of: release.name)
            let told: @Sendable (PrefixVerification.Progress) -> Void = { progress(release.name, $0) }
            do {
                if let bundle, release.record?.bundle == bundle.digest {
                    releases.append(
                        try PrefixVerification.run(
                            prefix, against: bundle, root: root.path, jobs: jobs, progress: told))
                } else {
                    releases.append(try PrefixVerification.run(prefix, jobs: jobs, progress: told))
                }
            } catch let error as InstallError where error.kind == .damaged {
                check.note("releases/\(release.name)", error.description)
            } catch let error as FileError {
                check.note("releases/\(release.name)", error.description)
            }
        }
        if version == nil { try check.run(all) }
        return RootVerification(
            root: root.path, current: (try? root.current()) ?? nil, changed: check.changed, releases: releases
        )
    }
}

/// What lies in a root besides its releases.
private struct RootCheck {
    let root: ReleaseRoot
    private(set) var changed: [RootVerification.Change] = []

    init(root: ReleaseRoot) { self.root = root }

    mutating func note(_ path: String, _ what: String) { changed.append(.init(path: path, what: what)) }

    mutating func run(_ releases: [InstalledRoot.Release]) throws {
        do {
            if let current = try root.current(), !releases.contains(where: { $0.name == current }) {
                note(ReleaseRoot.currentPath, "leads to \(current), which is not there")
            }
        } catch {
            note(ReleaseRoot.currentPath, "\(error)")
        }
        if try root.directory.status(of: RelativePath(ActivationJournal.path)) != nil {
            note(
                ActivationJournal.path,
                "a switch of the current release is under way, or was cut off; any command that changes the root ends it"
            )
        }
        try checkInstaller()
        try checkMemory()
        for path in ["", ReleaseRoot.releasesPath, ReleaseRoot.ownPath] {
            let directory = path.isEmpty ? root.directory : try root.directory.directory(RelativePath(path))
            let permissions = try directory.status().permissions
            if permissions & 0o002 != 0 {
                note(
                    path.isEmpty ? "." : path,
                    "permissions \(InstalledFileList.octal(permissions)): everybody may write into it")
            }
        }
    }

    private mutating func checkInstaller() throws {
        guard let kept = try KeptInstaller.read(root.directory) else {
            // Bundles for another platform bring none that runs here.
            guard try root.directory.status(of: RelativePath(KeptInstaller.path)) != nil else { return }
            return note(KeptInstaller.path, "nothing tells which installer it should be")
        }
        if try !kept.isIntact(in: root.directory) {
            note(
                KeptInstaller.path,
                "it is not the installer that was kept (\(kept.version), SHA-256 \(kept.sha256)); installing any bundle of this version or a later one puts it right"
            )
        }
    }

    private mutating func checkMemory() throws {
        do {
            guard let state = try root.state() else {
                return note(RootState.path, "missing: the highest serial and whom to trust are forgotten")
            }
            if state.trust != nil { _ = try RememberedTrust.ofRoot(root.path) }
        } catch {
            note(RootState.path, "\(error)")
        }
    }
}
