import Files
import Glibc

/// What other users of the host may have put where an installation is at work, or may put there while it is.
///
/// An installation renames what lies beside its prefix into place, reads records there and believes them, and runs the
/// environment's interpreter. Where everybody may write (`/tmp`, `/srv/shared`) another user can be there first.
enum Strangers {
    /// - Throws: `InstallError` of kind `targetInTheWay` where one of the names is there and belongs to another user.
    static func refuse(_ names: [RelativePath], in directory: Directory) throws {
        for name in names {
            guard let status = try directory.status(of: name), directory.isStranger(status.owner) else {
                continue
            }
            throw refusal("\(directory.path)/\(name)", status.owner)
        }
    }

    static func refusal(_ path: String, _ owner: UInt32) -> InstallError {
        InstallError(
            .targetInTheWay,
            "'\(path.printable)' belongs to another user (uid \(owner)), who can make of it what they like; run this as that user, remove it, or choose another place"
        )
    }

    /// Root installs nothing that every user of the host can replace afterwards, or while it is at work.
    /// - Parameters:
    ///   - directory: that holds what is installed.
    ///   - subject: what is to be installed there.
    /// - Throws: `InstallError` of kind `targetInTheWay`.
    static func refuseShared(_ directory: Directory, for subject: String) throws {
        guard geteuid() == 0, let place = try directory.sharedAncestor() else { return }
        throw InstallError(
            .targetInTheWay,
            "every user of this host may rename and replace what is in '\(place.printable)', so '\(subject.printable)' would not stay what is installed there; choose a place that only you may write to, or take that permission away (chmod o-w; chmod +t for a directory of root's like /tmp)"
        )
    }
}

extension ReleaseRoot {
    /// Refuses a root that another user can change. Whoever is not root and uses another's root trusts its owner.
    func refuseStrangers() throws {
        try Strangers.refuseShared(directory, for: path)
        let owner = try directory.status().owner
        func judge(_ names: [String], in directory: Directory) throws {
            for name in names {
                guard let status = try directory.status(of: RelativePath(name)) else { continue }
                if status.owner == owner, geteuid() != 0 { continue }
                try Strangers.refuse([RelativePath(name)], in: directory)
            }
        }
        if geteuid() == 0, directory.isStranger(owner) { throw Strangers.refusal(path, owner) }
        try judge([Self.ownPath, Self.releasesPath, Self.currentPath], in: directory)
        guard let own = try? directory.directory(RelativePath(Self.ownPath)) else { return }
        try judge(own.names(), in: own)
    }
}
