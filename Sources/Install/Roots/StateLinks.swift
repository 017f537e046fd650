import Bundle
import Digests
import Files

/// Paths of a root's state: one for all releases, below `R/state`. In each release they are symbolic links that lead
/// there; what the bundle brings for them is kept as it was in `RELEASE/.airlift/state`, and put into `R/state` when
/// the release is activated and nothing is there yet.
///
/// A path that the bundle brings nothing for is made a directory, unless its last name has a dot in it as names of
/// files have: then it is left to whoever writes it first.
struct StateLinks {
    /// In a release.
    static let pristinePath = ".airlift/state"

    /// None of them below another.
    let paths: [RelativePath]

    init(_ paths: [String]) throws {
        let all = try StatePaths(paths)
        self.paths = all.paths.filter { path in
            !all.paths.contains { $0 != path && path.string.utf8.starts(with: "\($0)/".utf8) }
        }
    }

    /// Where the link of a path leads, from the directory in `R/releases/V` that it lies in.
    static func target(of path: RelativePath) -> String {
        let depth = path.components.count + 1
        return String(repeating: "../", count: depth) + "\(ReleaseRoot.statePath)/\(path)"
    }

    /// Whether a path is where a package of the plan's bundle brings state.
    static func isAt(_ path: RelativePath, of plan: InstallPlan) -> Bool {
        (try? StatePaths(plan.bundle.manifest.install.state))?.contains(path) ?? false
    }

    /// Moves what a staged release has at these paths aside, and puts links in their place.
    /// - Returns: the list of its files as it is then.
    func link(_ staging: Directory, _ files: [InstalledFile]) throws -> [InstalledFile] {
        guard !paths.isEmpty else { return files }
        let tree = TreeWriter(staging)
        let pristine = try RelativePath(Self.pristinePath)
        for path in paths {
            let kept = pristine.appending(path)
            if try staging.status(of: path) != nil {
                if let holder = kept.parent { _ = try staging.createDirectories(holder) }
                try staging.rename(path, to: kept)
            }
            try tree.createSymbolicLink(path, to: Self.target(of: path))
        }
        return try listed(files)
    }

    /// The list of a release's files, from that of a prefix of its own.
    func listed(_ files: [InstalledFile]) throws -> [InstalledFile] {
        guard !paths.isEmpty else { return files }
        let pristine = try RelativePath(Self.pristinePath)
        let all = try StatePaths(paths.map(\.string))
        var result = files.map { file in
            guard all.contains(file.path) else { return file }
            return file.with(path: pristine.appending(file.path))
        }
        for path in paths {
            result.append(
                InstalledFile(path: path, content: .link(target: Self.target(of: path)), permissions: 0o777))
        }
        return result
    }

    /// - Returns: the paths that were not there and are now.
    func seed(_ root: ReleaseRoot, from release: Directory, synchronizing: Bool) throws -> [String] {
        guard !paths.isEmpty else { return [] }
        let state = try root.directory.openOrCreate(ReleaseRoot.statePath)
        let pristine = try RelativePath(Self.pristinePath)
        let temporary = try RelativePath(".airlift-seed")
        try state.removeTree(temporary)
        var seeded: [String] = []
        for path in paths where try state.status(of: path) == nil {
            if let holder = path.parent { _ = try state.createDirectories(holder) }
            let kept = pristine.appending(path)
            if let status = try release.status(of: kept) {
                let staged = try state.createDirectories(temporary)
                try StatePaths.copy(path, status, from: release.directory(pristine), TreeWriter(staged))
                if synchronizing { try staged.synchronizeFileSystem() }
                try state.rename(temporary.appending(path), to: path)
                try state.removeTree(temporary)
            } else if !path.last.utf8.contains(UInt8(ascii: ".")) {
                _ = try state.createDirectories(path)
            } else {
                continue
            }
            seeded.append(path.string)
        }
        if synchronizing, !seeded.isEmpty { try state.synchronizeFileSystem() }
        return seeded
    }
}
