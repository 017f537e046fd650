import Bundle
import Files

/// `--destdir`: an environment for a prefix that is somewhere else, as makers of packages and images write it.
///
/// Files lie below the destination, and everything written into them names the prefix alone. No link script and no hook
/// runs: these belong to the host that gets the files. The record keeps neither who built nor where, so that two
/// builds of one bundle with one clock are the same bytes.
extension InstallRequest {
    /// Where the prefix is written.
    var place: String { (destination ?? "") + prefix }

    var effectiveLinkScripts: LinkScriptChoice { destination == nil ? linkScripts : .none }

    /// Whether a program that the environment brings, or stands on, runs while it is installed.
    func runsInterpreter(_ manifest: Manifest) -> Bool {
        destination == nil || test || compiles(manifest) || manifest.python.source == .host
    }

    /// The destination in its one spelling; nil for the root directory itself.
    static func spelledDestination(_ path: String) throws -> String? {
        let components = path.utf8.split(separator: 0x2f).map { Substring($0) }
        guard path.utf8.first == 0x2f, !components.contains("."), !components.contains(".."),
            !path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f })
        else {
            throw InstallError(
                .usage,
                "the directory '\(path)' of --destdir is refused: it must be absolute, without '.', '..' and control characters"
            )
        }
        return components.isEmpty ? nil : "/" + components.joined(separator: "/")
    }
}

extension InstallPlan {
    /// With a destination, what has no time of its own gets the request's: everything that was written by this run and
    /// bears its time. Sources that byte code was made of have theirs already, which the byte code names.
    /// - Parameter began: seconds since 1970 by the file system's clock, when staging began.
    func setReproducibleTimes(_ staging: Directory, since began: Int64) throws {
        guard request.destination != nil, let moment = UTCTime.seconds(request.now),
            let last = try staging.status(of: RelativePath(InstallRecord.path))?.modificationTime
        else { return }
        var fresh: [RelativePath] = []
        try staging.walk { path, status in
            if status.modificationTime >= began, status.modificationTime <= last { fresh.append(path) }
        }
        for path in fresh { try staging.setModificationTime(moment, of: path) }
        try staging.setModificationTime(moment)
    }

    /// Link scripts that are for the host that gets the files, in a sentence.
    var scriptsForTheTarget: [String] {
        guard request.destination != nil, let names = bundle.manifest.install.linkScripts, !names.isEmpty
        else { return [] }
        return [
            "the link scripts of \(names.joined(separator: ", ")) were not run, since they are for the host that gets these files"
        ]
    }
}
